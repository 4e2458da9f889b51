/// A corridor of six cells by REINFORCE: make run-corridor.
///
/// Every step costs 1; the shortest way takes 5.

#include "rl/run/program.hpp"

int main(int argc, char** argv) {
  return rl::run_program(
      argc, argv,
      {"run_corridor", "Trains a policy on a corridor of six cells until it walks almost straight, and evaluates it."},
      "Corridor");
}
