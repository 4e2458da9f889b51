#pragma once
/// An environment is a small Dynamics: its states, its bounds, and one pure function that advances a state by one step.
/// Here it becomes one environment, Env<Dynamics>; in dynamics_vector_env.hpp N of them side by side. A Dynamics says
///
///   name, class_name      as Gymnasium registers it; as it is called here, for messages
///   Action                int, with action_count; or Scalar, with action_size, action_low, action_high
///   expected_action       what a message asks for
///   State, variables      its numbers, and their order
///   observation_size, observation_low, observation_high
///   max_episode_steps, reward_threshold
///   initial_state(source)                 draws a state
///   advance(state, action, sin_cos)       what one step makes of it
///   observe(state, sin_cos)               what is seen of it; when the state itself is, there is none
/// sin_cos is an argument, so that a loop over environments can give one that vectorises. Read next: mountain_car.hpp.

#include <fmt/core.h>

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

#include "envs/environment.hpp"
#include "envs/trigonometry.hpp"

namespace envs {

/// What one step makes of a state.
template <class State>
struct Transition {
  State next;
  Scalar reward;
  int terminated;
};

constexpr Scalar infinity = std::numeric_limits<Scalar>::infinity();

/// v between low and high; NaN stays NaN.
constexpr Scalar clip(Scalar v, Scalar low, Scalar high) {
  return v < low ? low : v > high ? high : v;
}

/// body(0), body(1), ... with indices that are constants: a loop that is unrolled whatever the compiler thinks of it.
template <std::size_t Count, class Body>
constexpr void unrolled(Body body) {
  [&]<std::size_t... Row>(std::index_sequence<Row...>) {
    (body(std::integral_constant<std::size_t, Row>{}), ...);
  }
  (std::make_index_sequence<Count>{});
}

template <class Dynamics>
constexpr std::size_t variable_count = std::size(Dynamics::variables);
template <class Dynamics, std::size_t Row>
constexpr auto variable = Dynamics::variables[Row];  // state.*variable<Dynamics, 0> is its first number

/// Does an observation show the state as it is?
template <class Dynamics>
constexpr bool shows_state = !requires(typename Dynamics::State state, AnyAngle sin_cos) {
  Dynamics::observe(state, sin_cos);
};

template <class Dynamics, class SinCosOf>
std::array<Scalar, Dynamics::observation_size> observe(const typename Dynamics::State& state, SinCosOf& sin_cos) {
  if constexpr (shows_state<Dynamics>) {
    std::array<Scalar, Dynamics::observation_size> observation;
    unrolled<variable_count<Dynamics>>([&](auto row) { observation[row] = state.*variable<Dynamics, row>; });
    return observation;
  } else {
    return Dynamics::observe(state, sin_cos);
  }
}

/// An integer in range; a number whose square is finite, since an environment may charge the square. NaN is neither.
template <class Dynamics>
constexpr bool is_valid(typename Dynamics::Action action) {
  if constexpr (std::same_as<typename Dynamics::Action, int>)
    return action >= 0 && action < Dynamics::action_count;
  else
    return action * action <= std::numeric_limits<Scalar>::max();
}

/// Throws std::invalid_argument unless every number is finite; `who` begins the message.
template <class Dynamics>
void check_finite(const typename Dynamics::State& state, const char* who) {
  bool finite = true;
  unrolled<variable_count<Dynamics>>(
      [&](auto row) { finite = finite && std::isfinite(state.*variable<Dynamics, row>); });
  if (finite) return;
  std::string numbers;
  unrolled<variable_count<Dynamics>>(
      [&](auto row) { numbers += fmt::format("{}{}", row == 0 ? "" : ", ", state.*variable<Dynamics, row>); });
  throw std::invalid_argument(fmt::format("{}::reset_to: expected a finite state, got {}", who, numbers));
}

/// One environment.
template <class Dynamics>
class Env : public Dynamics {
 public:
  using typename Dynamics::Action, typename Dynamics::State;
  using Observation = std::array<Scalar, Dynamics::observation_size>;

  /// Starts an episode. With a source of NumPy's default_rng(s), where Gymnasium's reset(seed=s) starts.
  template <UniformSource Source>
  Observation reset(Source& source) {
    return reset_to(Dynamics::initial_state(source));
  }
  /// Starts at a state of your choice; throws std::invalid_argument when a number is not finite.
  Observation reset_to(State state);

  /// Throws std::invalid_argument for an action that does not exist, std::logic_error before a reset or after the end.
  Step<Observation> step(Action action);
  /// A fraction is no index: 1.5 must not become 1.
  template <std::floating_point Number>
  requires std::same_as<Action, int> Step<Observation> step(Number)
  = delete;

  State state() const { return state_; }

 private:
  State state_{};
  bool running_ = false;
};

template <class Dynamics>
auto Env<Dynamics>::reset_to(State state) -> Observation {
  check_finite<Dynamics>(state, Dynamics::class_name);
  state_ = state;
  running_ = true;
  AnyAngle sin_cos;
  return observe<Dynamics>(state_, sin_cos);
}

template <class Dynamics>
auto Env<Dynamics>::step(Action action) -> Step<Observation> {
  if (!is_valid<Dynamics>(action))
    throw std::invalid_argument(
        fmt::format("{}::step: expected {}, got {}", Dynamics::class_name, Dynamics::expected_action, action));
  if (!running_)
    throw std::logic_error(
        fmt::format("{}::step: expected a reset first, got a finished episode", Dynamics::class_name));
  AnyAngle sin_cos;
  const auto [next, reward, terminated] = Dynamics::advance(state_, action, sin_cos);
  state_ = next;
  running_ = !terminated;
  return {observe<Dynamics>(state_, sin_cos), reward, terminated != 0, false};
}

}  // namespace envs
