// 30  Draw an action                                                                     write it
//
// u is drawn uniformly from [0, 1). Return action k with probability probs[k]: action 0 owns the
// numbers from 0 up to probs[0], action 1 those from there on, as many as probs[1], and so on. An
// action of probability 0 owns none.
//
// Read: docs/00-the-question.md, section 3; rl/categorical.hpp.

#include "tests/exercises/exercise.hpp"

int sample(const Vector& probs, double u) {
  double cumulative = 0;
  for (std::size_t k = 0; k + 1 < probs.size(); ++k) {
    cumulative += probs[k];
    if (u < cumulative) return static_cast<int>(k);
  }
  return static_cast<int>(probs.size()) - 1;
}
