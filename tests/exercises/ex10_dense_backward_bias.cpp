// 10  Backward: the biases                                                               write it
//
// The same layer. Return db, the gradient of J along b. The bias of an output acts with derivative
// 1, in every state.
//
// Read: docs/02-backward.md, section 2, Eq. (2.3).

#include "tests/exercises/exercise.hpp"

Vector dense_backward_bias(const Matrix& dY) {
  Vector db(dY.rows());
  blank();  // your code
  return db;
}
