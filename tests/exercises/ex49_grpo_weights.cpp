// 49  GRPO as it was published                                                          write it
//
// A group of texts with their returns and lengths. What stands in front of the score of each
// token of text i? The return minus the mean, divided by the standard deviation with n - 1, and
// then by n times the text's own length. The returns are not all alike; add nothing to sigma.
//
// Read: docs/16-tokens-are-actions.md, section 4, Eq. (16.7).

#include "tests/exercises/exercise.hpp"

Vector grpo_weights(const Vector& returns, const Vector& lengths) {
  Vector weights = returns;
  blank();  // your code
  return weights;
}
