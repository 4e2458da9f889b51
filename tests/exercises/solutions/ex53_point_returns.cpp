// 53  A game is many points                                                              write it
//
// rewards are those of a whole game of Pong: 0, but 1 or -1 where a point ends. What happens after
// a point has nothing to do with the decisions before it: return the discounted returns, each of
// them ending with the point that its decision belongs to.
//
// Read: docs/17-pong-from-pixels.md, section 5, Eq. (17.6).

#include "tests/exercises/exercise.hpp"

Vector point_returns(const Vector& rewards, double gamma) {
  Vector returns(rewards.size());
  double following = 0;
  for (std::size_t t = rewards.size(); t-- > 0;) {
    if (rewards[t] != 0) following = 0;
    following = rewards[t] + gamma * following;
    returns[t] = following;
  }
  return returns;
}
