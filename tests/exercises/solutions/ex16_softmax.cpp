// 16  Softmax                                                                            write it
//
// From logits to probabilities: e^z, divided by the sum. Logits may be large: e^1000 is too much
// for a double. Moving all logits by the same amount changes no probability.
//
// Read: docs/04-softmax-and-cross-entropy.md, section 1, Eq. (4.1).

#include "tests/exercises/exercise.hpp"

Vector softmax(const Vector& z) {
  Vector probs(z.size());
  double largest = z[0], sum = 0;
  for (const double value : z) largest = std::max(largest, value);
  for (const double value : z) sum += std::exp(value - largest);
  for (std::size_t k = 0; k < z.size(); ++k) probs[k] = std::exp(z[k] - largest) / sum;
  return probs;
}
