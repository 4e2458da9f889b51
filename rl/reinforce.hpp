#pragma once
/// REINFORCE (Williams 1992): play some episodes, then climb sum_t (return - baseline) * log pi(action | state).

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "nn/network.hpp"
#include "nn/optimizer.hpp"
#include "nn/vector_ops.hpp"
#include "rl/algorithm.hpp"
#include "rl/baseline.hpp"
#include "rl/policy_gradient.hpp"
#include "rl/returns.hpp"
#include "rl/sampling/rollout.hpp"
#include "rl/sampling/workers.hpp"

namespace rl {

/// What is subtracted from the returns. `value` is a critic's, and makes it actor_critic.hpp.
enum class Baseline { none, running_mean, leave_one_out };

struct ReinforceOptions {
  Scalar gamma = 1;
  std::size_t episodes_per_update = 8, threads = 1;
  Baseline baseline = Baseline::leave_one_out;
  bool total_return = false;  // R for every step, instead of what follows it
  Scalar entropy_coefficient = 0;
};

/// One update of `policy`: collect, weigh, inject, ascend.                                Eq. (0.10)
///
///   weight of step t = (G_t - baseline) / episodes
/// The episodes are played in groups of up to 32, and the others of a baseline are those of the group. A thread takes a
/// whole group; the gradients are added in the order of the groups. So the policy is the same for any number of threads
/// and lanes, bit for bit. A gradient that is exactly 0 (all episodes did equally well) leaves the policy alone: Adam
/// would still move, on the memory of older gradients. Throws std::invalid_argument when a gradient is not finite.
template <envs::VectorEnvironment Env, PolicyHead Head>
class Reinforce : public Algorithm {
 public:
  Reinforce(Policy<Head> policy, const Lanes<Env, Head>& lanes, ReinforceOptions options)
      : policy_(policy),
        options_(options),
        workers_(std::min(options.threads, groups_of(options.episodes_per_update))) {
    const std::size_t episodes = options.episodes_per_update, groups = groups_of(episodes);
    for (std::size_t g = 0; g < groups; ++g) {
      const std::size_t first = g * episodes / groups, end = (g + 1) * episodes / groups;
      groups_.push_back({first, end - first, nn::Vector(policy.network.parameters().size()),
                         nn::Vector(policy.head.parameters().size())});
    }
    using Rollout = rl::Rollout<Env, Head>;
    own_.assign(workers_.size(),
                {lanes.at_most((episodes + groups - 1) / groups), policy.head, Rollout(Rollout::Shows::rewards), {}});
  }

  // #region update
  UpdateReport update(std::uint64_t seed, std::uint64_t number) override {
    workers_.run(groups_.size(), [&](std::size_t worker, std::size_t group) {
      play_and_differentiate(own_[worker], groups_[group], seed, number);
    });
    policy_.zero_gradients();
    for (const Group& group : groups_) {
      nn::axpy(1, group.gradients, policy_.network.gradients());
      nn::axpy(1, group.head_gradients, policy_.head.gradients());
    }
    return report(policy_.ascend());
  }
  // #endregion update

  /// The running mean, which starts with the first update.
  std::vector<double> memory() const override { return {static_cast<double>(running_mean_.value())}; }
  void remember(std::span<const double> memory) override {
    if (memory.size() != 1)
      throw std::invalid_argument(fmt::format("Reinforce::remember: expected 1 number, got {}", memory.size()));
    running_mean_.start_at(static_cast<Scalar>(memory[0]));
  }

  RunningMean& running_mean() { return running_mean_; }

 private:
  static constexpr std::size_t group_size = 32;
  static std::size_t groups_of(std::size_t episodes) { return (episodes + group_size - 1) / group_size; }

  /// Some episodes of the update, and what came of them.
  struct Group {
    std::size_t first, count;
    nn::Vector gradients, head_gradients;
    std::size_t timesteps = 0;
    double returns = 0, entropy = 0;  // summed over the timesteps
    std::vector<Played> played = {};
  };
  /// What one thread needs for itself.
  struct Own {
    Lanes<Env, Head> lanes;
    Head head;
    Rollout<Env, Head> rollout;
    nn::Vector weights;
  };

  // #region group
  void play_and_differentiate(Own& own, Group& group, std::uint64_t seed, std::uint64_t number) {
    std::ranges::copy(policy_.head.parameters(), own.head.parameters().begin());
    const auto& batch =
        own.rollout.collect(own.lanes, policy_.network, own.head, group.first, group.count, seed, number);
    auto& weights = own.weights;
    weights.resize(batch.steps());
    for (const Episode& e : batch.episodes) {
      if (options_.total_return)
        total_returns(part(batch.rewards, e), options_.gamma, part(weights, e));
      else
        discounted_returns(part(batch.rewards, e), options_.gamma, part(weights, e));
    }
    group.returns = static_cast<double>(nn::sum(weights));
    if (options_.baseline == Baseline::leave_one_out) subtract_leave_one_out(batch.episodes, weights);
    if (options_.baseline == Baseline::running_mean)
      for (Scalar& weight : weights) weight -= running_mean_.value();
    const Scalar share = 1 / static_cast<Scalar>(options_.episodes_per_update);
    nn::scale(share, weights);

    nn::fill(group.gradients, 0);
    own.head.zero_gradients();
    group.entropy = own.rollout.accumulate_policy_gradient(policy_.network, own.head, weights, group.gradients,
                                                           options_.entropy_coefficient * share);
    std::ranges::copy(own.head.gradients(), group.head_gradients.begin());
    group.timesteps = batch.steps();
    group.played = played(batch);
  }
  // #endregion group

  static auto part(auto& numbers, const Episode& e) { return std::span(numbers).subspan(e.first, e.length); }

  UpdateReport report(double gradient_norm) {
    UpdateReport report{0, options_.episodes_per_update, 0, 0, gradient_norm};
    double returns = 0;
    for (const Group& group : groups_) {
      report.timesteps += group.timesteps;
      for (const Played& episode : group.played) report.mean_return += episode.episode_return;
      report.entropy += group.entropy;
      returns += group.returns;
      report.played.insert(report.played.end(), group.played.begin(), group.played.end());
    }
    running_mean_.follow(static_cast<Scalar>(returns / static_cast<double>(report.timesteps)));
    report.mean_return /= static_cast<double>(report.episodes);
    report.entropy /= static_cast<double>(report.timesteps);
    return report;
  }

  Policy<Head> policy_;
  ReinforceOptions options_;
  Workers workers_;
  std::vector<Group> groups_;
  std::vector<Own> own_;
  RunningMean running_mean_{Scalar(0.1)};
};

}  // namespace rl
