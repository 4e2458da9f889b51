// 42  A continuous action                                                                write it
//
// The action a was drawn from a normal distribution with mean mu and spread sigma. Return the
// slope of its log density along mu.
//
// Read: docs/00-the-question.md, section 7, Eq. (0.17).

#include "tests/exercises/exercise.hpp"

double gaussian_score(double a, double mu, double sigma) {
  return blank();  // your code
}
