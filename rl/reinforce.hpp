#pragma once
/// REINFORCE (Williams 1992): play some episodes, then climb sum_t (return - baseline) * log pi(action | state).

#include <cstdint>
#include <span>

#include "nn/network.hpp"
#include "nn/optimizer.hpp"
#include "nn/vector_ops.hpp"
#include "rl/baseline.hpp"
#include "rl/policy_gradient.hpp"
#include "rl/returns.hpp"
#include "rl/rollout.hpp"

namespace rl {

/// What one update did.
struct UpdateReport {
  std::size_t timesteps = 0, episodes = 0;  // played for this update
  double mean_return = 0;                   // undiscounted, over its episodes
  double entropy = 0;                       // of the policy before it, mean over its states, in nats
  double gradient_norm = 0;
};

/// One update of `policy`: collect, weigh, inject, ascend.                                Eq. (0.10)
///
///   weight of step t = (G_t - leave-one-out baseline) / episodes
/// A gradient that is exactly 0 (all episodes did equally well) leaves the policy alone: Adam would still move, on
/// the memory of older gradients. Throws std::invalid_argument when a gradient is not finite.
template <envs::VectorEnvironment Env, PolicyHead Head>
class Reinforce {
 public:
  Reinforce(nn::Network& policy, Head& head, nn::Optimizer& optimizer, Scalar gamma, std::size_t episodes_per_update)
      : policy_(policy), head_(head), optimizer_(optimizer), gamma_(gamma), episodes_(episodes_per_update) {}

  // #region update
  UpdateReport update(Lanes<Env, Head>& lanes, std::uint64_t seed, std::uint64_t number) {
    const auto& batch = rollout_.collect(lanes, policy_, head_, episodes_, seed, number);
    weights_.resize(batch.steps());
    for (const Episode& e : batch.episodes) discounted_returns(part(batch.rewards, e), gamma_, part(weights_, e));
    subtract_leave_one_out(batch.episodes, weights_);
    nn::scale(1 / static_cast<Scalar>(episodes_), weights_);

    policy_.zero_gradients();
    const double entropy =
        accumulate_policy_gradient(policy_, head_, batch.states, batch.actions, weights_, output_gradient_);
    const double gradient_norm = static_cast<double>(nn::norm(policy_.gradients()));
    if (gradient_norm > 0) optimizer_.ascend(policy_.parameters(), policy_.gradients());
    return report(batch, entropy, gradient_norm);
  }
  // #endregion update

 private:
  static auto part(auto& numbers, const Episode& e) { return std::span(numbers).subspan(e.first, e.length); }

  UpdateReport report(const Batch<typename Head::Action>& batch, double entropy, double gradient_norm) const {
    UpdateReport report{batch.steps(), episodes_, 0, entropy, gradient_norm};
    for (const Scalar reward : batch.rewards) report.mean_return += static_cast<double>(reward);
    report.mean_return /= static_cast<double>(episodes_);
    return report;
  }

  nn::Network& policy_;
  Head& head_;
  nn::Optimizer& optimizer_;
  Scalar gamma_;
  std::size_t episodes_;
  Rollout<Env, Head> rollout_;
  nn::Vector weights_;
  nn::Matrix output_gradient_;
};

}  // namespace rl
