/// A corridor of six cells by REINFORCE: make run-corridor.
///
/// Every step costs 1; the shortest way takes 5.

#include <memory>

#include "rl/categorical.hpp"
#include "rl/run/program.hpp"

namespace {

rl::Options defaults(const std::string& algorithm) {
  rl::Options options;
  options.algorithm = algorithm;
  options.output = "build/runs/corridor";
  options.total_timesteps = 100'000;
  options.hidden = {};
  options.num_envs = 8;
  options.episodes_per_update = algorithm == "reinforce" ? 8 : 2;  // a critic needs no others to compare with
  options.gamma = 1;
  options.learning_rate = 0.1;
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  const rl::Experiment experiment{.environment = "Corridor",
                                  .distribution = std::make_shared<rl::Categorical>(2),
                                  .observation_scale = {1, 1, 1, 1, 1, 1},
                                  .output_gain = rl::Scalar(0)};
  return rl::run_program(
      argc, argv,
      {"run_corridor", "Trains a policy on a corridor of six cells until it walks almost straight, and evaluates it."},
      "reinforce", defaults, experiment);
}
