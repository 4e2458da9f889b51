#pragma once
/// Pendulum-v1, as in Gymnasium: swing a pendulum up and hold it there, with a motor too weak to lift it at once.
///
///   action       a torque in N m, clipped to [-2, 2]
///   observation  cos theta, sin theta, theta_dot (rad/s); theta = 0 is upright
///   reward       -(theta^2 + 0.1 theta_dot^2 + 0.001 torque^2) of the state before the step, theta in [-pi, pi], the
///                torque after the clipping: 0 at best, -16.3 at worst
///   terminated   never; the time limit of 200 steps stands outside

#include "envs/env.hpp"

namespace envs {

struct PendulumDynamics {
  static constexpr const char *name = "Pendulum-v1", *class_name = "Pendulum";
  using Action = Scalar;
  static constexpr std::size_t action_size = 1;
  static constexpr Scalar action_low = -2, action_high = 2;
  static constexpr const char* expected_action = "a finite torque with a finite square";
  struct State {
    Scalar theta, theta_dot;  // theta goes on counting over full turns
  };
  static constexpr Scalar State::*variables[] = {&State::theta, &State::theta_dot};
  static constexpr std::size_t observation_size = 3;
  static constexpr Scalar max_speed = 8;  // rad/s
  static constexpr Scalar observation_high[] = {1, 1, max_speed}, observation_low[] = {-1, -1, -max_speed};
  static constexpr std::size_t max_episode_steps = 200;
  static constexpr double reward_threshold = -200;  // ours: Gymnasium registers none

  /// Theta uniform in [-pi, pi), then theta_dot uniform in [-1, 1).
  template <UniformSource Source>
  static State initial_state(Source& source) {
    const auto theta = static_cast<Scalar>(uniform(source, -pi, pi));
    return {theta, static_cast<Scalar>(uniform(source, -1, 1))};
  }

  /// A rod of 1 m and 1 kg, g = 10 m/s^2: theta_dot' = 3 g / (2 l) sin theta + 3 / (m l^2) torque, by 0.05 s of
  /// semi-implicit Euler: theta moves with the new speed. Gymnasium computes the torque's terms in float32 under
  /// NumPy 2, and in double under NumPy 1 or when the action is a double: so does a build in double.
  static Transition<State> advance(State s, Scalar action, auto& sin_cos) {
    constexpr Scalar time_step = Scalar(0.05);
    const Scalar torque = clip(action, action_low, action_high);
    const Scalar angle = wrap_angle(s.theta);
    const Scalar cost = angle * angle + Scalar(0.1) * (s.theta_dot * s.theta_dot) + Scalar(0.001) * (torque * torque);
    const Scalar acceleration = 15 * sin_cos(s.theta).sine + 3 * torque;
    const Scalar speed = clip(s.theta_dot + acceleration * time_step, -max_speed, max_speed);
    return {{s.theta + speed * time_step, speed}, -cost, 0};
  }
  static std::array<Scalar, 3> observe(State s, auto& sin_cos) {
    const auto [sine, cosine] = sin_cos(s.theta);
    return {cosine, sine, s.theta_dot};
  }
};

using Pendulum = Env<PendulumDynamics>;
extern template class Env<PendulumDynamics>;

}  // namespace envs
