#pragma once
/// What every environment has in common, in Gymnasium's words. Nothing here knows of learning.

#include <concepts>
#include <cstddef>
#include <stdexcept>
#include <type_traits>
#include <utility>

#ifndef SCALAR
#define SCALAR float
#endif

namespace envs {

/// The number type, chosen as in nn: -DSCALAR=double.
using Scalar = SCALAR;
static_assert(std::is_same_v<Scalar, float> || std::is_same_v<Scalar, double>, "SCALAR is float or double");

/// Where a reset takes its randomness from: uniform() gives a number in [0, 1). The generator is the caller's.
template <class Source>
concept UniformSource = requires(Source& source) {
  { source.uniform() } -> std::convertible_to<double>;
};

/// A number in [low, high), as Generator.uniform(low, high) makes it.
template <UniformSource Source>
double uniform(Source& source, double low, double high) {
  return low + (high - low) * source.uniform();
}

/// What one step gives back. terminated: the task has ended; truncated: time ran out, and the state could have gone
/// on. They are never merged into one "done", because a value estimate goes on behind a truncation only.
template <class Observation>
struct Step {
  Observation observation;
  Scalar reward;
  bool terminated;
  bool truncated;
};

/// One environment: reset(source) starts an episode, step(action) moves on by one time step.
template <class Env>
concept Environment = requires(Env env, typename Env::Action action) {
  typename Env::Observation;
  { env.step(action) } -> std::same_as<Step<typename Env::Observation>>;
};

/// Ends an episode after `limit` steps: truncated is set there, whether or not the step also terminated.
/// Stepping a finished episode throws std::logic_error.
template <Environment Env>
class TimeLimit {
 public:
  using Action = typename Env::Action;
  using Observation = typename Env::Observation;
  explicit TimeLimit(Env env = {}, std::size_t limit = Env::max_episode_steps) : env_(std::move(env)), limit_(limit) {}

  template <UniformSource Source>
  Observation reset(Source& source) {
    steps_ = 0;
    return env_.reset(source);
  }
  Step<Observation> step(Action action) {
    if (steps_ >= limit_) throw std::logic_error("TimeLimit::step: expected a reset first, got a finished episode");
    auto result = env_.step(action);
    result.truncated = ++steps_ >= limit_;
    return result;
  }
  Env& environment() { return env_; }

 private:
  Env env_;
  std::size_t limit_, steps_ = 0;
};

}  // namespace envs
