// 04  A dense layer                                                                      write it
//
// Y = W X + b. W has a row for each output and a column for each input; a column of X is a state,
// and gives a column of Y. Every output has one bias, the same for all states.
//
// Read: docs/01-a-dense-layer.md, section 2, Eq. (1.2).

#include "tests/exercises/exercise.hpp"

Matrix dense_forward(const Matrix& W, const Vector& b, const Matrix& X) {
  Matrix Y(W.rows(), X.cols());
  for (std::size_t o = 0; o < W.rows(); ++o)
    for (std::size_t t = 0; t < X.cols(); ++t) {
      Y(o, t) = b[o];
      for (std::size_t i = 0; i < W.cols(); ++i) Y(o, t) += W(o, i) * X(i, t);
    }
  return Y;
}
