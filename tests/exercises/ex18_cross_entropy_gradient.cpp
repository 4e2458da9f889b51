// 18  The gradient of cross-entropy                                                      write it
//
// The loss is L = -log probs[label], and probs = softmax(z). Return the gradient of L: its
// derivative along each logit z.
//
// Read: docs/04-softmax-and-cross-entropy.md, section 4, Eq. (4.8).

#include "tests/exercises/exercise.hpp"

Vector cross_entropy_gradient(const Vector& probs, int label) {
  Vector dZ(probs.size());
  blank();  // your code
  return dZ;
}
