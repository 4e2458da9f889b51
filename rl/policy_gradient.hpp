#pragma once
/// The policy gradient of a batch: from one weight per step to a gradient of every parameter. The one place where a
/// vector is injected into the network; every algorithm, every estimator of the oracle and every test goes through it.

#include "rl/policy.hpp"

namespace rl {

/// Adds  sum_t weights[t] * grad_theta log pi(actions(., t) | s_t)  to the policy's gradients.      Eq. (0.10)
///
///   states   what policy.network made of T states: network.feedforward(states, activations)
///   actions  numbers in an action x T          weights  T
/// With entropy_weights (T, or none) also  sum_t entropy_weights[t] * grad_theta of the entropy of pi(. | s_t), a bonus
/// for not being sure too early. Throws what the distribution and the network throw. Read next: returns.hpp.
void accumulate_policy_gradient(Policy& policy, const nn::Activations& states, ConstMatrixView actions,
                                ConstVectorView weights, ConstVectorView entropy_weights = {});

}  // namespace rl
