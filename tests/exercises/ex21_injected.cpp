// 21  The answer to the question                                                         write it
//
// The policy gave the logits z, drew the action, and the episode brought the return G. Return the
// vector that REINFORCE injects at the logits, to climb.
//
// Read: docs/05-from-the-equation-to-the-label.md, section 3, Eq. (5.5).

#include "tests/exercises/exercise.hpp"

Vector injected(const Vector& z, int action, double G) {
  Vector d(z.size());
  blank();  // your code
  return d;
}
