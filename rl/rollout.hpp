#pragma once
/// Playing: N lanes of an environment, one feedforward per time step for all of them.
///
/// Each episode draws from a random stream of its own, so what happens in it depends on the policy and the episode's
/// number, never on how many lanes play or which of them.

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "envs/environment.hpp"
#include "nn/network.hpp"
#include "nn/random.hpp"
#include "rl/batch.hpp"
#include "rl/policy_gradient.hpp"

namespace rl {

static_assert(std::is_same_v<nn::Scalar, envs::Scalar>, "nn and envs are built with the same -DSCALAR");

/// What a stream of random numbers is for: no two uses share one.
enum class Purpose : std::uint64_t { weights = 1, training = 2, evaluation = 3 };

/// The stream of one episode: round is the number of the update, or of the evaluation.
inline nn::Random episode_stream(std::uint64_t seed, Purpose purpose, std::uint64_t round, std::uint64_t episode) {
  return nn::Random({seed, static_cast<std::uint64_t>(purpose), round, episode});
}

/// N lanes with a time limit, and the buffers that one time step needs.
template <envs::VectorEnvironment Env, PolicyHead Head>
class Lanes {
 public:
  using Action = typename Head::Action;

  /// The network sees observation * observation_scale, variable by variable.
  Lanes(std::size_t count, std::span<const Scalar, Env::observation_size> observation_scale)
      : env_(count), states_(Env::observation_size, count), actions_(count), u_(count), episode_(count) {
    std::ranges::copy(observation_scale, scale_.begin());
    streams_.assign(count, nn::Random(0));
  }
  std::size_t size() const { return env_.size(); }

  /// Plays episodes 0 .. count-1 to their ends; a lane that has finished one takes the next.
  /// Calls on_step(episode, state, action, reward) for each step, in order within an episode, where state(row) is
  /// what the network saw; and on_end(episode, terminated, truncated).
  template <class OnStep, class OnEnd>
  void play(nn::Network& policy, Head& head, std::size_t count, std::uint64_t seed, Purpose purpose,
            std::uint64_t round, bool greedy, OnStep on_step, OnEnd on_end) {
    std::size_t next = 0;
    const auto start = [&](std::size_t lane) {
      if (next == count) return false;
      streams_[lane] = episode_stream(seed, purpose, round, next);
      env_.reset(lane, streams_[lane]);
      episode_[lane] = next++;
      return true;
    };
    std::size_t busy = 0;
    for (std::size_t n = 0; n < size(); ++n) {
      env_.stop(n);
      busy += start(n);
    }
    while (busy > 0) {
      for (std::size_t row = 0; row < states_.rows(); ++row) {
        const auto observation = env_.observations().subspan(row * size(), size());
        std::ranges::transform(observation, states_.row(row).begin(), [&](Scalar o) { return o * scale_[row]; });
      }
      const auto outputs = policy.feedforward(states_);
      const auto running = env_.running();
      if (greedy) {
        head.mode(outputs, actions_);
      } else {
        for (std::size_t n = 0; n < size(); ++n)
          if (running[n]) u_[n] = streams_[n].uniform();
        head.sample(outputs, u_, actions_);
      }
      moved_.assign(running.begin(), running.end());
      env_.step(actions_);
      for (std::size_t n = 0; n < size(); ++n) {
        if (!moved_[n]) continue;
        on_step(
            episode_[n], [&](std::size_t row) { return states_(row, n); }, actions_[n], env_.rewards()[n]);
        if (running[n]) continue;
        on_end(episode_[n], env_.terminated()[n] != 0, env_.truncated()[n] != 0);
        if (!start(n)) --busy;
      }
    }
  }

 private:
  envs::VectorTimeLimit<Env> env_;
  std::array<Scalar, Env::observation_size> scale_;
  nn::Matrix states_;
  std::vector<Action> actions_;
  std::vector<double> u_;
  std::vector<std::size_t> episode_;
  std::vector<nn::Random> streams_;
  std::vector<int> moved_;
};

/// Plays `count` training episodes and lays them end to end. Memory is kept from one call to the next.
template <envs::VectorEnvironment Env, PolicyHead Head>
class Rollout {
 public:
  using Action = typename Head::Action;

  const Batch<Action>& collect(Lanes<Env, Head>& lanes, nn::Network& policy, Head& head, std::size_t count,
                               std::uint64_t seed, std::uint64_t update) {
    records_.resize(count);
    for (Record& record : records_) record.clear();
    lanes.play(
        policy, head, count, seed, Purpose::training, update, false,
        [&](std::size_t episode, auto state, Action action, Scalar reward) {
          Record& record = records_[episode];
          for (std::size_t row = 0; row < Env::observation_size; ++row) record.states.push_back(state(row));
          record.actions.push_back(action);
          record.rewards.push_back(reward);
        },
        [&](std::size_t episode, bool terminated, bool truncated) {
          records_[episode].terminated = terminated;
          records_[episode].truncated = truncated;
        });
    join();
    return batch_;
  }

 private:
  struct Record {
    std::vector<Scalar> states;  // step by step
    std::vector<Action> actions;
    std::vector<Scalar> rewards;
    bool terminated = false, truncated = false;
    void clear() { states.clear(), actions.clear(), rewards.clear(); }
  };

  void join() {
    std::size_t steps = 0;
    for (const Record& record : records_) steps += record.actions.size();
    batch_.states.resize(Env::observation_size, steps);
    batch_.actions.clear();
    batch_.rewards.clear();
    batch_.episodes.clear();
    for (const Record& record : records_) {
      const std::size_t first = batch_.actions.size(), length = record.actions.size();
      for (std::size_t row = 0; row < Env::observation_size; ++row) {
        const auto to = batch_.states.row(row).subspan(first, length);
        for (std::size_t t = 0; t < length; ++t) to[t] = record.states[t * Env::observation_size + row];
      }
      batch_.actions.insert(batch_.actions.end(), record.actions.begin(), record.actions.end());
      batch_.rewards.insert(batch_.rewards.end(), record.rewards.begin(), record.rewards.end());
      batch_.episodes.push_back({first, length, record.terminated, record.truncated});
    }
  }

  std::vector<Record> records_;
  Batch<Action> batch_;
};

/// The undiscounted returns of `count` fresh episodes that no training sees; `round` tells evaluations apart.
/// With greedy, the most probable action instead of a sampled one. Read next: training.hpp.
template <envs::VectorEnvironment Env, PolicyHead Head>
std::vector<double> evaluate(Lanes<Env, Head>& lanes, nn::Network& policy, Head& head, std::size_t count,
                             std::uint64_t seed, std::uint64_t round, bool greedy) {
  std::vector<double> returns(count, 0.);
  lanes.play(
      policy, head, count, seed, Purpose::evaluation, round, greedy,
      [&](std::size_t episode, auto, typename Head::Action, Scalar reward) {
        returns[episode] += static_cast<double>(reward);
      },
      [](std::size_t, bool, bool) {});
  return returns;
}

}  // namespace rl
