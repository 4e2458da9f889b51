// 23  Rows that add up to 0                                                          name the bug
//
// Three steps of an episode, and what a program injected. Every row adds up to 0, and every sign
// is right.
//   probs (0.5, 0.3, 0.2)  action 0  G = 4  injected (+1.000, -0.600, -0.400)
//   probs (0.1, 0.8, 0.1)  action 2  G = 2  injected (-0.020, -0.160, +0.180)
//   probs (0.2, 0.2, 0.6)  action 2  G = 1  injected (-0.120, -0.120, +0.240)
// What did it do?
//   A  it took the gradient of p(a), not of log p(a)
//   B  it forgot the return
//   C  it took the likeliest action for the label
//   D  it used the output of the action only
//
// Read: docs/05-from-the-equation-to-the-label.md, section 2, Eq. (5.2).

#include "tests/exercises/exercise.hpp"

char three_steps() {
  return blank();  // 'A', 'B', 'C' or 'D'
}
