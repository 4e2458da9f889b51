#pragma once
/// PPO (Schulman et al. 2017) as one coefficient per step. The same batch is climbed several times; a step counts until
/// the policy has moved away from the one that played it.

#include <cstdint>
#include <memory>

#include "nn/arithmetic/matrix.hpp"
#include "rl/advantages.hpp"
#include "rl/algorithm.hpp"
#include "rl/minibatches.hpp"

namespace rl {

/// What the clipped surrogate says of a batch.
struct Surrogate {
  double objective = 0;      // mean over the steps, to be climbed
  double clip_fraction = 0;  // share of steps whose ratio is outside 1 +- epsilon
  double approx_kl = 0;      // mean of ratio - 1 - log ratio: how far the policy has moved, never negative
};

/// The objective of one step, with ratio = exp(log_prob - old_log_prob), is
///   min(ratio * A, clamp(ratio, 1 - epsilon, 1 + epsilon) * A),                              Eq. (10.13)
/// and its gradient is coefficient * grad log pi, with
///   weights[t] = ratio * A, or 0 where ratio has gone further than epsilon in the direction that A asks for.
/// So PPO injects coefficient times score, as REINFORCE does. `log_prob` is of the policy as it is now, `old_log_prob`
/// of the one that drew the actions. `weights` is overwritten.
/// Throws std::invalid_argument unless epsilon > 0 and there is a step.
Surrogate clipped_surrogate(ConstVectorView log_prob, ConstVectorView old_log_prob, ConstVectorView advantages,
                            Scalar epsilon, VectorView weights);

struct PpoOptions {
  Scalar clip = Scalar(0.2);  // epsilon
  std::size_t epochs = 10, minibatch_size = 64;
  Scalar entropy_coefficient = 0, max_norm = Scalar(0.5);
};

/// One update: play and let the critic weigh, as actor-critic does; then pass over the batch several times, in
/// minibatches, each time with the coefficient ratio * A_t / minibatch_size while it is not clipped. The last
/// minibatch of a pass may be smaller and is divided by the same number, so that a pass adds up all steps alike. The
/// critic learns from the same minibatches. Read next: sampling/player.hpp, where episodes come from.
class Ppo : public Algorithm {
 public:
  Ppo(Policy& policy, PolicyOptimizer& optimizer, Critic& critic, std::unique_ptr<Sampler> sampler,
      AdvantageOptions advantage, PpoOptions options);
  UpdateReport update(std::uint64_t seed, std::uint64_t number) override;
  void coefficients(const Batch& batch, VectorView result) override;

 private:
  /// Of the policy that played: log pi of what it did. Returns its mean entropy.
  double note_old_policy(const Batch& batch);
  /// One step of the policy and one of the critic. Returns the norm of the policy's gradient.
  double climb(const Minibatch& steps);

  Policy& policy_;
  PolicyOptimizer& optimizer_;
  Critic& critic_;
  std::unique_ptr<Sampler> sampler_;
  Advantages advantages_;
  PpoOptions options_;
  Minibatches minibatches_;
  nn::Activations activations_;
  nn::Vector old_log_probs_, log_probs_, entropies_, weights_, entropy_weights_;
};

}  // namespace rl
