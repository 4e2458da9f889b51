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
  const double n = double(returns.size());
  double mean = 0, squares = 0;
  for (const double R : returns) mean += R / n;
  for (const double R : returns) squares += (R - mean) * (R - mean);
  const double sigma = std::sqrt(squares / (n - 1));
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = (returns[i] - mean) / sigma / (n * lengths[i]);
  return weights;
}
