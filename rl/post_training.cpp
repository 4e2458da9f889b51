#include "rl/post_training.hpp"

#include <algorithm>
#include <utility>

#include "nn/arithmetic/vector_ops.hpp"
#include "rl/policy_gradient.hpp"
#include "rl/ppo.hpp"

namespace rl {

// #region weigh
void token_advantages(const TokenOptions& options, std::span<const Episode> episodes, ConstVectorView rewards,
                      ConstVectorView log_ratios, VectorView advantages) {
  nn::Vector returns(episodes.size());
  for (std::size_t i = 0; i < returns.size(); ++i) {
    returns[i] = nn::sum(episodes[i].of(rewards));  // R, from the end of the episode
    if (options.kl != 0 && !options.kl_in_loss)
      for (const Scalar x : episodes[i].of(log_ratios)) returns[i] -= options.kl * kl_estimate(options.kl_estimator, x);
  }
  group_advantages(returns, options.group, options.advantage, returns, options.less);
  for (std::size_t i = 0; i < returns.size(); ++i) nn::fill(episodes[i].of(advantages), returns[i]);
}

void finish_weights(const TokenOptions& options, std::span<const Episode> episodes, ConstVectorView log_ratios,
                    VectorView weights) {
  if (options.kl != 0 && options.kl_in_loss)
    for (std::size_t t = 0; t < weights.size(); ++t)
      weights[t] -= options.kl * kl_slope(options.kl_estimator, log_ratios[t]);
  nn::Vector shares(weights.size());
  length_shares(episodes, options.length, options.longest, shares);
  for (std::size_t t = 0; t < weights.size(); ++t) weights[t] *= shares[t];
}
// #endregion weigh

PostTraining::PostTraining(Policy& policy, PolicyOptimizer& optimizer, std::unique_ptr<Sampler> sampler,
                           Policy reference, PostTrainingOptions options)
    : policy_(policy),
      optimizer_(optimizer),
      sampler_(std::move(sampler)),
      reference_(std::move(reference)),
      options_(options) {}

// #region update
UpdateReport PostTraining::update(std::uint64_t seed, std::uint64_t number) {
  const Batch& batch = sampler_->play(seed, number);  // words, a group for each start
  UpdateReport report{.timesteps = batch.steps(), .episodes = episode_statistics(batch)};
  report.entropy = note_log_probs(batch);
  advantages_.resize(batch.steps());
  token_advantages(options_.tokens, batch.episodes, batch.rewards, log_ratios_, advantages_);
  for (std::size_t epoch = 0; epoch < options_.epochs; ++epoch) report.gradient_norm = climb(batch);
  return report;
}

double PostTraining::climb(const Batch& batch) {
  const ConstMatrixView outputs = policy_.network.feedforward(batch.states, activations_);
  policy_.distribution->log_prob(outputs, batch.actions, log_probs_);
  clipped_surrogate(log_probs_, old_log_probs_, advantages_, options_.clip, weights_);  // ratio * A, or 0
  log_ratios_ = log_probs_;
  nn::axpy(-1, reference_log_probs_, log_ratios_);
  finish_weights(options_.tokens, batch.episodes, log_ratios_, weights_);
  policy_.zero_gradients();
  accumulate_policy_gradient(policy_, activations_, batch.actions, weights_, entropy_weights_);  // inject
  return optimizer_.ascend(policy_, options_.max_norm);  // theta += alpha gradient
}
// #endregion update

void PostTraining::coefficients(const Batch& batch, VectorView result) {
  note_log_probs(batch);
  token_advantages(options_.tokens, batch.episodes, batch.rewards, log_ratios_, result);
  finish_weights(options_.tokens, batch.episodes, log_ratios_, result);
  nn::scale(static_cast<Scalar>(batch.episodes.size()), result);
}

double PostTraining::note_log_probs(const Batch& batch) {
  const std::size_t steps = batch.steps();
  for (nn::Vector* numbers : {&old_log_probs_, &reference_log_probs_, &log_probs_, &weights_, &entropies_})
    numbers->resize(steps);
  entropy_weights_.clear();
  if (options_.entropy_coefficient != 0)
    entropy_weights_.assign(steps, options_.entropy_coefficient / static_cast<Scalar>(batch.episodes.size()));
  reference_.distribution->log_prob(reference_.network.feedforward(batch.states, activations_), batch.actions,
                                    reference_log_probs_);
  const ConstMatrixView outputs = policy_.network.feedforward(batch.states, activations_);
  policy_.distribution->log_prob(outputs, batch.actions, old_log_probs_);
  policy_.distribution->entropy(outputs, entropies_);
  log_ratios_ = old_log_probs_;
  nn::axpy(-1, reference_log_probs_, log_ratios_);
  return static_cast<double>(nn::sum(entropies_)) / static_cast<double>(steps);
}

}  // namespace rl
