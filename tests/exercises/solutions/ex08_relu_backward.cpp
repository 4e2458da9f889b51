// 08  The derivative of relu                                                             write it
//
// The same for y = max(0, x). At x = 0 take the derivative to be 0.
//
// Read: docs/02-backward.md, section 3, Eq. (2.7).

#include "tests/exercises/exercise.hpp"

double relu_backward(double y, double dy) {
  return y > 0 ? dy : 0;
}
