#pragma once
/// A Sampler: all episodes of an update in one rollout, for a critic and for minibatches.

#include "rl/algorithm.hpp"
#include "rl/sampling/ranks.hpp"
#include "rl/sampling/rollout.hpp"

namespace rl {

class EpisodeSampler final : public Sampler {
 public:
  /// Plays `episodes` with `policy` in environments like the player's, `group` of them in a row with the same start.
  /// The ranks share the episodes; the gradient of all is computed by each. Read next: parallel_gradient.hpp.
  EpisodeSampler(Policy& policy, const Player& player, std::size_t episodes, std::size_t group = 1,
                 Ranks& ranks = Ranks::alone());

  const Batch& play(std::uint64_t seed, std::uint64_t number) override;
  double inject(ConstVectorView weights, Scalar entropy_weight) override;

 private:
  Policy& policy_;
  Player player_;
  std::size_t episodes_, group_;
  Ranks& ranks_;
  Rollout rollout_;
  Batch all_;  // of many ranks
};

}  // namespace rl
