// 08  The slope of relu                                                                  write it
//
// The same for y = max(0, x). At x = 0 take the slope to be 0.
//
// Read: docs/00-the-question.md, section 5, Eq. (0.13).

#include "tests/exercises/exercise.hpp"

double relu_backward(double y, double dy) {
  return y > 0 ? dy : 0;
}
