// 28  A sum in C++                                                                     predict it
//
//   const std::vector<double> rewards = {0.5, 0.5, 0.5};
//   const double sum = std::accumulate(rewards.begin(), rewards.end(), 0);
// What is the sum?
//
// Read: docs/07-returns-and-noise.md, section 5.

#include "tests/exercises/exercise.hpp"

double integer_sum() {
  return blank();
}
