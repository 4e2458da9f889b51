#pragma once
/// Training after pretraining: RLOO, GRPO and their kin. Episodes are sentences, steps are tokens; the reward comes at
/// the end, several episodes have the same start, and a reference policy says how far one may go.
///                                                                                  docs/16-tokens-are-actions.md

#include <cstdint>
#include <memory>
#include <span>

#include "rl/algorithm.hpp"
#include "rl/group_advantages.hpp"
#include "rl/kl_penalty.hpp"

namespace rl {

/// How an update weighs its tokens.
struct TokenOptions {
  Advantage advantage = Advantage::rloo;
  std::size_t group = 8;  // episodes with the same start
  std::size_t less = 1;   // grpo's deviation divides by group - less
  LengthNormalisation length = LengthNormalisation::none;
  std::size_t longest = 1;  // tokens that an episode can have
  Scalar kl = 0;            // beta: reward for a nat that the policy is away from the reference
  KlEstimator kl_estimator = KlEstimator::k1;
  bool kl_in_loss = false;
};

/// The advantage of every token: that of its episode, whose return is the sum of its rewards and, with the estimate in
/// the reward, of -beta k(log_ratios[t]).                                  Eq. (16.2), (16.3), (16.5), (16.9)
/// log_ratios[t] = log pi(a_t | s_t) - log ref(a_t | s_t) of the policy that played; may be empty when kl is 0.
void token_advantages(const TokenOptions& options, std::span<const Episode> episodes, ConstVectorView rewards,
                      ConstVectorView log_ratios, VectorView advantages);

/// From weights[t] = advantage, or ratio times advantage, to the number in front of the score:
///   weights[t] = (weights[t] - beta k'(log_ratios[t])) * share of the token               Eq. (16.7), (16.10)
/// where the middle term is there with the estimate in the loss; log_ratios are then of the policy as it is now.
void finish_weights(const TokenOptions& options, std::span<const Episode> episodes, ConstVectorView log_ratios,
                    VectorView weights);

struct PostTrainingOptions {
  TokenOptions tokens;
  Scalar clip = Scalar(0.2);  // PPO's epsilon
  std::size_t epochs = 1;     // gradients from the same episodes
  Scalar entropy_coefficient = 0, max_norm = 0;
};

/// One update: play, weigh, and climb `epochs` times with PPO's ratio and clip; the first ratio is 1. Read next:
/// sampling/player.hpp.
class PostTraining : public Algorithm {
 public:
  /// `reference` is what kl is measured from; the sampler plays groups of options.tokens.group with the same start.
  PostTraining(Policy& policy, PolicyOptimizer& optimizer, std::unique_ptr<Sampler> sampler, Policy reference,
               PostTrainingOptions options);
  UpdateReport update(std::uint64_t seed, std::uint64_t number) override;
  void coefficients(const Batch& batch, VectorView result) override;
  Policy& reference() { return reference_; }

 private:
  /// log pi of what was done, by the policy that played and by the reference. Returns the policy's mean entropy.
  double note_log_probs(const Batch& batch);
  double climb(const Batch& batch);

  Policy& policy_;
  PolicyOptimizer& optimizer_;
  std::unique_ptr<Sampler> sampler_;
  Policy reference_;
  PostTrainingOptions options_;
  nn::Activations activations_;
  nn::Vector old_log_probs_, reference_log_probs_, log_probs_, log_ratios_, advantages_, weights_, entropies_;
  nn::Vector entropy_weights_;
};

}  // namespace rl
