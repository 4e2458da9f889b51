#pragma once
/// The environments that the programs learn, each with its policy and the settings that work: one place for all of
/// them.

#include <span>
#include <string_view>

#include "rl/training/experiment.hpp"
#include "rl/training/settings.hpp"

namespace rl {

struct StandardExperiment {
  Experiment experiment;
  std::string_view algorithm;                    // unless another is asked for
  void (*defaults)(TrainingSettings& settings);  // of its environment, once the algorithm is chosen
  void (*choose)(Experiment& experiment, const TrainingSettings& settings) = nullptr;  // what the settings say of it

  Experiment with(const TrainingSettings& settings) const;  // the experiment, chosen
};

/// Of CartPole-v1, Pendulum-v1, Acrobot-v1, MountainCar-v0, MountainCarContinuous-v0, Corridor, Bandit, Words, Pong.
/// Throws std::invalid_argument for another name. Read next: learner.hpp.
StandardExperiment standard_experiment(std::string_view environment);
std::span<const std::string_view> standard_environments();

}  // namespace rl
