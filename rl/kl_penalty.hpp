#pragma once
/// How far has a policy gone from a reference? Three estimates from the action that was taken, and what each of them
/// injects when its gradient is taken (J. Schulman, Approximating KL Divergence, 2020).   docs/16-tokens-are-actions.md

#include "nn/arithmetic/matrix.hpp"

namespace rl {

/// Of x = log pi(a | s) - log ref(a | s), where a was drawn from pi. On average k1 and k3 are KL(pi, ref); k2 is near
/// it.
enum class KlEstimator {
  k1,  // x
  k2,  // x^2 / 2
  k3   // e^-x - 1 + x, never negative
};

/// The estimate itself, in nats: what belongs into a reward.                                     Eq. (16.8)
nn::Scalar kl_estimate(KlEstimator estimator, nn::Scalar x);

/// Its derivative along log pi(a | s), which is the number in front of the score when the estimate stands in the loss:
///   k1: 1        k2: x        k3: 1 - e^-x                                                      Eq. (16.10)
/// That of k1 is 0 on average, that of k2 the gradient of KL(pi, ref) in this state, that of k3 the one of KL(ref, pi).
/// Read next: group_advantages.hpp.
nn::Scalar kl_slope(KlEstimator estimator, nn::Scalar x);

}  // namespace rl
