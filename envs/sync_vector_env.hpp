#pragma once
/// N copies of any world as lanes: for worlds so small that a loop over rows would gain nothing.

#include <fmt/core.h>

#include <cstddef>
#include <span>
#include <stdexcept>
#include <vector>

#include "envs/environment.hpp"

namespace envs {

/// A VectorEnvironment made of Environments; Env says observation_size and action_count. Lane n is world n, number for
/// number. Read next: rl/sampling/rollout.hpp.
template <Environment Env>
class SideBySide {
 public:
  using Action = typename Env::Action;
  static constexpr const char* name = Env::name;
  static constexpr std::size_t observation_size = Env::observation_size, max_episode_steps = Env::max_episode_steps;
  static constexpr int action_count = Env::action_count;
  static constexpr double reward_threshold = Env::reward_threshold;

  /// Throws std::invalid_argument for no lanes. Every lane waits for its reset.
  explicit SideBySide(std::size_t count, const Env& world = Env())
      : worlds_(count, world),
        observations_(observation_size * count),
        rewards_(count),
        terminated_(count),
        running_(count) {
    if (count == 0) throw std::invalid_argument(fmt::format("SideBySide<{}>: expected at least 1 lane, got 0", name));
  }

  template <UniformSource Source>
  void reset(std::size_t lane, Source& source) {
    if (lane >= size())
      throw std::invalid_argument(
          fmt::format("SideBySide<{}>::reset: expected a lane below {}, got {}", name, size(), lane));
    show(lane, worlds_[lane].reset(source));
    rewards_[lane] = 0;
    terminated_[lane] = 0;
    running_[lane] = 1;
  }

  /// Moves every running lane; the others stand still, with reward 0. Throws std::invalid_argument unless there is one
  /// action per lane, and what Env::step throws: then the lanes before that one have moved.
  void step(std::span<const Action> actions) {
    if (actions.size() != size())
      throw std::invalid_argument(
          fmt::format("SideBySide<{}>::step: expected {} actions, one per lane, got {}", name, size(), actions.size()));
    for (std::size_t n = 0; n < size(); ++n) {
      rewards_[n] = 0;
      if (!running_[n]) continue;
      const auto result = worlds_[n].step(actions[n]);
      show(n, result.observation);
      rewards_[n] = result.reward;
      terminated_[n] = result.terminated;
      running_[n] = !result.terminated && !result.truncated;
    }
  }
  void stop(std::size_t lane) { running_[lane] = 0; }

  std::size_t size() const { return worlds_.size(); }
  std::span<const Scalar> observations() const { return observations_; }
  std::span<const Scalar> rewards() const { return rewards_; }
  std::span<const int> terminated() const { return terminated_; }
  std::span<const int> running() const { return running_; }

 private:
  void show(std::size_t lane, const typename Env::Observation& observation) {
    for (std::size_t row = 0; row < observation_size; ++row) observations_[row * size() + lane] = observation[row];
  }

  std::vector<Env> worlds_;
  std::vector<Scalar> observations_;  // one row per variable
  std::vector<Scalar> rewards_;
  std::vector<int> terminated_, running_;
};

}  // namespace envs
