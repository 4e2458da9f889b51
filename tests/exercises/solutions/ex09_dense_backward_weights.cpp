// 09  Backward: the weights                                                              write it
//
// Y = W X + b, and dY is the gradient of J along Y, one column for each state. Return dW, the
// gradient of J along W. One weight acts on J in every state of the batch.
//
// Read: docs/02-backward.md, section 2, Eq. (2.2).

#include "tests/exercises/exercise.hpp"

Matrix dense_backward_weights(const Matrix& dY, const Matrix& X) {
  Matrix dW(dY.rows(), X.rows());
  for (std::size_t o = 0; o < dY.rows(); ++o)
    for (std::size_t i = 0; i < X.rows(); ++i)
      for (std::size_t t = 0; t < X.cols(); ++t) dW(o, i) += dY(o, t) * X(i, t);
  return dW;
}
