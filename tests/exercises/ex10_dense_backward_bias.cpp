// 10  Backward: the biases                                                               write it
//
// The same layer. Return db, the slope of J along b. The bias of an output acts with slope 1, in
// every state.
//
// Read: docs/00-the-question.md, section 5, Eq. (0.12).

#include "tests/exercises/exercise.hpp"

Vector dense_backward_bias(const Matrix& dY) {
  Vector db(dY.rows());
  blank();  // your code
  return db;
}
