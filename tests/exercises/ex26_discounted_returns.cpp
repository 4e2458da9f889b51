// 26  Returns, in one loop                                                               write it
//
// returns[t] = rewards[t] + gamma rewards[t + 1] + gamma^2 rewards[t + 2] + ..., to the end of
// the episode. One backward loop is enough. Careful: std::size_t is never below 0.
//
// Read: docs/07-returns-and-noise.md, section 1, Eq. (7.2).

#include "tests/exercises/exercise.hpp"

Vector discounted_returns(const Vector& rewards, double gamma) {
  Vector returns(rewards.size());
  blank();  // your code
  return returns;
}
