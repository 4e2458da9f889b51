/// CartPole-v1 by REINFORCE: make run-cartpole.                                 docs/00-the-question.md
///
/// Each update plays 8 whole episodes, weighs every step with its return minus the mean return of the other episodes
/// from that step on, injects (one_hot(action) - probs) * weight at the logits, and takes one step of Adam upwards.

#include <memory>

#include "rl/categorical.hpp"
#include "rl/run/program.hpp"

namespace {

void defaults(rl::Options& options) {
  options.total_timesteps = 500'000;
  options.hidden = {32};
  if (options.algorithm == "reinforce") {
    options.learning_rate = 0.04;
    options.episodes_per_update = 8;
  } else {  // one episode is enough when a critic says what each step was worth
    options.learning_rate = options.algorithm == "ppo" ? 0.003 : 0.02;
    options.critic_learning_rate = options.algorithm == "ppo" ? 0.02 : 0.01;
    options.critic_steps = 40;
    options.gamma = 0.99;
    options.gae_lambda = 0.98;
    options.episodes_per_update = 1;
  }
}

}  // namespace

int main(int argc, char** argv) {
  // An observation of a good episode is about 0.5 m, 0.5 m/s, 0.05 rad, 0.3 rad/s. Adam forgets quickly, because the
  // gradient of a few episodes soon belongs to another policy.
  const rl::Experiment experiment{.environment = "CartPole-v1",
                                  .distribution = std::make_shared<rl::Categorical>(2),
                                  .observation_scale = {2, 2, 16, 4},
                                  .output_gain = rl::Scalar(0.01),
                                  .beta1 = rl::Scalar(0.5),
                                  .beta2 = rl::Scalar(0.9),
                                  .reward_scale = rl::Scalar(0.0625)};
  return rl::run_program(argc, argv, {"run_cartpole", "Trains a policy on CartPole-v1 until solved, and evaluates it."},
                         "reinforce", defaults, experiment);
}
