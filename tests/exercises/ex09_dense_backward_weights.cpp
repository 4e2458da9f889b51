// 09  Backward: the weights                                                              write it
//
// Y = W X + b, and dY is the gradient of J along Y, one column for each state. Return dW, the
// gradient of J along W. One weight acts on J in every state of the batch.
//
// Read: docs/02-backward.md, section 2, Eq. (2.2).

#include "tests/exercises/exercise.hpp"

Matrix dense_backward_weights(const Matrix& dY, const Matrix& X) {
  Matrix dW(dY.rows(), X.rows());
  blank();  // your code
  return dW;
}
