// 43  How far to wander                                                                  write it
//
// The same, along log sigma: that is what the network gives, since sigma must stay positive. The
// log density is
//   -(a - mu)^2 / (2 sigma^2) - log sigma - 1/2 log(2 pi).
//
// Read: docs/one-theorem.md, section 4, Eq. (11.8).

#include "tests/exercises/exercise.hpp"

double log_sigma_score(double a, double mu, double sigma) {
  const double distance = (a - mu) / sigma;
  return distance * distance - 1;
}
