#pragma once
/// CartPole-v1, as in Gymnasium: push a cart left or right so that the pole on it stays up.
///
///   action       0 pushes left, 1 pushes right, with 10 N
///   observation  x, x_dot, theta, theta_dot (m, m/s, rad, rad/s)
///   reward       1 for every step, the last one included
///   terminated   |x| > 2.4 m or |theta| > 12 degrees
/// The time limit of 500 steps stands outside: TimeLimit<CartPole>, or VectorEnv.

#include "envs/cartpole_dynamics.hpp"
#include "envs/env.hpp"

namespace envs {

struct CartPoleDynamics {
  static constexpr const char *name = "CartPole-v1", *class_name = "CartPole";
  using Action = int;
  static constexpr int action_count = 2;
  static constexpr const char* expected_action = "action 0 (left) or 1 (right)";
  using State = CartPoleState;
  static constexpr Scalar State::*variables[] = {&State::x, &State::x_dot, &State::theta, &State::theta_dot};
  static constexpr std::size_t observation_size = 4;
  static constexpr Scalar x_limit = Scalar(2.4), theta_limit = Scalar(0.20943951023931953);  // 12 * 2 * pi / 360
  static constexpr Scalar observation_high[] = {2 * x_limit, infinity, 2 * theta_limit, infinity};
  static constexpr Scalar observation_low[] = {-2 * x_limit, -infinity, -2 * theta_limit, -infinity};
  static constexpr std::size_t max_episode_steps = 500;
  static constexpr double reward_threshold = 475;  // Gymnasium's registry: the mean return that counts as solved

  /// Each number uniform in [-0.05, 0.05), in the order of the observation.
  template <UniformSource Source>
  static State initial_state(Source& source) {
    const auto number = [&] { return static_cast<Scalar>(uniform(source, -0.05, 0.05)); };
    const Scalar x = number(), x_dot = number(), theta = number(), theta_dot = number();
    return {x, x_dot, theta, theta_dot};
  }

  static Transition<State> advance(State s, int action, auto& sin_cos) {
    constexpr Scalar force = 10;  // N
    const auto [sine, cosine] = sin_cos(s.theta);
    State next = cartpole_advance(s, sine, cosine, action == 1 ? force : -force);
    return {next, 1, int(std::abs(next.x) > x_limit) | int(std::abs(next.theta) > theta_limit)};
  }
};

using CartPole = Env<CartPoleDynamics>;
extern template class Env<CartPoleDynamics>;

}  // namespace envs
