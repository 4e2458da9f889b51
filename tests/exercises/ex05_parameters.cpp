// 05  How many parameters?                                                             predict it
//
// A network has 4 inputs, 32 hidden units and 2 outputs. How many numbers does it learn?
//
// Read: docs/00-the-question.md, section 5, Eq. (0.11).

#include "tests/exercises/exercise.hpp"

double parameters() {
  return blank();
}
