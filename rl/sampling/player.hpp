#pragma once
/// Playing: N lanes of an environment, one feedforward per time step for all of them.
///
/// Each episode draws from a random stream of its own, so what happens in it depends on the policy and the episode's
/// number, never on how many lanes play or which of them.

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "envs/environment.hpp"
#include "nn/network.hpp"
#include "nn/random.hpp"
#include "rl/batch.hpp"
#include "rl/terminal/interrupt.hpp"
#include "rl/policy_gradient.hpp"

namespace rl {

static_assert(std::is_same_v<nn::Scalar, envs::Scalar>, "nn and envs are built with the same -DSCALAR");

/// What a stream of random numbers is for: no two uses share one.
enum class Purpose : std::uint64_t { weights = 1, training = 2, evaluation = 3, critic = 4, minibatches = 5 };

/// Names the streams of some episodes: round is the number of the update, or of the evaluation.
struct Streams {
  std::uint64_t seed;
  Purpose purpose;
  std::uint64_t round;
  nn::Random of(std::uint64_t episode) const {
    return nn::Random({seed, static_cast<std::uint64_t>(purpose), round, episode});
  }
};

/// Numbers in one action of an environment.
template <class Env>
constexpr std::size_t action_dimensions() {
  if constexpr (requires { Env::action_size; })
    return Env::action_size;
  else
    return 1;
}

/// N lanes with a time limit, and the buffers that one time step needs.
template <envs::VectorEnvironment Env, PolicyHead Head>
class Lanes {
 public:
  using Action = typename Head::Action;

  /// The network sees observation * observation_scale, variable by variable.
  Lanes(std::size_t count, std::span<const Scalar, Env::observation_size> observation_scale)
      : count_(count),
        env_((count + whole - 1) / whole * whole),
        states_(Env::observation_size, count),
        streams_(count, nn::Random(0)),
        moved_(env_.size()) {
    std::ranges::copy(observation_scale, scale_.begin());
  }
  std::size_t size() const { return count_; }
  /// The same, but no more than `count`: a lane without an episode costs as much as one with.
  Lanes at_most(std::size_t count) const { return count < size() ? Lanes(count, scale_) : *this; }

  /// Plays the episodes first .. first + count - 1 to their ends, one per lane, count <= size(). Each time step asks
  /// feedforward(t, states) for the policy's outputs, one column per episode, draws an action (with greedy: takes the
  /// most probable one), moves, and calls on_step(t).
  template <class Feedforward, class OnStep>
  void play(Head& head, const Streams& streams, std::size_t first, std::size_t count, bool greedy,
            Feedforward feedforward, OnStep on_step) {
    resize_actions(actions_, action_dimensions<Env>(), env_.size());
    u_.resize(head.uniforms_per_action() * count);
    for (std::size_t n = 0; n < env_.size(); ++n) {
      env_.stop(n);
      if (n >= count) continue;
      streams_[n] = streams.of(first + n);
      env_.reset(n, streams_[n]);
    }
    const auto running = env_.running();
    const auto drawn = columns(actions_, 0, count);
    for (std::size_t t = 0; std::ranges::find(running, 1) != running.end(); ++t) {
      for (std::size_t row = 0; row < states_.rows(); ++row) {
        const Scalar *observation = env_.observations().data() + row * env_.size(), factor = scale_[row];
        Scalar* state = states_.row(row).data();
        for (std::size_t n = 0; n < size(); ++n) state[n] = observation[n] * factor;
      }
      const nn::ConstMatrixView outputs = feedforward(t, states_.view().columns(0, count));
      if (greedy) {
        head.mode(outputs, drawn);
      } else {
        for (std::size_t n = 0; n < count; ++n)
          for (std::size_t d = 0; running[n] && d < head.uniforms_per_action(); ++d)
            u_[d * count + n] = streams_[n].uniform();
        head.sample(outputs, u_, drawn);
      }
      std::ranges::copy(running, moved_.begin());
      env_.step(flat(actions_));
      on_step(t);
    }
  }

  /// Of the last time step, lane by lane: who took it, in which state, what was done and what came of it.
  std::span<const int> moved() const { return moved_; }
  Scalar next_state(std::size_t row, std::size_t lane) const {
    return env_.observations()[row * env_.size() + lane] * scale_[row];
  }
  nn::ConstMatrixView states() const { return states_; }
  const Actions<Action>& actions() const { return actions_; }
  std::span<const Scalar> rewards() const { return env_.rewards(); }
  std::span<const int> running() const { return env_.running(); }  // who goes on
  std::span<const int> terminated() const { return env_.terminated(); }
  std::span<const int> truncated() const { return env_.truncated(); }
  std::size_t time_limit() const { return env_.limit(); }

 private:
  static constexpr std::size_t whole = 16;  // lanes beyond the last whole vector would move one by one

  std::size_t count_;
  envs::VectorTimeLimit<Env> env_;
  std::array<Scalar, Env::observation_size> scale_;
  nn::Matrix states_;
  Actions<Action> actions_;
  std::vector<double> u_;
  std::vector<nn::Random> streams_;
  std::vector<int> moved_;
};

/// The undiscounted returns of `count` fresh episodes that no training sees; `round` tells evaluations apart.
/// With greedy, the most probable action instead of a sampled one. After a stop_signal the episodes that are left are
/// not played: their returns are 0. Read next: rollout.hpp.
template <envs::VectorEnvironment Env, PolicyHead Head>
std::vector<double> evaluate(Lanes<Env, Head>& lanes, nn::Network& policy, Head& head, std::size_t count,
                             std::uint64_t seed, std::uint64_t round, bool greedy) {
  std::vector<double> returns(count, 0.);
  for (std::size_t first = 0; first < count && stop_signal() == 0; first += lanes.size()) {
    const std::size_t some = std::min(lanes.size(), count - first);
    lanes.play(
        head, {seed, Purpose::evaluation, round}, first, some, greedy,
        [&](std::size_t, nn::ConstMatrixView states) { return policy.feedforward(states); },
        [&](std::size_t) {
          for (std::size_t n = 0; n < some; ++n)
            if (lanes.moved()[n]) returns[first + n] += static_cast<double>(lanes.rewards()[n]);
        });
  }
  return returns;
}

}  // namespace rl
