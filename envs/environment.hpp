#pragma once
/// What every world has in common, in Gymnasium's words. Nothing here knows of learning.

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <limits>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>

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

/// One world: reset(source) starts an episode, step(action) moves on by one time step.
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

/// N worlds side by side. observations() has one row per variable, one column ("lane") per world; step moves every
/// running lane, and a lane whose episode has ended stands still until reset(lane, source).
template <class Env>
concept VectorEnvironment = requires(Env env, const Env& seen, std::span<const typename Env::Action> actions) {
  { seen.size() } -> std::same_as<std::size_t>;
  { seen.observations() } -> std::same_as<std::span<const Scalar>>;  // observation_size x size()
  { seen.rewards() } -> std::same_as<std::span<const Scalar>>;
  { seen.terminated() } -> std::same_as<std::span<const int>>;
  { seen.running() } -> std::same_as<std::span<const int>>;
  env.step(actions);
  env.stop(std::size_t{});
};

/// Starts a new episode in every lane that stands still, in their order, from one source.
template <VectorEnvironment Env, UniformSource Source>
void reset_done(Env& env, Source& source) {
  const auto running = env.running();
  for (std::size_t n = 0; n < running.size(); ++n)
    if (!running[n]) env.reset(n, source);
}

/// TimeLimit for N worlds: each lane counts its own steps. reset_to is the world's own, and the count goes on.
template <VectorEnvironment Env>
class VectorTimeLimit : public Env {
 public:
  explicit VectorTimeLimit(std::size_t count, std::size_t limit = Env::max_episode_steps)
      : Env(count), limit_(static_cast<int>(std::min(limit, most))), steps_(count), moved_(count), truncated_(count) {}

  template <UniformSource Source>
  void reset(std::size_t lane, Source& source) {
    Env::reset(lane, source);
    steps_[lane] = 0;
    truncated_[lane] = 0;
  }
  void step(std::span<const typename Env::Action> actions) {
    std::ranges::copy(Env::running(), moved_.begin());
    Env::step(actions);  // when it throws, no step is counted
    const std::size_t count = steps_.size();
    const int limit = limit_, *moved = moved_.data();
    int *steps = steps_.data(), *truncated = truncated_.data();
    int any = 0;
#pragma omp simd reduction(| : any)
    for (std::size_t n = 0; n < count; ++n) {
      steps[n] += moved[n];
      truncated[n] = int(steps[n] >= limit);
      any |= truncated[n] & moved[n];
    }
    if (!any) return;
    for (std::size_t n = 0; n < count; ++n)
      if (truncated_[n]) Env::stop(n);
  }
  std::span<const int> truncated() const {
    return truncated_;
  }
  std::size_t limit() const {
    return static_cast<std::size_t>(limit_);
  }

 private:
  static constexpr std::size_t most =
      std::numeric_limits<int>::max();  // as wide as a flag, so that the loop vectorises
  int limit_;
  std::vector<int> steps_, moved_, truncated_;
};

}  // namespace envs
