// 24  The whole truth                                                                    write it
//
// No sampling: add up every action. Action a is drawn with probs[a], and then the return is q[a].
// Return the mean of what is injected, (one_hot(a) - probs) * q[a], number by number.
//
// Read: docs/05-from-the-equation-to-the-label.md, section 2, Eq. (5.3).

#include "tests/exercises/exercise.hpp"

Vector expected_gradient(const Vector& probs, const Vector& q) {
  Vector mean(probs.size());
  blank();  // your code
  return mean;
}
