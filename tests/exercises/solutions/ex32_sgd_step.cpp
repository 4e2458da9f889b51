// 32  A step uphill, with momentum                                                       write it
//
// m <- mu m + g, then theta <- theta + alpha m, as PyTorch does it (but uphill). m is kept from
// one step to the next.
//
// Read: nn/optimizer.hpp.

#include "tests/exercises/exercise.hpp"

void sgd_step(Vector& theta, Vector& m, const Vector& g, double alpha, double mu) {
  for (std::size_t i = 0; i < theta.size(); ++i) {
    m[i] = mu * m[i] + g[i];
    theta[i] += alpha * m[i];
  }
}
