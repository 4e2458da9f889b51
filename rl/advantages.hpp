#pragma once
/// Episodes with what a critic thinks of them: the batch that actor-critic and PPO learn from.

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include "rl/algorithm.hpp"
#include "rl/critic.hpp"
#include "rl/returns.hpp"
#include "rl/sampling/rollout.hpp"

namespace rl {

struct AdvantageOptions {
  Scalar gamma = Scalar(0.99), gae_lambda = Scalar(0.95);
  Scalar reward_scale = 1;  // of what the critic sees, so that values are about 1 in size
  std::size_t episodes_per_update = 8;
  bool total_return = false;  // the weight of every step is G_0 - V(s_t), and not G_t - V(s_t); needs gae_lambda = 1
};

template <envs::VectorEnvironment Env, PolicyHead Head>
class Experience {
 public:
  using Action = typename Head::Action;
  Experience(const Lanes<Env, Head>& lanes, AdvantageOptions options)
      : lanes_(lanes.at_most(options.episodes_per_update)), options_(options) {}

  /// Plays the episodes of an update and fills in values, advantages and targets. At a termination nothing follows; at
  /// a truncation the critic says what would have.
  void collect(const nn::Network& policy, Head& head, Critic& critic, std::uint64_t seed, std::uint64_t update) {
    const std::size_t episodes = options_.episodes_per_update;
    const auto& batch = rollout_.collect(lanes_, policy, head, 0, episodes, seed, update);
    rewards_.assign(batch.rewards.begin(), batch.rewards.end());
    nn::scale(options_.reward_scale, rewards_);
    for (nn::Vector* numbers : {&values_, &next_values_, &advantages_, &targets_}) numbers->resize(batch.steps());
    terminated_.assign(batch.steps(), 0);
    truncated_.assign(batch.steps(), 0);
    final_values_.resize(episodes);
    critic.values(batch.states, values_);
    critic.values(batch.final_states, final_values_);
    std::copy(values_.begin() + 1, values_.end(), next_values_.begin());
    for (std::size_t n = 0; n < episodes; ++n) {
      const Episode& episode = batch.episodes[n];
      const std::size_t last = episode.first + episode.length - 1;
      next_values_[last] = final_values_[n];
      terminated_[last] = episode.terminated;
      truncated_[last] = episode.truncated;
    }
    gae({rewards_, next_values_, terminated_, truncated_}, values_, options_.gamma, options_.gae_lambda, advantages_);
    std::ranges::copy(advantages_, targets_.begin());
    nn::axpy(1, values_, targets_);
    if (options_.total_return)
      for (const Episode& e : batch.episodes)
        for (std::size_t t = e.first; t < e.first + e.length; ++t) advantages_[t] = targets_[e.first] - values_[t];
    standardize(advantages_);
  }

  const Batch<Action>& batch() const { return rollout_.batch(); }
  Rollout<Env, Head>& rollout() { return rollout_; }
  nn::ConstVectorView targets() const { return targets_; }  // of the critic: A_t + V(s_t)
  /// Standardized over the batch: the step does not depend on the scale of the rewards.
  nn::ConstVectorView advantages() const { return advantages_; }

  /// Undiscounted, over the episodes of the batch.
  double mean_return() const {
    double total = 0;
    for (const Scalar reward : batch().rewards) total += static_cast<double>(reward);
    return total / static_cast<double>(batch().episodes.size());
  }

 private:
  Lanes<Env, Head> lanes_;
  AdvantageOptions options_;
  Rollout<Env, Head> rollout_;
  nn::Vector rewards_, values_, next_values_, final_values_, advantages_, targets_;
  std::vector<int> terminated_, truncated_;
};

/// The steps of a batch in another order, cut into minibatches.
template <class Action>
class Minibatches {
 public:
  /// Draws a new order for the steps of a batch, with the log probabilities of the policy that played.
  void shuffle(const Batch<Action>& batch, nn::ConstVectorView batch_advantages, nn::ConstVectorView batch_targets,
               nn::ConstVectorView batch_log_probs, nn::Random& rng) {
    const std::size_t steps = batch.steps();
    order_.resize(steps);
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    for (std::size_t i = steps; i > 1; --i)  // Fisher and Yates
      std::swap(order_[i - 1], order_[static_cast<std::size_t>(rng.uniform() * static_cast<double>(i))]);
    states.resize(batch.states.rows(), steps);
    for (std::size_t row = 0; row < states.rows(); ++row) take(batch.states.row(row), states.row(row));
    copy_in_order(batch.actions, actions, order_);
    for (nn::Vector* numbers : {&advantages, &targets, &log_probs}) numbers->resize(steps);
    take(batch_advantages, advantages);
    take(batch_targets, targets);
    take(batch_log_probs, log_probs);
  }

  nn::Matrix states;
  Actions<Action> actions;
  nn::Vector advantages, targets, log_probs;

 private:
  void take(nn::ConstVectorView from, nn::VectorView to) const {
    for (std::size_t t = 0; t < to.size(); ++t) to[t] = from[order_[t]];
  }
  std::vector<std::size_t> order_;
};

}  // namespace rl
