/// Acrobot-v1 by PPO: make run-acrobot.
///
/// Every step costs 1 until the tip is one link above the pivot.

#include "rl/run/program.hpp"

int main(int argc, char** argv) {
  return rl::run_program(
      argc, argv,
      {"run_acrobot", "Trains a policy on Acrobot-v1 until its mean return reaches -100, and evaluates it."},
      "Acrobot-v1");
}
