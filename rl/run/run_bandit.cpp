/// Three arms by REINFORCE: make run-bandit.
///
/// The smallest environment: one step, no state. The expected gradient of logit k is p_k (r_k - J).

#include "rl/run/program.hpp"

int main(int argc, char** argv) {
  return rl::run_program(
      argc, argv,
      {"run_bandit", "Trains a policy on a bandit with three arms until it earns 0.95 of at most 1, and evaluates it."},
      "Bandit");
}
