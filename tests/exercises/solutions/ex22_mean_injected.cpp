// 22  On average                                                                       predict it
//
// probs = [0.6, 0.4]. Action 0 brings a return of 2, action 1 a return of 1. An action is drawn,
// and (one_hot - probs) * G is injected. What is the mean of its first number? (The average is
// over the draws.)
//
// Read: docs/05-from-the-equation-to-the-label.md, section 2, Eq. (5.3).

#include "tests/exercises/exercise.hpp"

double mean_injected() {
  // 0.6 * (1 - 0.6) * 2 + 0.4 * (0 - 0.6) * 1
  return 0.24;
}
