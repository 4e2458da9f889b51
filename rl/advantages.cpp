#include "rl/advantages.hpp"

#include <algorithm>

#include "nn/arithmetic/vector_ops.hpp"
#include "rl/returns.hpp"

namespace rl {

// #region estimate
void Advantages::estimate(const Batch& batch, Critic& critic) {
  rewards_.assign(batch.rewards.begin(), batch.rewards.end());
  nn::scale(options_.reward_scale, rewards_);
  for (nn::Vector* numbers : {&values_, &next_values_, &advantages_, &targets_}) numbers->resize(batch.steps());
  terminated_.assign(batch.steps(), 0);
  truncated_.assign(batch.steps(), 0);
  final_values_.resize(batch.episodes.size());
  critic.values(batch.states, values_);
  critic.values(batch.final_states, final_values_);
  std::copy(values_.begin() + 1, values_.end(), next_values_.begin());
  for (std::size_t n = 0; n < batch.episodes.size(); ++n) {
    const Episode& episode = batch.episodes[n];
    const std::size_t last = episode.first + episode.length - 1;
    next_values_[last] = final_values_[n];
    terminated_[last] = episode.terminated;
    truncated_[last] = episode.truncated;
  }
  gae({rewards_, next_values_, terminated_, truncated_}, values_, options_.gamma, options_.gae_lambda, advantages_);
  std::ranges::copy(advantages_, targets_.begin());
  nn::axpy(1, values_, targets_);
  if (options_.total_return)
    for (const Episode& e : batch.episodes)
      for (std::size_t t = e.first; t < e.first + e.length; ++t) advantages_[t] = targets_[e.first] - values_[t];
}
// #endregion estimate

}  // namespace rl
