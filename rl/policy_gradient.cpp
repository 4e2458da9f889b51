#include "rl/policy_gradient.hpp"

namespace rl {

// #region policy-gradient
void accumulate_policy_gradient(Policy& policy, const nn::Activations& states, ConstMatrixView actions,
                                ConstVectorView weights, ConstVectorView entropy_weights) {
  const ConstMatrixView outputs = states.outputs();
  nn::Matrix& output_gradient = policy.output_gradient;
  output_gradient.resize(outputs.rows(), outputs.cols());
  policy.distribution->weighted_score(outputs, actions, weights, output_gradient);  // (one_hot - probs) * weight
  if (!entropy_weights.empty()) policy.distribution->entropy_gradient(outputs, entropy_weights, output_gradient);
  policy.network.backpropagate(states, output_gradient, policy.network.gradients(), policy.deltas);
}
// #endregion policy-gradient

}  // namespace rl
