// 33  Adam                                                                               write it
//
// The n-th update, n = 1, 2, ..., uphill: m is the running mean of g, v that of g^2. Both start
// at 0, so they are divided by 1 - beta^n before they are used; what is kept is not.
//
// Read: docs/09-cartpole.md, section 3, Eq. (9.4); nn/optimizer.hpp.

#include "tests/exercises/exercise.hpp"

void adam_step(Vector& theta, Vector& m, Vector& v, const Vector& g, int n, double alpha, double beta1, double beta2) {
  const double epsilon = 1e-8;
  for (std::size_t i = 0; i < theta.size(); ++i) {
    m[i] = beta1 * m[i] + (1 - beta1) * g[i];
    v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
    const double m_hat = m[i] / (1 - std::pow(beta1, n));
    const double v_hat = v[i] / (1 - std::pow(beta2, n));
    theta[i] += alpha * m_hat / (std::sqrt(v_hat) + epsilon);
  }
}
