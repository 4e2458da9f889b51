#pragma once
/// A policy pi(a | s): a network, and the distribution over actions that its outputs describe. They travel as one.

#include <memory>

#include "nn/network.hpp"
#include "nn/optimizer.hpp"
#include "rl/distribution.hpp"

namespace rl {

struct Policy {
  Policy(nn::Network of_states, std::unique_ptr<Distribution> of_actions);
  Policy(const Policy& other);
  Policy(Policy&&) = default;

  nn::Network network;
  std::unique_ptr<Distribution> distribution;  // never empty

  /// What accumulate_policy_gradient injected last, one column per state, and its room for going backwards.
  nn::Matrix output_gradient;
  nn::Deltas deltas;

  void zero_gradients();
  /// Becomes what `other` is, which has the same shape, without taking memory.
  void copy_parameters(const Policy& other);
};

/// Climbs: one optimizer for the network's parameters, and one for what the distribution learns by itself.
class PolicyOptimizer {
 public:
  PolicyOptimizer(std::unique_ptr<nn::Optimizer> network, std::unique_ptr<nn::Optimizer> distribution);

  /// One step up the policy's gradients, which together are first cut to max_norm (0: not). Returns their norm before.
  /// A gradient of exactly 0 leaves everything alone: Adam would still move, on the memory of older gradients. Throws
  /// std::invalid_argument when a gradient is not finite. Read next: policy_gradient.hpp.
  double ascend(Policy& policy, Scalar max_norm = 0);

  nn::Optimizer& of_network() { return *network_; }
  nn::Optimizer& of_distribution() { return *distribution_; }

 private:
  std::unique_ptr<nn::Optimizer> network_, distribution_;
};

}  // namespace rl
