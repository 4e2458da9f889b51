// 04  A dense layer                                                                      write it
//
// Y = W X + b. W has a row for each output and a column for each input; a column of X is a state,
// and gives a column of Y. Every output has one bias, the same for all states.
//
// Read: docs/00-the-question.md, section 5, Eq. (0.11).

#include "tests/exercises/exercise.hpp"

Matrix dense_forward(const Matrix& W, const Vector& b, const Matrix& X) {
  Matrix Y(W.rows(), X.cols());
  blank();  // your code
  return Y;
}
