#pragma once
/// What an update learns from: whole episodes, one after another. Column t of `states` is the state of step t.

#include <cstddef>
#include <span>
#include <vector>

#include "nn/arithmetic/matrix.hpp"
#include "nn/states.hpp"

namespace rl {

/// The steps first .. first + length - 1 of a batch.
struct Episode {
  std::size_t first = 0, length = 0;
  bool terminated = false, truncated = false;

  /// Its part of one number per step: numbers[first : first + length].
  auto of(auto&& numbers) const { return std::span(numbers).subspan(first, length); }
};

struct Batch {
  nn::States states;        // features x steps
  nn::States final_states;  // features x episodes: where the last step of each led to
  nn::Matrix actions;       // numbers in an action x steps
  nn::Vector rewards;
  std::vector<Episode> episodes;
  std::size_t steps() const { return rewards.size(); }
};

}  // namespace rl
