/// Pendulum-v1 by PPO: make run-pendulum.
///
/// The network gives the mean torque; its spread is learned. A critic says what an episode that ran out of time could
/// still have earned.

#include "rl/run/program.hpp"

int main(int argc, char** argv) {
  return rl::run_program(
      argc, argv,
      {"run_pendulum", "Trains a policy on Pendulum-v1 until its mean return reaches -200, and evaluates it."},
      "Pendulum-v1");
}
