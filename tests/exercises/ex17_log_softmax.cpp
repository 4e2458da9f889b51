// 17  The log of a softmax                                                               write it
//
// log softmax(z), for logits as extreme as -1000 and 1000. The log of a probability that rounds
// to 0 is still a plain number.
//
// Read: docs/04-softmax-and-cross-entropy.md, section 1, Eq. (4.3).

#include "tests/exercises/exercise.hpp"

Vector log_softmax(const Vector& z) {
  Vector log_probs(z.size());
  blank();  // your code
  return log_probs;
}
