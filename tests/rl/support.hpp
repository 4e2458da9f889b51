#pragma once
/// What tests of policies share: a policy and its optimizers in one line, and the gradient of a batch of states.

#include <memory>
#include <span>
#include <utility>

#include "rl/categorical.hpp"
#include "rl/policy_gradient.hpp"

namespace tests {

inline rl::Policy policy_of(nn::Network network, const rl::Distribution& distribution = rl::Categorical()) {
  return {std::move(network), distribution.clone()};
}

/// Two of a kind: one for the network, one for what the distribution learns by itself.
inline rl::PolicyOptimizer optimizer_of(nn::SgdOptions options) {
  return {std::make_unique<nn::Sgd>(options), std::make_unique<nn::Sgd>(options)};
}
inline rl::PolicyOptimizer optimizer_of(nn::AdamOptions options) {
  return {std::make_unique<nn::Adam>(options), std::make_unique<nn::Adam>(options)};
}

/// Whole numbers as a batch has them.
inline nn::Matrix row_of(std::span<const int> actions) {
  nn::Matrix row(1, actions.size());
  for (std::size_t t = 0; t < actions.size(); ++t) row(0, t) = static_cast<nn::Scalar>(actions[t]);
  return row;
}
/// The action of step t, as an index.
inline std::size_t index_at(const nn::Matrix& actions, std::size_t t) {
  return static_cast<std::size_t>(actions(0, t));
}

/// Feeds the states forward and adds the policy gradient of what was done in them.
inline void accumulate(rl::Policy& policy, nn::ConstMatrixView states, nn::ConstMatrixView actions,
                       nn::ConstVectorView weights, nn::ConstVectorView entropy_weights = {}) {
  nn::Activations activations;
  policy.network.feedforward(states, activations);
  rl::accumulate_policy_gradient(policy, activations, actions, weights, entropy_weights);
}

}  // namespace tests
