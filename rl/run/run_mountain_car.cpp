/// MountainCar-v0 by PPO: make run-mountain-car.
///
/// Every step costs 1 until the flag, which chance never reaches within 200 steps.

#include <memory>

#include "rl/categorical.hpp"
#include "rl/run/program.hpp"

namespace {

void defaults(rl::Options& options) {
  options.total_timesteps = 2'000'000;
  options.hidden = {32};
  options.num_envs = 16;
  options.episodes_per_update = options.algorithm == "ppo" ? 16 : 8;
  options.baseline = "value";
  options.gamma = 0.99;
  options.learning_rate = 0.01;
}

}  // namespace

int main(int argc, char** argv) {
  const rl::Experiment experiment{.environment = "MountainCar-v0",
                                  .distribution = std::make_shared<rl::Categorical>(3),
                                  .observation_scale = {2, 32},
                                  .output_gain = rl::Scalar(0.01),
                                  .reward_scale = rl::Scalar(0.0625)};
  return rl::run_program(
      argc, argv,
      {"run_mountain_car", "Trains a policy on MountainCar-v0 until its mean return reaches -110, and evaluates it."},
      "ppo", defaults, experiment);
}
