#pragma once
/// Actor-critic: REINFORCE whose weight is an advantage, A_t = what came minus what the critic expected.

#include <cstdint>
#include <memory>

#include "rl/advantages.hpp"
#include "rl/algorithm.hpp"

namespace rl {

struct ActorCriticOptions {
  std::size_t critic_steps = 20;  // of regression per update, each on the whole batch
  Scalar entropy_coefficient = 0, max_norm = Scalar(0.5);
};

/// One update: play, let the critic weigh, inject, ascend; then the critic learns what really came.
///
///   coefficient of step t = A_t / episodes, by generalized advantage estimation, Eq. (10.7)
/// Divided by the episodes, not by the steps: how many steps there are depends on the actions.
/// Read next: ppo.hpp.
class ActorCritic : public Algorithm {
 public:
  ActorCritic(Policy& policy, PolicyOptimizer& optimizer, Critic& critic, std::unique_ptr<Sampler> sampler,
              AdvantageOptions advantage, ActorCriticOptions options);
  UpdateReport update(std::uint64_t seed, std::uint64_t number) override;
  void coefficients(const Batch& batch, VectorView result) override;

 private:
  Policy& policy_;
  PolicyOptimizer& optimizer_;
  Critic& critic_;
  std::unique_ptr<Sampler> sampler_;
  Advantages advantages_;
  ActorCriticOptions options_;
  nn::Vector weights_;
};

}  // namespace rl
