// 51  Two prompts in one batch                                                      name the bug
//
// An easy prompt and a hard one, four texts each, and what a program made of their returns:
//   returns    (+1.0, +1.0, +1.0, +0.0)   (+0.0, +0.0, +0.0, +1.0)
//   advantages (+0.935, +0.935, +0.935, -0.935)   (-0.935, -0.935, -0.935, +0.935)
// What did it do?
//   A  GRPO, as it should be
//   B  the mean and the standard deviation were taken over the whole batch
//   C  the mean of the group, and the standard deviation of the batch
//   D  the mean was taken of the others, and then divided by their standard deviation
//
// Read: docs/16-tokens-are-actions.md, section 6.

#include "tests/exercises/exercise.hpp"

char two_prompts() {
  return 'B';
}
