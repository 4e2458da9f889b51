// 42  A continuous action                                                                write it
//
// The action a was drawn from a normal distribution with mean mu and spread sigma. Return the
// derivative of its log density along mu.
//
// Read: docs/one-theorem.md, section 3, Eq. (11.7).

#include "tests/exercises/exercise.hpp"

double gaussian_score(double a, double mu, double sigma) {
  return (a - mu) / (sigma * sigma);
}
