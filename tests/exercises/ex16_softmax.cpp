// 16  Softmax                                                                            write it
//
// From logits to probabilities: e^z, divided by the sum. Logits may be large: e^1000 is too much
// for a double. Moving all logits by the same amount changes no probability.
//
// Read: docs/04-softmax-and-cross-entropy.md, section 1, Eq. (4.1).

#include "tests/exercises/exercise.hpp"

Vector softmax(const Vector& z) {
  Vector probs(z.size());
  blank();  // your code
  return probs;
}
