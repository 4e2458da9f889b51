// 27  The factor that is left out                                                        write it
//
// The goal is the sum of gamma^t rewards[t], counted from the first step. Then the exact
// coefficient of step t is the return of step t, times what the discount has come to by then.
//
// Read: docs/06-the-whole-truth.md, section 3, Eq. (6.6).

#include "tests/exercises/exercise.hpp"

Vector exact_weights(const Vector& returns, double gamma) {
  Vector weights(returns.size());
  double discount = 1;
  for (std::size_t t = 0; t < returns.size(); ++t) {
    weights[t] = discount * returns[t];
    discount *= gamma;
  }
  return weights;
}
