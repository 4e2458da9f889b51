#pragma once
/// The equations of motion of a pole hinged on a cart, written once.
/// Barto, Sutton & Anderson, "Neuronlike adaptive elements" (1983), with Florian's correction (2007), in the order
/// of evaluation of Gymnasium's CartPole-v1.

#include "envs/environment.hpp"

namespace envs {

/// Metres and radians; theta = 0 is upright, positive leans right. x_dot and theta_dot are per second.
struct CartPoleState {
  Scalar x, x_dot, theta, theta_dot;
};

/// The state 0.02 s later under `force` (newton), by one explicit Euler step.      Eq. (9.1), (9.2)
/// The caller gives sin theta and cos theta, so that this is plain arithmetic and a loop over it vectorises.
/// Read next: cartpole.hpp.
// #region advance
inline CartPoleState cartpole_advance(CartPoleState s, Scalar sin_theta, Scalar cos_theta, Scalar force) {
  constexpr Scalar gravity = Scalar(9.8);            // m/s^2
  constexpr Scalar pole_mass = Scalar(0.1);          // kg
  constexpr Scalar total_mass = Scalar(0.1 + 1.0);   // kg, with the cart
  constexpr Scalar half_length = Scalar(0.5);        // m, of the pole
  constexpr Scalar pole_moment = Scalar(0.1 * 0.5);  // kg m
  constexpr Scalar time_step = Scalar(0.02);         // s
  const Scalar q = (force + pole_moment * (s.theta_dot * s.theta_dot) * sin_theta) / total_mass;
  const Scalar theta_acceleration =
      (gravity * sin_theta - cos_theta * q) /
      (half_length * (Scalar(4) / Scalar(3) - pole_mass * (cos_theta * cos_theta) / total_mass));
  const Scalar x_acceleration = q - pole_moment * theta_acceleration * cos_theta / total_mass;
  return {s.x + time_step * s.x_dot, s.x_dot + time_step * x_acceleration, s.theta + time_step * s.theta_dot,
          s.theta_dot + time_step * theta_acceleration};
}
// #endregion advance

}  // namespace envs
