#pragma once
/// Plays episodes side by side and remembers what the network made of every state, so that the policy gradient has
/// nothing to compute twice.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "nn/network.hpp"
#include "nn/vector_ops.hpp"
#include "rl/batch.hpp"
#include "rl/sampling/player.hpp"

namespace rl {

/// What the network made of a time step is kept as it came, all episodes side by side. The gradient takes many steps at
/// once, in a block that stays in the cache: of N episodes, column t * N + n is step t of episode n, and counts for
/// nothing when the episode has ended. Memory is kept from one batch to the next.
template <envs::VectorEnvironment Env, PolicyHead Head>
class Rollout {
 public:
  using Action = typename Head::Action;

  /// What a batch holds. The policy gradient needs the rewards; states and actions are laid end to end for a critic and
  /// for minibatches.
  enum class Shows { everything, rewards };
  explicit Rollout(Shows shows = Shows::everything) : shows_(shows) {}

  /// Plays the training episodes first .. first + count - 1 of an update, and lays them end to end.
  const Batch<Action>& collect(Lanes<Env, Head>& lanes, const nn::Network& policy, Head& head, std::size_t first,
                               std::size_t count, std::uint64_t seed, std::uint64_t update) {
    begin(count, lanes.time_limit());
    for (std::size_t done = 0, number = 0; done < count; done += lanes.size(), ++number) {
      if (number == passes_.size()) passes_.emplace_back();
      Pass& pass = passes_[number];
      pass.first = done;
      pass.count = std::min(lanes.size(), count - done);
      lanes.play(
          head, {seed, Purpose::training, update}, first + done, pass.count, false,
          [&](std::size_t t, nn::ConstMatrixView states) {
            if (t == pass.seen.size()) pass.seen.emplace_back();
            return policy.feedforward(states, pass.seen[t]);
          },
          [&](std::size_t t) { record(lanes, t, pass); });
    }
    join();
    return batch_;
  }

  const Batch<Action>& batch() const { return batch_; }

  // #region policy-gradient
  /// Adds  sum_t weights[t] * grad_theta log pi(actions[t] | s_t)  to `gradients`, as accumulate_policy_gradient does,
  /// but with what the network remembers of the batch; and entropy_weight times the gradient of every state's entropy.
  /// Returns the sum of the entropies.
  double accumulate_policy_gradient(const nn::Network& policy, Head& head, ConstVectorView weights,
                                    VectorView gradients, Scalar entropy_weight = 0) {
    double entropy = 0;
    block_.resize(policy.sizes(), block_steps_ * count_);
    for (std::size_t first = 0; first < steps_; first += block_steps_) {
      gather(first, weights);
      const auto outputs = block_.outputs();
      output_gradient_.resize(outputs.rows(), outputs.cols());
      head.weighted_score(outputs, columns(actions_, first * count_, outputs.cols()), weights_, output_gradient_);
      if (entropy_weight != 0) {
        for (std::size_t column = 0; column < taken_.size(); ++column)
          weights_[column] = entropy_weight * taken_[column];
        head.entropy_gradient(outputs, weights_, output_gradient_);
      }
      policy.backpropagate(block_, output_gradient_, gradients, deltas_);
      head.entropy(outputs, entropies_);
      entropy += static_cast<double>(nn::dot(taken_, entropies_));
    }
    return entropy;
  }
  // #endregion policy-gradient

 private:
  /// Episodes that are played side by side, and what the network made of each of their time steps.
  struct Pass {
    std::size_t first = 0, count = 0, steps = 0;
    std::vector<nn::Activations> seen;
  };

  void begin(std::size_t count, std::size_t time_limit) {
    constexpr std::size_t block = 256;  // columns
    count_ = count;
    steps_ = 0;
    block_steps_ = std::max<std::size_t>(1, block / count);
    const std::size_t room = (time_limit / block_steps_ + 1) * block_steps_ * count;
    resize_actions(actions_, action_dimensions<Env>(), room);
    rewards_.resize(room);
    for (nn::Vector* of_block : {&weights_, &taken_, &entropies_}) of_block->resize(block_steps_ * count);
    for (Pass& pass : passes_) pass.count = pass.steps = 0;
    batch_.episodes.assign(count, Episode());
    batch_.final_states.resize(Env::observation_size, count);
  }

  void record(const Lanes<Env, Head>& lanes, std::size_t t, Pass& pass) {
    pass.steps = t + 1;
    steps_ = std::max(steps_, t + 1);
    const std::size_t first = t * count_ + pass.first;
    copy_actions(lanes.actions(), actions_, first, pass.count);
    std::ranges::copy(lanes.rewards().first(pass.count), rewards_.begin() + static_cast<std::ptrdiff_t>(first));
    for (std::size_t n = 0; n < pass.count; ++n)
      if (lanes.moved()[n] && !lanes.running()[n]) {
        batch_.episodes[pass.first + n] = {0, t + 1, lanes.terminated()[n] != 0, lanes.truncated()[n] != 0};
        for (std::size_t row = 0; row < Env::observation_size; ++row)
          batch_.final_states(row, pass.first + n) = lanes.next_state(row, n);
      }
  }

  /// From step by step to episode by episode.
  void join() {
    std::size_t steps = 0;
    for (Episode& episode : batch_.episodes) episode.first = steps, steps += episode.length;
    batch_.rewards.resize(steps);
    for (std::size_t n = 0; n < count_; ++n) {
      const Episode& episode = batch_.episodes[n];
      for (std::size_t t = 0; t < episode.length; ++t) batch_.rewards[episode.first + t] = rewards_[t * count_ + n];
    }
    if (shows_ == Shows::rewards) return;
    batch_.states.resize(Env::observation_size, steps);
    resize_actions(batch_.actions, action_dimensions<Env>(), steps);
    for (const Pass& pass : passes_)
      for (std::size_t t = 0; t < pass.steps; ++t)
        for (std::size_t n = 0; n < pass.count; ++n) {
          const Episode& episode = batch_.episodes[pass.first + n];
          if (t >= episode.length) continue;
          for (std::size_t row = 0; row < Env::observation_size; ++row)
            batch_.states(row, episode.first + t) = pass.seen[t].states()(row, n);
          copy_action(actions_, t * count_ + pass.first + n, batch_.actions, episode.first + t);
        }
  }

  /// Makes block_ what the network made of block_steps_ time steps from `first` on, and weights_ their weights: 0
  /// behind the end of an episode.
  void gather(std::size_t first, ConstVectorView weights) {
    for (const Pass& pass : passes_)
      for (std::size_t t = first; t < std::min(first + block_steps_, pass.steps); ++t)
        block_.put((t - first) * count_ + pass.first, pass.seen[t]);
    for (std::size_t n = 0; n < count_; ++n) {
      const Episode& episode = batch_.episodes[n];
      std::size_t t = first;
      for (std::size_t column = n; column < weights_.size(); column += count_, ++t) {
        taken_[column] = t < episode.length ? 1 : 0;
        weights_[column] = t < episode.length ? weights[episode.first + t] : 0;
      }
    }
  }

  Shows shows_;
  std::size_t count_ = 0, steps_ = 0, block_steps_ = 1;
  std::vector<Pass> passes_;
  nn::Activations block_;
  Actions<Action> actions_;
  nn::Vector rewards_;
  nn::Vector weights_, taken_, entropies_;  // of one block
  nn::Matrix output_gradient_;
  nn::Deltas deltas_;
  Batch<Action> batch_;
};

}  // namespace rl
