/// MountainCarContinuous-v0 by PPO: make run-mountain-car-continuous.
///
/// The flag pays 100, force costs: whoever does not find the flag by chance learns to do nothing.

#include "rl/run/program.hpp"

int main(int argc, char** argv) {
  return rl::run_program(
      argc, argv,
      {"run_mountain_car_continuous",
       "Trains a policy on MountainCarContinuous-v0 until its mean return reaches 90, and evaluates it."},
      "MountainCarContinuous-v0");
}
