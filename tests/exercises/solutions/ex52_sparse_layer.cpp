// 52  A layer that skips zeros                                                           write it
//
// Of a state's inputs only a few are not 0: pixels[k] is the index of one, values[k] its value.
// y starts as the biases. Add what W times the whole state would add, and touch no other column
// of W.
//
// Read: docs/17-pong-from-pixels.md, section 4, Eq. (17.3).

#include "tests/exercises/exercise.hpp"

Vector sparse_layer(const Matrix& W, const Vector& b, const std::vector<int>& pixels, const Vector& values) {
  Vector y = b;
  for (std::size_t k = 0; k < pixels.size(); ++k)
    for (std::size_t o = 0; o < y.size(); ++o) y[o] += W(o, static_cast<std::size_t>(pixels[k])) * values[k];
  return y;
}
