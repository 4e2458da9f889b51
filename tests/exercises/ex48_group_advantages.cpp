// 48  Compare within the group                                                          write it
//
// returns holds the returns of several groups, one group after another; each has n texts, all
// written for the same prompt. Subtract from each return the mean of the others of its group.
//
// Read: docs/16-tokens-are-actions.md, section 2, Eq. (16.3).

#include "tests/exercises/exercise.hpp"

Vector group_advantages(const Vector& returns, int n) {
  Vector advantages = returns;
  blank();  // your code
  return advantages;
}
