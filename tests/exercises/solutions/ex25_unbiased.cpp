// 25  Which coefficients are right on average?                                         predict it
//
// gamma = 1. Each step's score is multiplied by one of these. Is the mean over all episodes the
// gradient: 1 or 0?
//   A  the return of the whole episode
//   B  the rewards from this step on
//   C  the rewards up to this step
//   D  the rewards from this step on, minus V(s_t), the mean return from this state
//   E  the rewards from this step on, minus the mean of the episode's own returns
//
// Read: docs/06-the-whole-truth.md, section 4.

#include "tests/exercises/exercise.hpp"

Vector unbiased() {
  // rewards of the past and constants add 0 on average; C has no rewards of the future, E subtracts what the action
  // brought
  return {1, 1, 0, 1, 0};  // A, B, C, D, E
}
