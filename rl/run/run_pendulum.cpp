/// Pendulum-v1 by PPO: make run-pendulum.
///
/// The network gives the mean torque; its spread is learned. A critic says what an episode that ran out of time could
/// still have earned.

#include <memory>

#include "rl/gaussian.hpp"
#include "rl/run/program.hpp"

namespace {

void defaults(rl::Options& options) {
  options.total_timesteps = 1'000'000;
  options.hidden = {64, 64};
  options.episodes_per_update = 8;
  options.activation = "relu";
  options.baseline = "value";
  options.gamma = 0.95;
  options.learning_rate = options.algorithm == "ppo" ? 0.003 : 0.01;
}

}  // namespace

int main(int argc, char** argv) {
  const rl::Experiment experiment{.environment = "Pendulum-v1",
                                  .distribution = std::make_shared<rl::Gaussian>(1, rl::Spread::learned),
                                  .observation_scale = {1, 1, rl::Scalar(0.25)},
                                  .output_gain = rl::Scalar(0.01),
                                  .reward_scale = rl::Scalar(0.0625)};
  return rl::run_program(
      argc, argv,
      {"run_pendulum", "Trains a policy on Pendulum-v1 until its mean return reaches -200, and evaluates it."}, "ppo",
      defaults, experiment);
}
