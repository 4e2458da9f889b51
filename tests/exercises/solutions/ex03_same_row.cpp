// 03  The same again                                                                 name the bug
//
// At probs = [0.6, 0.4] a program injected these vectors:
//   action 0, return 2    (+1.200, +0.800)
//   action 1, return 3    (+1.800, +1.200)
// What did it do?
//   A  it forgot the return
//   B  it multiplied the probabilities by the return, without the action
//   C  it flipped the sign
//   D  it used the output of the action only
//
// Read: docs/00-the-question.md, section 1.

#include "tests/exercises/exercise.hpp"

char same_row() {
  // each row is its return times (0.6, 0.4), whichever action was taken
  return 'B';  // 'A', 'B', 'C' or 'D'
}
