// 34  A gradient that is too long                                                        write it
//
// When the length (the norm) of g is above `most`, return g shortened to that length, in the same
// direction; otherwise g as it is.
//
// Read: docs/15-how-far-is-a-step.md, section 3; nn/optimizer.hpp.

#include "tests/exercises/exercise.hpp"

Vector clip_norm(const Vector& g, double most) {
  Vector clipped = g;
  blank();  // your code
  return clipped;
}
