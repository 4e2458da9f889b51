// 31  One step of the cart                                                               write it
//
// The state is (x, x_dot, theta, theta_dot), and its two accelerations are known. Return the
// state tau later by one explicit Euler step: each number moves by tau times its derivative,
// and all derivatives are those of the old state.
//
// Read: docs/09-cartpole.md, section 1, Eq. (9.2).

#include "tests/exercises/exercise.hpp"

Vector euler_step(const Vector& state, double x_acceleration, double theta_acceleration) {
  const double tau = 0.02;
  Vector next = state;
  blank();  // your code
  return next;
}
