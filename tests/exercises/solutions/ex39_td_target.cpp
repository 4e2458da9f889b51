// 39  The end, or out of time                                                            write it
//
// The target of V(s_t) is the reward plus what is still to come: gamma times the value of the
// next state. After the task has ended nothing comes. When only the time ran out, the pole still
// stood.
//
// Read: docs/07-returns-and-noise.md, section 5, Eq. (7.7).

#include "tests/exercises/exercise.hpp"

double td_target(double reward, double gamma, double next_value, bool terminated, bool truncated) {
  (void)truncated;  // the clock says nothing of what the state is worth
  return reward + (terminated ? 0 : gamma * next_value);
}
