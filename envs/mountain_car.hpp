#pragma once
/// MountainCar-v0 and MountainCarContinuous-v0, as in Gymnasium: a car in a valley, too weak to drive straight up the
/// right hill; it has to swing. (Moore 1990.)
///
///   action       0 accelerates left, 1 not, 2 right; continuous: a force, clipped to [-1, 1]
///   observation  position, velocity (no units; the hill is sin(3 position))
///   reward       -1 for every step; continuous: -0.1 force^2 before the clipping, and 100 for reaching the goal
///   terminated   at the flag, position >= 0.5 (continuous 0.45), and not moving left
/// The time limits of 200 and 999 steps stand outside.

#include "envs/env.hpp"

namespace envs {

/// What both cars share.
struct MountainCarHill {
  struct State {
    Scalar position, velocity;
  };
  static constexpr Scalar State::*variables[] = {&State::position, &State::velocity};
  static constexpr std::size_t observation_size = 2;
  static constexpr Scalar observation_low[] = {Scalar(-1.2), Scalar(-0.07)};
  static constexpr Scalar observation_high[] = {Scalar(0.6), Scalar(0.07)};

  /// Position uniform in [-0.6, -0.4), at rest.
  template <UniformSource Source>
  static State initial_state(Source& source) {
    return {static_cast<Scalar>(uniform(source, -0.6, -0.4)), 0};
  }

  /// One step with the velocity changed by `push`: v <- v + push, x <- x + v, both clipped; the left wall stops the
  /// car.
  static State roll(State s, Scalar push) {
    const Scalar velocity = clip(s.velocity + push, observation_low[1], observation_high[1]);
    const Scalar position = clip(s.position + velocity, observation_low[0], observation_high[0]);
    const Scalar bounced = velocity < 0 ? Scalar(0) : velocity;
    return {position, position == observation_low[0] ? bounced : velocity};
  }
  /// One comparison, not two joined by and: so that a loop over many vectorises.
  static int arrived(State s, Scalar goal) { return int((s.velocity >= 0 ? s.position : observation_low[0]) >= goal); }
};

struct MountainCarDynamics : MountainCarHill {
  static constexpr const char *name = "MountainCar-v0", *class_name = "MountainCar";
  using Action = int;
  static constexpr int action_count = 3;
  static constexpr const char* expected_action = "action 0 (left), 1 (no push) or 2 (right)";
  static constexpr std::size_t max_episode_steps = 200;
  static constexpr double reward_threshold = -110;

  static Transition<State> advance(State s, int action, auto& sin_cos) {
    const Scalar slope = sin_cos(3 * s.position).cosine;
    State next = roll(s, static_cast<Scalar>(action - 1) * Scalar(0.001) + slope * Scalar(-0.0025));
    return {next, -1, arrived(next, Scalar(0.5))};
  }
};

struct MountainCarContinuousDynamics : MountainCarHill {
  static constexpr const char *name = "MountainCarContinuous-v0", *class_name = "MountainCarContinuous";
  using Action = Scalar;
  static constexpr std::size_t action_size = 1;
  static constexpr Scalar action_low = -1, action_high = 1;
  static constexpr const char* expected_action = "a finite force with a finite square";
  static constexpr std::size_t max_episode_steps = 999;
  static constexpr double reward_threshold = 90;

  /// Gymnasium keeps this state in float32, whatever the machine could do: each step ends with that rounding, after the
  /// goal is tested. The arithmetic before it is in double there under NumPy 1 and in float32 under NumPy 2; here it is
  /// Scalar's, so a build in double is NumPy 1's environment to the last bit of the state.
  static Transition<State> advance(State s, Scalar action, auto& sin_cos) {
    const Scalar force = clip(action, action_low, action_high);
    const Scalar slope = sin_cos(3 * s.position).cosine;
    State next = roll(s, force * Scalar(0.0015) - Scalar(0.0025) * slope);
    const int terminated = arrived(next, Scalar(0.45));
    const Scalar cost = Scalar(0.1) * (action * action);
    return {
        {rounded(next.position), rounded(next.velocity)}, (terminated ? Scalar(100) : Scalar(0)) - cost, terminated};
  }
  static Scalar rounded(Scalar x) { return static_cast<Scalar>(static_cast<float>(x)); }
};

using MountainCar = Env<MountainCarDynamics>;
using MountainCarContinuous = Env<MountainCarContinuousDynamics>;
extern template class Env<MountainCarDynamics>;
extern template class Env<MountainCarContinuousDynamics>;

}  // namespace envs
