// 33  Adam                                                                               write it
//
// The n-th update, n = 1, 2, ..., uphill: m is the running mean of g, v that of g^2. Both start
// at 0, so they are divided by 1 - beta^n before they are used; what is kept is not.
//
// Read: docs/09-cartpole.md, section 3, Eq. (9.4); nn/optimizer.hpp.

#include "tests/exercises/exercise.hpp"

void adam_step(Vector& theta, Vector& m, Vector& v, const Vector& g, int n, double alpha, double beta1, double beta2) {
  const double epsilon = 1e-8;
  blank();  // your code
}
