// 14  How large is a little?                                                           predict it
//
// In double precision, numbers have 16 digits. With which step h = 10^k does the central
// difference come closest to the derivative of a network: k = -1, k = -5 or k = -11?
//
// Read: docs/03-trust-but-check.md, section 2, Eq. (3.4).

#include "tests/exercises/exercise.hpp"

double which_h() {
  return blank();
}
