/// MountainCarContinuous-v0 by PPO: make run-mountain-car-continuous.
///
/// The flag pays 100, force costs: whoever does not find the flag by chance learns to do nothing.

#include <memory>

#include "rl/gaussian.hpp"
#include "rl/run/program.hpp"

namespace {

void defaults(rl::Options& options) {
  options.total_timesteps = 1'000'000;
  options.hidden = {64};
  options.episodes_per_update = 4;
  options.baseline = "value";
  options.gamma = 0.999;
  options.gae_lambda = options.algorithm == "ppo" ? 0.99 : 0.95;
  options.learning_rate = options.algorithm == "ppo" ? 0.003 : options.algorithm == "actor-critic" ? 0.01 : 0.005;
}

}  // namespace

int main(int argc, char** argv) {
  // Sigma starts at e^1.5 = 4.5, far beyond the bounds: nearly every force is full left or full right.
  const rl::Experiment experiment{
      .environment = "MountainCarContinuous-v0",
      .distribution = std::make_shared<rl::Gaussian>(1, rl::Spread::learned, rl::Scalar(1.5)),
      .observation_scale = {2, 32},
      .output_gain = rl::Scalar(0.01),
      .reward_scale = rl::Scalar(0.0625)};
  return rl::run_program(
      argc, argv,
      {"run_mountain_car_continuous",
       "Trains a policy on MountainCarContinuous-v0 until its mean return reaches 90, and evaluates it."},
      "ppo", defaults, experiment);
}
