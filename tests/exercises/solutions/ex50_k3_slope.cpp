// 50  What k3 injects                                                                   write it
//
// k3 = exp(-x) - 1 + x with x = log_prob - ref_log_prob stands in the loss, and log_prob is
// differentiated. Its gradient is a number times the score. Which number?
//
// Read: docs/16-tokens-are-actions.md, section 5, Eq. (16.10).

#include "tests/exercises/exercise.hpp"

double k3_slope(double log_prob, double ref_log_prob) {
  return 1 - std::exp(ref_log_prob - log_prob);
}
