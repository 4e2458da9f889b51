#include "rl/sampling/parallel_gradient.hpp"

#include <algorithm>

#include "nn/arithmetic/vector_ops.hpp"

namespace rl {
namespace {

std::size_t groups_of(std::size_t episodes, std::size_t group_size) {
  return (episodes + group_size - 1) / group_size;
}

}  // namespace

ParallelGradient::ParallelGradient(Policy& policy, const Player& player, std::size_t episodes, std::size_t threads,
                                   std::size_t group_size, Ranks& ranks)
    : policy_(policy),
      ranks_(ranks),
      threads_(std::min(threads, std::max<std::size_t>(1, ranks.share(groups_of(episodes, group_size)).count))) {
  const std::size_t groups = groups_of(episodes, group_size), largest = (episodes + groups - 1) / groups;
  const bool alone = groups == 1 && ranks.size() == 1;
  for (std::size_t g = 0; g < groups; ++g) {
    const std::size_t first = g * episodes / groups, end = (g + 1) * episodes / groups;
    groups_.push_back({first, end - first});
    if (alone) break;
    groups_.back().gradients.resize(policy.network.parameters().size());
    groups_.back().own_gradients.resize(policy.distribution->parameters().size());
  }
  workers_.reserve(threads_.size());
  for (std::size_t i = 0; i < threads_.size(); ++i)
    workers_.push_back({alone ? nullptr : std::make_unique<Policy>(policy),
                        Player(player, std::min(player.size(), largest)),
                        Rollout(Rollout::Shows::rewards),
                        {}});
}

// #region share
UpdateReport ParallelGradient::play_weigh_inject(std::uint64_t seed, std::uint64_t number, const Weigh& weigh,
                                                 Scalar entropy_weight) {
  const Ranks::Share mine = ranks_.share(groups_.size());
  threads_.run(mine.count, [&](std::size_t worker, std::size_t i) {
    accumulate(workers_[worker], groups_[mine.first + i], seed, number, weigh, entropy_weight);
  });
  ranks_.exchange(groups_.size(), [&](std::size_t group, Parcel& parcel) { groups_[group].pack(parcel); });
  return add_groups();
}
// #endregion share

// #region group
void ParallelGradient::accumulate(Worker& worker, Group& group, std::uint64_t seed, std::uint64_t number,
                                  const Weigh& weigh, Scalar entropy_weight) {
  Policy& policy = worker.copy ? *worker.copy : policy_;
  if (worker.copy) policy.copy_parameters(policy_), policy.zero_gradients();
  const Batch& batch = worker.rollout.collect(worker.player, policy, group.first, group.count, seed, number);
  worker.weights.resize(batch.steps());
  group.returns_to_go = weigh(batch, worker.weights);
  group.entropy = worker.rollout.accumulate_gradient(policy, worker.weights, entropy_weight);
  if (worker.copy) {
    std::ranges::copy(policy.network.gradients(), group.gradients.begin());
    std::ranges::copy(policy.distribution->gradients(), group.own_gradients.begin());
  }
  group.timesteps = batch.steps();
  group.episodes = episode_statistics(batch);
}
// #endregion group

UpdateReport ParallelGradient::add_groups() {
  UpdateReport report;
  for (const Group& group : groups_) {
    if (!group.gradients.empty()) {
      nn::axpy(1, group.gradients, policy_.network.gradients());
      nn::axpy(1, group.own_gradients, policy_.distribution->gradients());
    }
    report.timesteps += group.timesteps;
    report.entropy += group.entropy;
    report.mean_return_to_go += group.returns_to_go;
    report.episodes.insert(report.episodes.end(), group.episodes.begin(), group.episodes.end());
  }
  report.entropy /= static_cast<double>(report.timesteps);
  report.mean_return_to_go /= static_cast<double>(report.timesteps);
  return report;
}

}  // namespace rl
