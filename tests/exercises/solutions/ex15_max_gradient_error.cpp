// 15  A gradient check                                                                   write it
//
// J is a function of the parameters theta, and `gradient` claims to be its gradient at theta.
// Return the largest distance between an entry of it and the central difference. theta is a copy:
// you may move it, one parameter at a time.
//
// Read: docs/03-trust-but-check.md, section 3, Eq. (3.5).

#include "tests/exercises/exercise.hpp"

double max_gradient_error(double (*J)(const Vector&), const Vector& at, const Vector& gradient) {
  const double h = 1e-5;
  Vector theta = at;
  double error = 0;
  for (std::size_t i = 0; i < theta.size(); ++i) {
    theta[i] = at[i] + h;
    const double above = J(theta);
    theta[i] = at[i] - h;
    const double below = J(theta);
    theta[i] = at[i];
    error = std::max(error, std::abs((above - below) / (2 * h) - gradient[i]));
  }
  return error;
}
