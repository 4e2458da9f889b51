#pragma once
/// Actor-critic: REINFORCE whose weight is an advantage, A_t = what came minus what the critic expected.

#include <cstdint>

#include "rl/algorithm.hpp"
#include "rl/advantages.hpp"

namespace rl {

struct ActorCriticOptions {
  std::size_t critic_steps = 20;  // of regression per update, each on the whole batch
  Scalar entropy_coefficient = 0, max_norm = Scalar(0.5);
};

/// One update: collect, let the critic weigh, inject, ascend; then the critic learns what really came.
///
///   weight of step t = A_t / steps, by generalized advantage estimation, standardized over the batch
template <envs::VectorEnvironment Env, PolicyHead Head>
class ActorCritic : public Algorithm {
 public:
  ActorCritic(Policy<Head> policy, Critic& critic, const Lanes<Env, Head>& lanes, AdvantageOptions advantage,
              ActorCriticOptions options)
      : policy_(policy), critic_(critic), options_(options), experience_(lanes, advantage) {}

  // #region update
  UpdateReport update(std::uint64_t seed, std::uint64_t number) override {
    experience_.collect(policy_.network, policy_.head, critic_, seed, number);
    const auto& batch = experience_.batch();
    const Scalar share = 1 / static_cast<Scalar>(batch.steps());
    weights_.assign(experience_.advantages().begin(), experience_.advantages().end());
    nn::scale(share, weights_);

    policy_.zero_gradients();
    const double entropy = experience_.rollout().accumulate_policy_gradient(
        policy_.network, policy_.head, weights_, policy_.network.gradients(), options_.entropy_coefficient * share);
    const double gradient_norm = policy_.ascend(options_.max_norm);
    for (std::size_t i = 0; i < options_.critic_steps; ++i) critic_.fit(batch.states, experience_.targets());
    return {
        batch.steps(), batch.episodes.size(), experience_.mean_return(), entropy / static_cast<double>(batch.steps()),
        gradient_norm, played(batch)};
  }
  // #endregion update

 private:
  Policy<Head> policy_;
  Critic& critic_;
  ActorCriticOptions options_;
  Experience<Env, Head> experience_;
  nn::Vector weights_;
};

}  // namespace rl
