#include "rl/ppo.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "nn/arithmetic/elementary.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "rl/policy_gradient.hpp"
#include "rl/seeds.hpp"

namespace rl {

// #region clipped-surrogate
Surrogate clipped_surrogate(ConstVectorView log_prob, ConstVectorView old_log_prob, ConstVectorView advantages,
                            Scalar epsilon, VectorView weights) {
  const std::size_t steps = weights.size();
  assert(log_prob.size() == steps && old_log_prob.size() == steps && advantages.size() == steps);
  if (!(epsilon > 0))
    throw std::invalid_argument(fmt::format("clipped_surrogate: expected epsilon > 0, got {}", epsilon));
  if (steps == 0) throw std::invalid_argument("clipped_surrogate: expected at least one step, got 0");
  Surrogate total;
  const Scalar low = 1 - epsilon, high = 1 + epsilon;
  for (std::size_t t = 0; t < steps; ++t) {
    const Scalar A = advantages[t];
    const Scalar log_ratio = log_prob[t] - old_log_prob[t];
    const Scalar ratio = nn::exp(log_ratio);
    const bool gone_far = A > 0 ? ratio > high : ratio < low;
    const Scalar clamped = ratio < low ? low : ratio > high ? high : ratio;
    weights[t] = gone_far || A == 0 ? 0 : ratio * A;
    total.objective += static_cast<double>(gone_far ? clamped * A : weights[t]);
    total.clip_fraction += clamped == ratio ? 0 : 1;
    total.approx_kl += static_cast<double>((ratio - 1) - log_ratio);
  }
  const auto count = static_cast<double>(steps);
  return {total.objective / count, total.clip_fraction / count, total.approx_kl / count};
}
// #endregion clipped-surrogate

Ppo::Ppo(Policy& policy, PolicyOptimizer& optimizer, Critic& critic, std::unique_ptr<Sampler> sampler,
         AdvantageOptions advantage, PpoOptions options)
    : policy_(policy),
      optimizer_(optimizer),
      critic_(critic),
      sampler_(std::move(sampler)),
      advantages_(advantage),
      options_(options) {}

// #region update
UpdateReport Ppo::update(std::uint64_t seed, std::uint64_t number) {
  const Batch& batch = sampler_->play(seed, number);  // s_t, a_t, r_t
  advantages_.estimate(batch, critic_);               // A_t: what came minus what the critic expected
  UpdateReport report{.timesteps = batch.steps(), .episodes = episode_statistics(batch)};
  report.entropy = note_old_policy(batch);
  nn::Random rng = EpisodeSeeds{seed, SeedPurpose::minibatches, number}.of(0);
  for (std::size_t epoch = 0; epoch < options_.epochs; ++epoch) {
    minibatches_.shuffle(batch, advantages_.advantages(), advantages_.targets(), old_log_probs_, rng);
    for (std::size_t first = 0; first < batch.steps(); first += options_.minibatch_size)
      report.gradient_norm = climb(minibatches_.steps(first, std::min(options_.minibatch_size, batch.steps() - first)));
  }
  return report;
}

double Ppo::climb(const Minibatch& steps) {
  const std::size_t count = steps.advantages.size();
  const Scalar share = 1 / static_cast<Scalar>(options_.minibatch_size);
  log_probs_.resize(count), weights_.resize(count);
  const ConstMatrixView outputs = policy_.network.feedforward(steps.states, activations_);
  policy_.distribution->log_prob(outputs, steps.actions, log_probs_);
  clipped_surrogate(log_probs_, steps.old_log_probs, steps.advantages, options_.clip, weights_);  // ratio * A_t, or 0
  nn::scale(share, weights_);
  entropy_weights_.assign(count, options_.entropy_coefficient * share);
  policy_.zero_gradients();
  accumulate_policy_gradient(policy_, activations_, steps.actions, weights_, entropy_weights_);  // inject
  const double gradient_norm = optimizer_.ascend(policy_, options_.max_norm);  // theta += alpha gradient
  critic_.fit(steps.states, steps.targets);                                    // learns what really came
  return gradient_norm;
}
// #endregion update

void Ppo::coefficients(const Batch& batch, VectorView result) {
  advantages_.estimate(batch, critic_);
  std::ranges::copy(advantages_.advantages(), result.begin());
}

double Ppo::note_old_policy(const Batch& batch) {
  old_log_probs_.resize(batch.steps()), entropies_.resize(batch.steps());
  const ConstMatrixView outputs = policy_.network.feedforward(batch.states, activations_);
  policy_.distribution->log_prob(outputs, batch.actions, old_log_probs_);
  policy_.distribution->entropy(outputs, entropies_);
  return static_cast<double>(nn::sum(entropies_)) / static_cast<double>(batch.steps());
}

}  // namespace rl
