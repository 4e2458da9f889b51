#pragma once
/// A corridor of 6 cells: start at the left end, the goal is the right end. The shortest way takes 5 steps.

#include <array>
#include <cstddef>

#include "envs/discrete.hpp"
#include "envs/environment.hpp"

namespace envs {

///   action       0 goes left (at the left end: stays), 1 goes right
///   observation  the cell, one-hot
///   reward       -1 for every step, so the best return is -5
///   terminated   at the right end
class Corridor {
 public:
  static constexpr const char* name = "Corridor";
  static constexpr int action_count = 2;
  static constexpr std::size_t observation_size = 6, max_episode_steps = 100;
  static constexpr double optimal_return = -5, reward_threshold = -5.5;
  using Action = int;
  using Observation = std::array<Scalar, observation_size>;

  template <UniformSource Source>
  Observation reset(Source&) {
    cell_ = 0;
    return one_hot<observation_size>(cell_);
  }
  /// Throws std::invalid_argument for an action other than 0 and 1, std::logic_error before a reset or after the end.
  Step<Observation> step(Action action) {
    check_step(name, action, action_count, cell_ != goal);
    if (action == 1)
      ++cell_;
    else if (cell_ > 0)
      --cell_;
    return {one_hot<observation_size>(cell_), -1, cell_ == goal, false};
  }

 private:
  static constexpr std::size_t goal = observation_size - 1;
  std::size_t cell_ = goal;
};

}  // namespace envs
