// 36  What survives                                                                  name the bug
//
// A program learns CartPole with Adam and with plain SGD, and the gradient check of its network
// passes. Added up exactly on a tiny world, its mean step is not the gradient. Which of these is
// in it?
//   A  the return is forgotten
//   B  each step gets the return of the next step
//   C  the derivative of the hidden layer is missing
//   D  the sign of the injected vector is flipped
//
// Read: docs/what-cartpole-hides.md: The table.

#include "tests/exercises/exercise.hpp"

char survivor() {
  // a right gradient of the wrong weights: docs/what-cartpole-hides.md has the row
  return 'B';  // 'A', 'B', 'C' or 'D'
}
