#pragma once
/// PPO (Schulman et al. 2017) as one weight per step. The same batch is climbed several times; a step counts until the
/// policy has moved away from the one that played it.

#include <algorithm>
#include <cstdint>

#include "nn/matrix.hpp"
#include "rl/algorithm.hpp"
#include "rl/advantages.hpp"

namespace rl {

/// What the clipped surrogate says of a batch.
struct Surrogate {
  double objective = 0;      // mean over the steps, to be climbed
  double clip_fraction = 0;  // share of steps whose ratio is outside 1 +- epsilon
  double approx_kl = 0;      // mean of ratio - 1 - log ratio: how far the policy has moved, never negative
};

/// The objective of one step, with ratio = exp(log_prob - old_log_prob), is
///   min(ratio * A, clamp(ratio, 1 - epsilon, 1 + epsilon) * A),
/// and its gradient is weight * grad log pi, with
///   weights[t] = ratio * A, or 0 where ratio has gone further than epsilon in the direction that A asks for.
/// So PPO injects weight times score, as REINFORCE does. `log_prob` is of the policy as it is now, `old_log_prob` of
/// the one that drew the actions. `weights` is overwritten; divide by the number of steps for the mean.
/// Throws std::invalid_argument unless epsilon > 0 and there is a step.
Surrogate clipped_surrogate(nn::ConstVectorView log_prob, nn::ConstVectorView old_log_prob,
                            nn::ConstVectorView advantages, nn::Scalar epsilon, nn::VectorView weights);

struct PpoOptions {
  Scalar clip = Scalar(0.2);  // epsilon
  std::size_t epochs = 10, minibatch_size = 64;
  Scalar entropy_coefficient = 0, max_norm = Scalar(0.5);
};

/// One update: collect and let the critic weigh, as actor-critic does; then pass over the batch several times, in
/// minibatches, each time with the weight ratio * A_t while it is not clipped. The critic learns from the same
/// minibatches. Read next: training.hpp.
template <envs::VectorEnvironment Env, PolicyHead Head>
class Ppo : public Algorithm {
 public:
  Ppo(Policy<Head> policy, Critic& critic, const Lanes<Env, Head>& lanes, AdvantageOptions advantage,
      PpoOptions options)
      : policy_(policy), critic_(critic), options_(options), experience_(lanes, advantage) {}

  // #region update
  UpdateReport update(std::uint64_t seed, std::uint64_t number) override {
    experience_.collect(policy_.network, policy_.head, critic_, seed, number);
    const auto& batch = experience_.batch();
    for (nn::Vector* numbers : {&played_, &log_probs_, &entropies_, &weights_}) numbers->resize(batch.steps());
    const auto outputs = policy_.network.feedforward(batch.states);
    policy_.head.log_prob(outputs, view(batch.actions), played_);
    policy_.head.entropy(outputs, entropies_);
    const auto entropy = static_cast<double>(nn::sum(entropies_)) / static_cast<double>(batch.steps());

    nn::Random rng = Streams{seed, Purpose::minibatches, number}.of(0);
    double gradient_norm = 0;
    for (std::size_t epoch = 0; epoch < options_.epochs; ++epoch) {
      shuffled_.shuffle(batch, experience_.advantages(), experience_.targets(), played_, rng);
      for (std::size_t first = 0; first < batch.steps(); first += options_.minibatch_size)
        gradient_norm = climb(first, std::min(options_.minibatch_size, batch.steps() - first));
    }
    return {batch.steps(), batch.episodes.size(), experience_.mean_return(), entropy, gradient_norm, played(batch)};
  }

 private:
  /// One step of the policy and one of the critic, on the steps first .. first + count - 1 of the new order.
  double climb(std::size_t first, std::size_t count) {
    const auto states = shuffled_.states.view().columns(first, count);
    const auto actions = columns(shuffled_.actions, first, count);
    const auto part = [&](nn::Vector& numbers) { return nn::VectorView(numbers).subspan(first, count); };
    const nn::VectorView log_probs = part(log_probs_), weights = part(weights_);
    const Scalar share = 1 / static_cast<Scalar>(count);

    const auto outputs = policy_.network.feedforward(states);
    policy_.head.log_prob(outputs, actions, log_probs);
    clipped_surrogate(log_probs, part(shuffled_.log_probs), part(shuffled_.advantages), options_.clip, weights);
    nn::scale(share, weights);
    policy_.zero_gradients();
    output_gradient_.resize(outputs.rows(), count);
    policy_.head.weighted_score(outputs, actions, weights, output_gradient_);
    nn::fill(weights, options_.entropy_coefficient * share);
    policy_.head.entropy_gradient(outputs, weights, output_gradient_);
    policy_.network.backpropagate(output_gradient_);
    critic_.fit(states, part(shuffled_.targets));
    return policy_.ascend(options_.max_norm);
  }
  // #endregion update

  Policy<Head> policy_;
  Critic& critic_;
  PpoOptions options_;
  Experience<Env, Head> experience_;
  Minibatches<typename Head::Action> shuffled_;
  nn::Vector played_;  // log pi of the policy that played
  nn::Vector log_probs_, entropies_, weights_;
  nn::Matrix output_gradient_;
};

}  // namespace rl
