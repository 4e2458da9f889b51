#pragma once
/// The policy gradient: one number per step times the score, through the network.

#include <algorithm>
#include <span>

#include "nn/network.hpp"
#include "nn/vector_ops.hpp"
#include "rl/batch.hpp"
#include "rl/categorical.hpp"

namespace rl {

/// What a distribution must offer to be a policy. Categorical is one.
template <class Head>
concept PolicyHead = requires(Head head, ConstMatrixView outputs, std::span<const double> u,
                              Actions<typename Head::Action> drawn, const Actions<typename Head::Action> actions,
                              ConstVectorView weights, VectorView numbers, MatrixView output_gradient) {
  { head.uniforms_per_action() } -> std::convertible_to<std::size_t>;
  head.sample(outputs, u, drawn);
  head.mode(outputs, drawn);
  head.log_prob(outputs, actions, numbers);
  head.entropy(outputs, numbers);
  head.weighted_score(outputs, actions, weights, output_gradient);
  head.entropy_gradient(outputs, weights, output_gradient);
  { head.parameters() } -> std::same_as<VectorView>;  // what is learned outside the network
  { head.gradients() } -> std::same_as<VectorView>;
  head.zero_gradients();
};

// #region policy-gradient
/// Adds  sum_t weights[t] * grad_theta log pi(actions[t] | s_t)  to policy.gradients().   Eq. (0.10)
///
///   states  features x T     actions, a view of T columns     weights  T
/// The batch goes through in blocks of columns that stay in the cache; a block's size does not depend on anything
/// but T, so neither does a bit of the sum. Returns the policy's mean entropy over the states. Throws what the head
/// and the network throw. Read next: reinforce.hpp.
template <PolicyHead Head>
double accumulate_policy_gradient(nn::Network& policy, Head& head, ConstMatrixView states, const auto& actions,
                                  ConstVectorView weights, nn::Matrix& output_gradient) {
  constexpr std::size_t block = 256;
  Scalar entropy[block];
  double total_entropy = 0;
  for (std::size_t first = 0; first < states.cols(); first += block) {
    const std::size_t count = std::min(block, states.cols() - first);
    const auto outputs = policy.feedforward(states.columns(first, count));
    output_gradient.resize(outputs.rows(), count);
    head.weighted_score(outputs, columns(actions, first, count), weights.subspan(first, count), output_gradient);
    policy.backpropagate(output_gradient);
    head.entropy(outputs, {entropy, count});
    total_entropy += static_cast<double>(nn::sum({entropy, count}));
  }
  return total_entropy / static_cast<double>(states.cols());
}
// #endregion policy-gradient

}  // namespace rl
