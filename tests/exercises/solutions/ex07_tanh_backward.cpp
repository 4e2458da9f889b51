// 07  The derivative of tanh                                                             write it
//
// A hidden unit gave y = tanh(x). From above comes dy, the derivative of J along y. Return the
// derivative of J along x. Nobody kept x: y is enough.
//
// Read: docs/02-backward.md, section 3, Eq. (2.6).

#include "tests/exercises/exercise.hpp"

double tanh_backward(double y, double dy) {
  return dy * (1 - y * y);
}
