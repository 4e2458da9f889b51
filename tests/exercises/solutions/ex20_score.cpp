// 20  The score                                                                          write it
//
// The derivative of log probs[action] along each logit, with probs = softmax(z). This gradient
// has a name: the score.
//
// Read: docs/04-softmax-and-cross-entropy.md, section 2, Eq. (4.5).

#include "tests/exercises/exercise.hpp"

Vector score(const Vector& probs, int action) {
  Vector d(probs.size());
  for (std::size_t k = 0; k < probs.size(); ++k) {
    const double one_hot = static_cast<int>(k) == action ? 1 : 0;
    d[k] = one_hot - probs[k];
  }
  return d;
}
