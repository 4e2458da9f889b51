// 38  Stay curious                                                                       write it
//
// H = -sum of p log p, with p = softmax(z). Return the derivative of H along each logit. It is 0
// when all p are equal: nothing is more open than that. Where p = 0, p log p counts as 0.
//
// Read: docs/08-baselines-and-entropy.md, section 5, Eq. (8.10).

#include "tests/exercises/exercise.hpp"

Vector entropy_gradient(const Vector& probs) {
  Vector d(probs.size());
  blank();  // your code
  return d;
}
