// 19  Softmax of softmax                                                               predict it
//
// A network ends with a softmax, and the loss applies another one. The network is as sure as it
// can be of the first of two actions: it puts out 1 and 0. Which probability does the loss see
// for the first? Three digits will do.
//
// Read: docs/04-softmax-and-cross-entropy.md, section 5, Eq. (4.10).

#include "tests/exercises/exercise.hpp"

double softmax_twice() {
  return blank();
}
