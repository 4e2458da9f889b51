// 02  Which way does p move?                                                           predict it
//
// Three programs inject these vectors at the logits, at probs = [0.6, 0.4], action 0, return
// G = 2. Each then takes a small step uphill. Does the probability of action 0 rise (1), fall
// (-1), or stay (0)?
//   1.  (one_hot - probs) * G
//   2.  G log probs[action] at the output of the action, and 0 at the other
//   3.  probs * G
//
// Read: docs/00-the-question.md, section 1.

#include "tests/exercises/exercise.hpp"

Vector which_way() {
  return {blank(), blank(), blank()};
}
