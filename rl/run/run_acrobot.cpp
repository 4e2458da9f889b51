/// Acrobot-v1 by PPO: make run-acrobot.
///
/// Every step costs 1 until the tip is one link above the pivot.

#include <memory>

#include "rl/categorical.hpp"
#include "rl/run/program.hpp"

namespace {

void defaults(rl::Options& options) {
  options.total_timesteps = 500'000;
  options.hidden = {64};
  options.episodes_per_update = options.algorithm == "ppo" ? 2 : 4;
  options.baseline = "value";
  options.gamma = 0.99;
  options.learning_rate = 0.01;
}

}  // namespace

int main(int argc, char** argv) {
  const rl::Experiment experiment{.environment = "Acrobot-v1",
                                  .distribution = std::make_shared<rl::Categorical>(3),
                                  .observation_scale = {1, 1, 1, 1, rl::Scalar(0.25), rl::Scalar(0.125)},
                                  .output_gain = rl::Scalar(0.01),
                                  .reward_scale = rl::Scalar(0.0625)};
  return rl::run_program(
      argc, argv,
      {"run_acrobot", "Trains a policy on Acrobot-v1 until its mean return reaches -100, and evaluates it."}, "ppo",
      defaults, experiment);
}
