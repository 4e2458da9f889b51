// 17  The log of a softmax                                                               write it
//
// log softmax(z), for logits as extreme as -1000 and 1000. The log of a probability that rounds
// to 0 is still a plain number.
//
// Read: docs/04-softmax-and-cross-entropy.md, section 1, Eq. (4.3).

#include "tests/exercises/exercise.hpp"

Vector log_softmax(const Vector& z) {
  Vector log_probs(z.size());
  double largest = z[0], sum = 0;
  for (const double value : z) largest = std::max(largest, value);
  for (const double value : z) sum += std::exp(value - largest);
  for (std::size_t k = 0; k < z.size(); ++k) log_probs[k] = z[k] - largest - std::log(sum);
  return log_probs;
}
