// 11  Backward: the inputs                                                               write it
//
// The same layer. Return dX, the gradient of J along X: it is what the layer below starts from.
// An input acts through every output.
//
// Read: docs/02-backward.md, section 2, Eq. (2.4).

#include "tests/exercises/exercise.hpp"

Matrix dense_backward_input(const Matrix& W, const Matrix& dY) {
  Matrix dX(W.cols(), dY.cols());
  blank();  // your code
  return dX;
}
