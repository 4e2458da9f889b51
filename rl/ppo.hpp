#pragma once
/// PPO (Schulman et al. 2017) as one weight per step. The same batch is climbed several times; a step counts until the
/// policy has moved away from the one that played it.

#include "nn/matrix.hpp"

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
/// Throws std::invalid_argument unless epsilon > 0 and there is a step. Read next: policy_gradient.hpp.
Surrogate clipped_surrogate(nn::ConstVectorView log_prob, nn::ConstVectorView old_log_prob,
                            nn::ConstVectorView advantages, nn::Scalar epsilon, nn::VectorView weights);

}  // namespace rl
