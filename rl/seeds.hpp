#pragma once
/// Random numbers without luck: each use, and each episode, draws from a stream of its own.

#include <cstddef>
#include <cstdint>

#include "nn/random.hpp"

namespace rl {

/// What a stream of random numbers is for: no two uses share one.
enum class SeedPurpose : std::uint64_t {
  weights = 1,
  training = 2,
  evaluation = 3,
  critic = 4,
  minibatches = 5,
  starts = 6,
  pretraining = 7
};

/// Names the streams of some episodes: round is the number of the update, or of the evaluation. So what happens in an
/// episode depends on the policy and the episode's number, never on what is played beside it.
struct EpisodeSeeds {
  std::uint64_t seed;
  SeedPurpose purpose;
  std::uint64_t round;
  std::size_t group = 1;  // so many episodes in a row have the same start, and what follows is each one's own
  nn::Random of(std::uint64_t episode) const {
    return nn::Random({seed, static_cast<std::uint64_t>(purpose), round, episode});
  }
  nn::Random start_of(std::uint64_t episode) const {
    return nn::Random({seed, static_cast<std::uint64_t>(SeedPurpose::starts), round, episode / group});
  }
};

}  // namespace rl
