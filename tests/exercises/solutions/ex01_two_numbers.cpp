// 01  Two numbers to inject                                                            predict it
//
// The network says probs = [0.6, 0.4], action 0 was drawn, and the return of the episode is 2.
// Which two numbers does REINFORCE inject at the two logits? Type them before you run anything.
//
// Read: docs/00-the-question.md, section 2, Eq. (0.6).

#include "tests/exercises/exercise.hpp"

Vector two_numbers() {
  // (one_hot - probs) * G: (1 - 0.6) * 2 and (0 - 0.4) * 2
  return {0.8, -0.8};
}
