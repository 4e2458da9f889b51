// 28  A sum in C++                                                                     predict it
//
//   const std::vector<double> rewards = {0.5, 0.5, 0.5};
//   const double sum = std::accumulate(rewards.begin(), rewards.end(), 0);
// What is the sum?
//
// Read: docs/07-returns-and-noise.md, section 5.

#include "tests/exercises/exercise.hpp"

double integer_sum() {
  // the 0 is an int, so the sum is one: 0 + 0.5 is cut to 0, each time
  return 0;
}
