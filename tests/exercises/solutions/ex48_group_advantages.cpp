// 48  Compare within the group                                                          write it
//
// returns holds the returns of several groups, one group after another; each has n texts, all
// written for the same prompt. Subtract from each return the mean of the others of its group.
//
// Read: docs/16-tokens-are-actions.md, section 2, Eq. (16.3).

#include "tests/exercises/exercise.hpp"

Vector group_advantages(const Vector& returns, int n) {
  Vector advantages = returns;
  for (std::size_t first = 0; first < returns.size(); first += std::size_t(n)) {
    double total = 0;
    for (std::size_t i = first; i < first + std::size_t(n); ++i) total += returns[i];
    for (std::size_t i = first; i < first + std::size_t(n); ++i) advantages[i] -= (total - returns[i]) / (n - 1);
  }
  return advantages;
}
