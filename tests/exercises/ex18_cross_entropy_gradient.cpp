// 18  The slope of cross-entropy                                                         write it
//
// The loss is L = -log probs[label], and probs = softmax(z). Return the slope of L along each
// logit z.
//
// Read: docs/00-the-question.md, section 3, Eq. (0.8).

#include "tests/exercises/exercise.hpp"

Vector cross_entropy_gradient(const Vector& probs, int label) {
  Vector dZ(probs.size());
  blank();  // your code
  return dZ;
}
