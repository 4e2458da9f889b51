// 47  Only a square lets it pass                                                     name the bug
//
// A layer of two inputs and two outputs, W = [[1, 2], [3, 4]]. Its backward pass was tried with
// two vectors dY:
//   dY = (1, 0)    dX = (+1, +3)
//   dY = (0, 1)    dX = (+2, +4)
// What is wrong?
//   A  W was not transposed
//   B  the derivative of the layer's function is missing
//   C  the outer product is transposed
//   D  the last output overwrites the others
//
// Read: docs/02-backward.md, section 2, Eq. (2.5).

#include "tests/exercises/exercise.hpp"

char square_layer() {
  return blank();  // 'A', 'B', 'C' or 'D'
}
