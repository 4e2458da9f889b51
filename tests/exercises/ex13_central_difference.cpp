// 13  Ask the function itself                                                            write it
//
// The derivative of f at x, from two values of f: one a little to the left, one as much to the
// right. This is how every gradient of this project is checked.
//
// Read: docs/03-trust-but-check.md, section 1, Eq. (3.2).

#include "tests/exercises/exercise.hpp"

double central_difference(double (*f)(double), double x, double h) {
  return blank();  // your code
}
