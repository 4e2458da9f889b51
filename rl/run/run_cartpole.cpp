/// CartPole-v1 by REINFORCE: make run-cartpole.                                 docs/00-the-question.md
///
/// Each update plays 8 whole episodes, weighs every step with its return minus the mean return of the other episodes
/// from that step on, injects (one_hot(action) - probs) * weight at the logits, and takes one step of Adam upwards.

#include "rl/run/program.hpp"

int main(int argc, char** argv) {
  return rl::run_program(argc, argv, {"run_cartpole", "Trains a policy on CartPole-v1 until solved, and evaluates it."},
                         "CartPole-v1");
}
