// 24  The whole truth                                                                    write it
//
// No sampling: add up every action. Action a is drawn with probs[a], and then the return is q[a].
// Return the mean of what is injected, (one_hot(a) - probs) * q[a], number by number.
//
// Read: docs/05-from-the-equation-to-the-label.md, section 2, Eq. (5.3).

#include "tests/exercises/exercise.hpp"

Vector expected_gradient(const Vector& probs, const Vector& q) {
  Vector mean(probs.size());
  for (std::size_t a = 0; a < probs.size(); ++a)
    for (std::size_t k = 0; k < probs.size(); ++k) mean[k] += probs[a] * ((a == k ? 1 : 0) - probs[k]) * q[a];
  return mean;
}
