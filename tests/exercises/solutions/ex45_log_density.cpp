// 45  A log above 0                                                                    predict it
//
// sigma = 0.1, and the action is the mean. What is the log of the normal density there? Two
// digits after the point will do; 1/2 log(2 pi) is 0.919.
//
// Read: docs/one-theorem.md, section 1, Eq. (11.1).

#include "tests/exercises/exercise.hpp"

double log_density() {
  // -log 0.1 - 0.919
  return 1.38;
}
