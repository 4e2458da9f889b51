// 41  PPO's coefficient                                                                  write it
//
// ratio = pi_new(a) / pi_old(a). PPO climbs min(ratio A, clip(ratio, 1 - epsilon, 1 + epsilon)
// A). Its gradient along theta is a number times the score of pi_new. Return that number. The
// gradient of the ratio is the ratio times the score.
//
// Read: docs/10-from-a-critic-to-ppo.md, section 5, Eq. (10.13).

#include "tests/exercises/exercise.hpp"

double ppo_weight(double ratio, double advantage, double epsilon) {
  return blank();  // your code
}
