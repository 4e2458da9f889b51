#pragma once
/// Acrobot-v1, as in Gymnasium: two links hang from a hinge, the motor sits between them; swing the tip up.
///
///   action       torque on the joint between the links: 0 is -1, 1 is 0, 2 is +1 (N m)
///   observation  cos theta1, sin theta1, cos theta2, sin theta2, theta1_dot, theta2_dot (rad/s)
///   reward       -1 for every step, 0 for the one that terminates
///   terminated   the tip is more than one link above the hinge: -cos theta1 - cos(theta1 + theta2) > 1
/// theta1 = 0 hangs down, theta2 is measured from the first link. The time limit of 500 steps stands outside.

#include "envs/env.hpp"

namespace envs {

struct AcrobotDynamics {
  static constexpr const char *name = "Acrobot-v1", *class_name = "Acrobot";
  using Action = int;
  static constexpr int action_count = 3;
  static constexpr const char* expected_action = "action 0 (torque -1), 1 (no torque) or 2 (torque +1)";
  struct State {
    Scalar theta1, theta2, theta1_dot, theta2_dot;
  };
  static constexpr Scalar State::*variables[] = {&State::theta1, &State::theta2, &State::theta1_dot,
                                                 &State::theta2_dot};
  static constexpr std::size_t observation_size = 6;
  static constexpr Scalar max_speed1 = Scalar(4 * pi), max_speed2 = Scalar(9 * pi);  // rad/s
  static constexpr Scalar observation_high[] = {1, 1, 1, 1, max_speed1, max_speed2};
  static constexpr Scalar observation_low[] = {-1, -1, -1, -1, -max_speed1, -max_speed2};
  static constexpr std::size_t max_episode_steps = 500;
  static constexpr double reward_threshold = -100;

  /// Each number uniform in [-0.1, 0.1), in the order of the state, and rounded to float32 as Gymnasium does.
  template <UniformSource Source>
  static State initial_state(Source& source) {
    const auto number = [&] { return static_cast<Scalar>(static_cast<float>(uniform(source, -0.1, 0.1))); };
    const Scalar theta1 = number(), theta2 = number(), theta1_dot = number(), theta2_dot = number();
    return {theta1, theta2, theta1_dot, theta2_dot};
  }

  /// 0.2 s by one step of the classical Runge-Kutta method; then the angles are brought back into [-pi, pi] and the
  /// speeds clipped.
  static Transition<State> advance(State s, int action, auto& sin_cos) {
    constexpr Scalar h = Scalar(0.2);
    const auto torque = static_cast<Scalar>(action - 1);
    State k1 = derivative(s, torque, sin_cos);
    State k2 = derivative(plus(s, h / 2, k1), torque, sin_cos);
    State k3 = derivative(plus(s, h / 2, k2), torque, sin_cos);
    State k4 = derivative(plus(s, h, k3), torque, sin_cos);
    State next = plus(s, h / 6, plus(plus(plus(k1, 2, k2), 2, k3), 1, k4));
    next = {wrap_angle(next.theta1), wrap_angle(next.theta2), clip(next.theta1_dot, -max_speed1, max_speed1),
            clip(next.theta2_dot, -max_speed2, max_speed2)};
    const auto [sine1, cosine1] = sin_cos(next.theta1);
    const auto [sine2, cosine2] = sin_cos(next.theta2);
    const int terminated = int(-cosine1 - (cosine1 * cosine2 - sine1 * sine2) > 1);
    return {next, terminated ? Scalar(0) : Scalar(-1), terminated};
  }

  /// d/dt of the state: Sutton & Barto's book, section 11.3 of the first edition, with the term that the paper leaves
  /// out. Both links have mass 1, length 1, moment 1 and their centre of mass in the middle; g = 9.8.
  /// (cos(x - pi/2) there is sin x here.)
  static State derivative(State s, Scalar torque, auto& sin_cos) {
    constexpr Scalar half_g = Scalar(4.9), g_and_half = Scalar(14.7);
    const auto [sine1, cosine1] = sin_cos(s.theta1);
    const auto [sine2, cosine2] = sin_cos(s.theta2);
    const Scalar sine12 = sine1 * cosine2 + cosine1 * sine2;  // of theta1 + theta2
    const Scalar d1 = Scalar(0.25) + (Scalar(1.25) + cosine2) + 2;
    const Scalar d2 = (Scalar(0.25) + Scalar(0.5) * cosine2) + 1;
    const Scalar phi2 = half_g * sine12;
    const Scalar phi1 = Scalar(-0.5) * (s.theta2_dot * s.theta2_dot) * sine2 - s.theta2_dot * s.theta1_dot * sine2 +
                        g_and_half * sine1 + phi2;
    const Scalar acceleration2 =
        (torque + d2 / d1 * phi1 - Scalar(0.5) * (s.theta1_dot * s.theta1_dot) * sine2 - phi2) /
        (Scalar(1.25) - d2 * d2 / d1);
    const Scalar acceleration1 = -(d2 * acceleration2 + phi1) / d1;
    return {s.theta1_dot, s.theta2_dot, acceleration1, acceleration2};
  }
  static State plus(State s, Scalar factor, State rate) {
    return {s.theta1 + factor * rate.theta1, s.theta2 + factor * rate.theta2, s.theta1_dot + factor * rate.theta1_dot,
            s.theta2_dot + factor * rate.theta2_dot};
  }

  static std::array<Scalar, 6> observe(State s, auto& sin_cos) {
    const auto [sine1, cosine1] = sin_cos(s.theta1);
    const auto [sine2, cosine2] = sin_cos(s.theta2);
    return {cosine1, sine1, cosine2, sine2, s.theta1_dot, s.theta2_dot};
  }
};

using Acrobot = Env<AcrobotDynamics>;
extern template class Env<AcrobotDynamics>;

}  // namespace envs
