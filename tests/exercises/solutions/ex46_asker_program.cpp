// 46  A program that was really written                                              name the bug
//
// An episode of five steps, gamma = 0.95; the only reward, 1, comes at the last. At step 0 the
// program had probs = [0.6, 0.4] and took action 0. Its coefficients, and what it injected at
// step 0:
//   coefficients (+0.8145, +0.0000, +0.0000, +0.0000, +0.0000)
//   injected     (+0.489, +0.326)
// Two bugs. Which pair?
//   A  the first T - t rewards instead of the last; one_hot * G
//   B  the rewards of the past; probs * G
//   C  the first T - t rewards instead of the last; probs * G
//   D  gamma^t r_t without a sum; probs * G
//
// Read: docs/diagnose.md, section 2.

#include "tests/exercises/exercise.hpp"

char asker_program() {
  // 0.95^4 = 0.8145 stands first: the first five rewards, the first four, ...; and 0.8145 * (0.6, 0.4) has no action in
  // it
  return 'C';  // 'A', 'B', 'C' or 'D'
}
