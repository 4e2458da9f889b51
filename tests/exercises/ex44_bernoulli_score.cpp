// 44  One output, two actions                                                            write it
//
// A network with one output z takes action 1 with probability p = 1 / (1 + e^-z), and action 0
// otherwise. Return the derivative along z of the log probability of the action taken.
//
// Read: docs/one-theorem.md, section 3, Eq. (11.6).

#include "tests/exercises/exercise.hpp"

double bernoulli_score(double z, int action) {
  return blank();  // your code
}
