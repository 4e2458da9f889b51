/// Pong from pixels by REINFORCE: make run-pong.                               docs/17-pong-from-pixels.md
///
/// The network sees what has changed in 80 x 80 pixels. An episode is a point; the policy is judged by games of 21. It
/// is solved when 100 fresh games have a mean score of +10, twice in a row.

#include "rl/run/program.hpp"

int main(int argc, char** argv) {
  return rl::run_program(argc, argv,
                         {.name = "run_pong",
                          .purpose = "Trains a policy on Pong, from its pixels, until solved, and evaluates it.",
                          .save_every = 10},
                         "Pong");
}
