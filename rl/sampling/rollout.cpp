#include "rl/sampling/rollout.hpp"

#include <algorithm>

#include "nn/arithmetic/vector_ops.hpp"
#include "rl/policy_gradient.hpp"

namespace rl {

const Batch& Rollout::collect(Player& player, Policy& policy, std::size_t first, std::size_t count, std::uint64_t seed,
                              std::uint64_t update, std::size_t group) {
  begin(player.spec(), count);
  for (std::size_t done = 0, number = 0; done < count; done += player.size(), ++number) {
    if (number == rounds_.size()) rounds_.emplace_back();
    round_ = &rounds_[number];
    round_->first = done;
    round_->count = std::min(player.size(), count - done);
    player.play(policy, {seed, SeedPurpose::training, update, group}, first + done, round_->count, false, *this);
  }
  join();
  if (shows_ == Shows::everything) join_states();
  return batch_;
}

void Rollout::adopt(const envs::EnvSpec& spec, Policy& policy, const Batch& batch) {
  begin(spec, batch.episodes.size());
  batch_ = batch;
  rounds_.resize(std::max<std::size_t>(1, rounds_.size()));
  round_ = &rounds_.front();
  round_->first = 0, round_->count = count_;
  for (const Episode& episode : batch.episodes) steps_ = std::max(steps_, episode.length);
  nn::States states;
  for (std::size_t t = 0; t < steps_; ++t) {
    states.resize(batch.states.rows(), count_, batch.states.is_sparse());
    for (std::size_t n = 0; n < count_; ++n) {
      const Episode& episode = batch.episodes[n];
      if (t >= episode.length) continue;
      states.put(n, batch.states, episode.first + t);
      for (std::size_t d = 0; d < actions_.rows(); ++d)
        actions_(d, t * count_ + n) = batch.actions(d, episode.first + t);
    }
    policy.network.feedforward(states, activations(t));
  }
  round_->steps = steps_;
}

void Rollout::begin(const envs::EnvSpec& spec, std::size_t count) {
  constexpr std::size_t block = 256;  // columns
  count_ = count;
  steps_ = 0;
  block_steps_ = std::max<std::size_t>(1, block / count);
  const std::size_t room = (spec.max_episode_steps / block_steps_ + 1) * block_steps_ * count;
  actions_.resize(spec.action_size, room);
  rewards_.resize(room);
  for (nn::Vector* of_block : {&weights_, &taken_, &entropies_, &entropy_weights_})
    of_block->resize(block_steps_ * count);
  for (Round& round : rounds_) round.count = round.steps = 0;
  batch_.episodes.assign(count, Episode());
  batch_.final_states.resize(spec.observation_size, count, spec.is_sparse());
}

nn::Activations& Rollout::activations(std::size_t t) {
  if (t == round_->activations.size()) round_->activations.emplace_back();
  return round_->activations[t];
}

void Rollout::record(const Player& player, std::size_t t) {
  round_->steps = t + 1;
  steps_ = std::max(steps_, t + 1);
  const std::size_t first = t * count_ + round_->first;
  for (std::size_t d = 0; d < actions_.rows(); ++d)
    std::ranges::copy(player.actions().row(d), actions_.row(d).data() + first);
  std::copy_n(player.rewards().data(), round_->count, rewards_.data() + first);
  const int *before = player.was_running().data(), *after = player.running().data();
  int any_ended = 0;
  for (std::size_t n = 0; n < round_->count; ++n) any_ended |= before[n] & ~after[n];
  for (std::size_t n = 0; any_ended && n < round_->count; ++n)
    if (before[n] & ~after[n]) end_episode(player, n, t + 1);
}

void Rollout::end_episode(const Player& player, std::size_t n, std::size_t length) {
  const std::size_t number = round_->first + n;
  batch_.episodes[number] = {0, length, player.terminated()[n] != 0, player.truncated()[n] != 0};
  player.show(n, batch_.final_states, number);
}

/// From step by step to episode by episode.
void Rollout::join() {
  std::size_t steps = 0;
  for (Episode& episode : batch_.episodes) episode.first = steps, steps += episode.length;
  batch_.rewards.resize(steps);
  for (std::size_t n = 0; n < count_; ++n) {
    const Episode& episode = batch_.episodes[n];
    for (std::size_t t = 0; t < episode.length; ++t) batch_.rewards[episode.first + t] = rewards_[t * count_ + n];
  }
}

void Rollout::join_states() {
  batch_.states.resize(batch_.final_states.rows(), batch_.steps(), batch_.final_states.is_sparse());
  batch_.actions.resize(actions_.rows(), batch_.steps());
  for (const Round& round : rounds_)
    for (std::size_t t = 0; t < round.steps; ++t)
      for (std::size_t n = 0; n < round.count; ++n) {
        const Episode& episode = batch_.episodes[round.first + n];
        if (t >= episode.length) continue;
        batch_.states.put(episode.first + t, round.activations[t].states(), n);
        for (std::size_t d = 0; d < actions_.rows(); ++d)
          batch_.actions(d, episode.first + t) = actions_(d, t * count_ + round.first + n);
      }
}

// #region accumulate-gradient
double Rollout::accumulate_gradient(Policy& policy, ConstVectorView weights, Scalar entropy_weight) {
  double entropy = 0;
  for (std::size_t first = 0; first < steps_; first += block_steps_) {
    block_.resize(policy.network, block_steps_ * count_);
    gather(first, weights);
    const ConstMatrixView actions = actions_.view().columns(first * count_, block_.columns());
    ConstVectorView entropy_weights;
    if (entropy_weight != 0) {
      for (std::size_t column = 0; column < taken_.size(); ++column)
        entropy_weights_[column] = entropy_weight * taken_[column];
      entropy_weights = entropy_weights_;
    }
    accumulate_policy_gradient(policy, block_, actions, weights_, entropy_weights);
    policy.distribution->entropy(block_.outputs(), entropies_);
    entropy += static_cast<double>(nn::dot(taken_, entropies_));
  }
  return entropy;
}
// #endregion accumulate-gradient

/// Makes block_ what the network made of block_steps_ time steps from `first` on, and weights_ their weights: 0 behind
/// the end of an episode.
void Rollout::gather(std::size_t first, ConstVectorView weights) {
  for (const Round& round : rounds_)
    for (std::size_t t = first; t < std::min(first + block_steps_, round.steps); ++t)
      block_.put((t - first) * count_ + round.first, round.activations[t]);
  for (std::size_t n = 0; n < count_; ++n) {
    const Episode& episode = batch_.episodes[n];
    std::size_t t = first;
    for (std::size_t column = n; column < weights_.size(); column += count_, ++t) {
      taken_[column] = t < episode.length ? 1 : 0;
      weights_[column] = t < episode.length ? weights[episode.first + t] : 0;
    }
  }
}

}  // namespace rl
