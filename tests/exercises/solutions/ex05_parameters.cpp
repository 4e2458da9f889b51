// 05  How many parameters?                                                             predict it
//
// A network has 4 inputs, 32 hidden units and 2 outputs. How many numbers does it learn?
//
// Read: docs/01-a-dense-layer.md, section 4, Eq. (1.6).

#include "tests/exercises/exercise.hpp"

double parameters() {
  // 4 * 32 + 32 in the hidden layer, 32 * 2 + 2 in the output layer
  return 226;
}
