// 29  Half of every episode is bad                                                   name the bug
//
// An episode of six steps; every reward is 1. These are its coefficients:
//   (+1.46, +0.88, +0.29, -0.29, -0.88, -1.46)
// How were they made?
//   A  rewards of the past were summed
//   B  the returns were discounted
//   C  3.5 was subtracted from the returns
//   D  the returns were whitened within the episode: their mean subtracted, then divided by their spread
//
// Read: docs/06-the-whole-truth.md, section 2.

#include "tests/exercises/exercise.hpp"

char constant_rewards() {
  // the returns are 6, 5, ..., 1: minus 3.5, divided by 1.708
  return 'D';  // 'A', 'B', 'C' or 'D'
}
