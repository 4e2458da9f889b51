// 35  A slip that cannot be seen                                                       predict it
//
// gamma = 1. By a slip, a program gives step t the sum of the first T - t rewards of the episode,
// not of the last. Two episodes of four steps: one with the rewards 0, 0, 0, 1, one with 1, 1, 1,
// 1, as in CartPole. At step t = 1, what is the right coefficient, and what does the program use?
//
// Read: docs/00-the-question.md, section 4.

#include "tests/exercises/exercise.hpp"

Vector hidden_slip() {
  return {blank(), blank(),   // 0, 0, 0, 1: the right coefficient, the program's
          blank(), blank()};  // 1, 1, 1, 1: the same
}
