/// MountainCar-v0 by PPO: make run-mountain-car.
///
/// Every step costs 1 until the flag, which chance never reaches within 200 steps.

#include "rl/run/program.hpp"

int main(int argc, char** argv) {
  return rl::run_program(
      argc, argv,
      {"run_mountain_car", "Trains a policy on MountainCar-v0 until its mean return reaches -110, and evaluates it."},
      "MountainCar-v0");
}
