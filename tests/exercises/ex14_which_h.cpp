// 14  How large is a little?                                                           predict it
//
// In double precision, numbers have 16 digits. With which step h = 10^k does the central
// difference come closest to the slope of a network: k = -1, k = -5 or k = -11?
//
// Read: docs/00-the-question.md, section 6.

#include "tests/exercises/exercise.hpp"

double which_h() {
  return blank();
}
