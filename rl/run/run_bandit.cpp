/// Three arms by REINFORCE: make run-bandit.
///
/// The smallest environment: one step, no state. The expected gradient of logit k is p_k (r_k - J).

#include <memory>

#include "rl/categorical.hpp"
#include "rl/run/program.hpp"

namespace {

void defaults(rl::Options& options) {
  options.total_timesteps = 100'000;
  options.hidden = {};
  options.episodes_per_update = 8;
  options.learning_rate = 0.1;
}

}  // namespace

int main(int argc, char** argv) {
  const rl::Experiment experiment{.environment = "Bandit",
                                  .distribution = std::make_shared<rl::Categorical>(3),
                                  .observation_scale = {1},
                                  .output_gain = rl::Scalar(0)};
  return rl::run_program(
      argc, argv,
      {"run_bandit", "Trains a policy on a bandit with three arms until it earns 0.95 of at most 1, and evaluates it."},
      "reinforce", defaults, experiment);
}
