// 12  A derivative from somewhere else                                               name the bug
//
// Three tanh units gave the outputs in the first row. From above comes dy = 1 for each. The
// program carried the second row down, and CartPole was learned all the same.
//   y            (+0.500, -0.800, +0.000)
//   carried down (+0.786, +0.559, +1.000)
// What is its derivative?
//   A  none: the derivative is missing
//   B  1 - y^2
//   C  1 - tanh(y)^2
//   D  y (1 - y)
//
// Read: docs/02-backward.md, section 5.

#include "tests/exercises/exercise.hpp"

char hidden_derivatives() {
  // 1 - tanh(0.5)^2 = 0.786; the derivative is 1 - 0.5^2 = 0.75
  return 'C';  // 'A', 'B', 'C' or 'D'
}
