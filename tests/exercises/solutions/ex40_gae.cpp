// 40  Generalized advantages                                                             write it
//
// An episode of T steps; values has T + 1 numbers, V(s_0) to V(s_T). The TD error of step t is
//   delta_t = r_t + gamma V(s_{t+1}) - V(s_t),
// and the advantage A_t = delta_t + gamma lambda A_{t+1}, with nothing after the last. One
// backward loop.
//
// Read: docs/10-from-a-critic-to-ppo.md, section 3, Eq. (10.8).

#include "tests/exercises/exercise.hpp"

Vector gae(const Vector& rewards, const Vector& values, double gamma, double lambda) {
  Vector advantages(rewards.size());
  double following = 0;
  for (std::size_t t = rewards.size(); t-- > 0;) {
    const double td_error = rewards[t] + gamma * values[t + 1] - values[t];
    following = td_error + gamma * lambda * following;
    advantages[t] = following;
  }
  return advantages;
}
