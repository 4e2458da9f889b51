// 38  Stay curious                                                                       write it
//
// H = -sum of p log p, with p = softmax(z). Return the derivative of H along each logit. It is 0
// when all p are equal: nothing is more open than that. Where p = 0, p log p counts as 0.
//
// Read: docs/08-baselines-and-entropy.md, section 5, Eq. (8.10).

#include "tests/exercises/exercise.hpp"

Vector entropy_gradient(const Vector& probs) {
  Vector d(probs.size());
  double H = 0;
  for (const double p : probs) H -= p > 0 ? p * std::log(p) : 0;
  for (std::size_t k = 0; k < probs.size(); ++k) d[k] = probs[k] > 0 ? -probs[k] * (std::log(probs[k]) + H) : 0;
  return d;
}
