// 21  The answer to the question                                                         write it
//
// The policy gave the logits z, drew the action, and the episode brought the return G. Return the
// vector that REINFORCE injects at the logits, to climb.
//
// Read: docs/05-from-the-equation-to-the-label.md, section 3, Eq. (5.5).

#include "tests/exercises/exercise.hpp"

Vector injected(const Vector& z, int action, double G) {
  Vector d(z.size());
  double largest = z[0], sum = 0;
  for (const double value : z) largest = std::max(largest, value);
  for (const double value : z) sum += std::exp(value - largest);
  for (std::size_t k = 0; k < z.size(); ++k) {
    const double one_hot = static_cast<int>(k) == action ? 1 : 0;
    d[k] = (one_hot - std::exp(z[k] - largest) / sum) * G;
  }
  return d;
}
