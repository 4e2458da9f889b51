// 32  A step uphill, with momentum                                                       write it
//
// m <- mu m + g, then theta <- theta + alpha m, as PyTorch does it (but uphill). m is kept from
// one step to the next.
//
// Read: nn/optimizer.hpp.

#include "tests/exercises/exercise.hpp"

void sgd_step(Vector& theta, Vector& m, const Vector& g, double alpha, double mu) {
  blank();  // your code
}
