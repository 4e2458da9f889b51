#include "rl/policy.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "nn/arithmetic/vector_ops.hpp"

namespace rl {

Policy::Policy(nn::Network of_states, std::unique_ptr<Distribution> of_actions)
    : network(std::move(of_states)), distribution(std::move(of_actions)) {
  assert(distribution);
}

Policy::Policy(const Policy& other) : Policy(other.network, other.distribution->clone()) {}

void Policy::zero_gradients() {
  network.zero_gradients();
  distribution->zero_gradients();
}

void Policy::copy_parameters(const Policy& other) {
  std::ranges::copy(other.network.parameters(), network.parameters().begin());
  std::ranges::copy(other.distribution->parameters(), distribution->parameters().begin());
}

PolicyOptimizer::PolicyOptimizer(std::unique_ptr<nn::Optimizer> network, std::unique_ptr<nn::Optimizer> distribution)
    : network_(std::move(network)), distribution_(std::move(distribution)) {}

// #region ascend
double PolicyOptimizer::ascend(Policy& policy, Scalar max_norm) {
  const VectorView gradients = policy.network.gradients(), own = policy.distribution->gradients();
  const Scalar norm = std::sqrt(nn::dot(gradients, gradients) + nn::dot(own, own));
  if (max_norm > 0 && norm > max_norm) {
    nn::scale(max_norm / norm, gradients);
    nn::scale(max_norm / norm, own);
  }
  if (norm != 0) {
    network_->ascend(policy.network.parameters(), gradients);
    if (!own.empty()) distribution_->ascend(policy.distribution->parameters(), own);
  }
  return static_cast<double>(norm);
}
// #endregion ascend

}  // namespace rl
