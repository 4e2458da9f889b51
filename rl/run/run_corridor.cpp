/// A corridor of six cells by REINFORCE: make run-corridor.
///
/// Every step costs 1; the shortest way takes 5.

#include <memory>

#include "rl/categorical.hpp"
#include "rl/run/program.hpp"

namespace {

void defaults(rl::Options& options) {
  options.total_timesteps = 100'000;
  options.hidden = {};
  options.episodes_per_update = options.algorithm == "reinforce" ? 8 : 2;  // a critic needs no others to compare with
  options.learning_rate = 0.1;
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
