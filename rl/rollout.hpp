#pragma once
/// Plays episodes side by side and remembers what the network made of every state, so that the policy gradient has
/// nothing to compute twice.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "nn/network.hpp"
#include "nn/vector_ops.hpp"
#include "rl/batch.hpp"
#include "rl/lanes.hpp"

namespace rl {

/// Column t * N + n of what is remembered is step t of episode n of N; the columns of an episode that has ended stay
/// empty. They come in blocks that stay in the cache. Memory is kept from one batch to the next.
template <envs::VectorEnvironment Env, PolicyHead Head>
class Rollout {
 public:
  using Action = typename Head::Action;

  /// Plays the training episodes first .. first + count - 1 of an update, and lays them end to end.
  const Batch<Action>& collect(Lanes<Env, Head>& lanes, const nn::Network& policy, Head& head, std::size_t first,
                               std::size_t count, std::uint64_t seed, std::uint64_t update) {
    begin(count, lanes.time_limit());
    for (std::size_t done = 0; done < count; done += lanes.size()) {
      const std::size_t some = std::min(lanes.size(), count - done);
      lanes.play(
          head, {seed, Purpose::training, update}, first + done, some, false,
          [&](std::size_t t, nn::ConstMatrixView states) {
            return policy.feedforward(states, block_of(policy, t), t % block_steps_ * count_ + done);
          },
          [&](std::size_t t) { record(lanes, t, done, some); });
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
    for (std::size_t b = 0; b * block_steps_ < steps_; ++b) {
      spread(weights, b);
      const auto outputs = blocks_[b].outputs();
      output_gradient_.resize(outputs.rows(), outputs.cols());
      head.weighted_score(outputs, columns(actions_, b * outputs.cols(), outputs.cols()), weights_, output_gradient_);
      if (entropy_weight != 0) {
        for (std::size_t column = 0; column < taken_.size(); ++column)
          weights_[column] = entropy_weight * taken_[column];
        head.entropy_gradient(outputs, weights_, output_gradient_);
      }
      policy.backpropagate(blocks_[b], output_gradient_, gradients, deltas_);
      head.entropy(outputs, entropies_);
      entropy += static_cast<double>(nn::dot(taken_, entropies_));
    }
    return entropy;
  }
  // #endregion policy-gradient

 private:
  void begin(std::size_t count, std::size_t time_limit) {
    constexpr std::size_t block = 256;  // columns
    count_ = count;
    steps_ = 0;
    block_steps_ = std::max<std::size_t>(1, block / count);
    const std::size_t room = (time_limit / block_steps_ + 1) * block_steps_ * count;
    resize_actions(actions_, action_dimensions<Env>(), room);
    rewards_.resize(room);
    for (nn::Vector* of_block : {&weights_, &taken_, &entropies_}) of_block->resize(block_steps_ * count);
    batch_.episodes.assign(count, Episode());
    batch_.final_states.resize(Env::observation_size, count);
  }

  nn::Activations& block_of(const nn::Network& policy, std::size_t t) {
    const std::size_t b = t / block_steps_;
    if (b >= blocks_.size()) blocks_.resize(b + 1);
    if (blocks_[b].columns() != block_steps_ * count_) blocks_[b].resize(policy.sizes(), block_steps_ * count_);
    return blocks_[b];
  }

  void record(const Lanes<Env, Head>& lanes, std::size_t t, std::size_t done, std::size_t some) {
    steps_ = std::max(steps_, t + 1);
    const std::size_t first = t * count_ + done;
    copy_actions(lanes.actions(), actions_, first, some);
    std::ranges::copy(lanes.rewards().first(some), rewards_.begin() + static_cast<std::ptrdiff_t>(first));
    for (std::size_t n = 0; n < some; ++n)
      if (lanes.moved()[n] && !lanes.running()[n]) {
        batch_.episodes[done + n] = {0, t + 1, lanes.terminated()[n] != 0, lanes.truncated()[n] != 0};
        for (std::size_t row = 0; row < Env::observation_size; ++row)
          batch_.final_states(row, done + n) = lanes.next_state(row, n);
      }
  }

  /// From step by step to episode by episode.
  void join() {
    std::size_t steps = 0;
    for (Episode& episode : batch_.episodes) episode.first = steps, steps += episode.length;
    batch_.states.resize(Env::observation_size, steps);
    resize_actions(batch_.actions, action_dimensions<Env>(), steps);
    batch_.rewards.resize(steps);
    for (std::size_t b = 0; b * block_steps_ < steps_; ++b)
      for (std::size_t n = 0; n < count_; ++n) {
        const Episode& episode = batch_.episodes[n];
        const std::size_t end = std::min(episode.length, (b + 1) * block_steps_);
        std::size_t column = n;  // in the block
        for (std::size_t t = b * block_steps_; t < end; ++t, column += count_) {
          const std::size_t to = episode.first + t, from = t * count_ + n;
          for (std::size_t row = 0; row < Env::observation_size; ++row)
            batch_.states(row, to) = blocks_[b].states()(row, column);
          copy_action(actions_, from, batch_.actions, to);
          batch_.rewards[to] = rewards_[from];
        }
      }
  }

  /// The weights of one block's columns; 0 behind the end of an episode, which says nothing any more.
  void spread(ConstVectorView weights, std::size_t b) {
    for (std::size_t n = 0; n < count_; ++n) {
      const Episode& episode = batch_.episodes[n];
      std::size_t t = b * block_steps_;
      for (std::size_t column = n; column < weights_.size(); column += count_, ++t) {
        taken_[column] = t < episode.length ? 1 : 0;
        weights_[column] = t < episode.length ? weights[episode.first + t] : 0;
      }
    }
  }

  std::size_t count_ = 0, steps_ = 0, block_steps_ = 1;
  std::vector<nn::Activations> blocks_;
  Actions<Action> actions_;
  nn::Vector rewards_;
  nn::Vector weights_, taken_, entropies_;  // of one block
  nn::Matrix output_gradient_;
  nn::Deltas deltas_;
  Batch<Action> batch_;
};

}  // namespace rl
