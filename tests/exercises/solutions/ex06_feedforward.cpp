// 06  Two layers                                                                         write it
//
// One state through a network: a dense layer, tanh, and a second dense layer, which gives the
// logits as they are. std::tanh is there.
//
// Read: docs/01-a-dense-layer.md, section 4, Eq. (1.6).

#include "tests/exercises/exercise.hpp"

Vector feedforward(const Matrix& W1, const Vector& b1, const Matrix& W2, const Vector& b2, const Vector& state) {
  Vector y = b1, logits = b2;
  for (std::size_t o = 0; o < y.size(); ++o) {
    for (std::size_t i = 0; i < state.size(); ++i) y[o] += W1(o, i) * state[i];
    y[o] = std::tanh(y[o]);
  }
  for (std::size_t o = 0; o < logits.size(); ++o)
    for (std::size_t i = 0; i < y.size(); ++i) logits[o] += W2(o, i) * y[i];
  return logits;
}
