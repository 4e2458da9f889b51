#pragma once
/// The steps of a batch in another order, cut into minibatches: what PPO climbs several times.

#include <vector>

#include "nn/random.hpp"
#include "rl/batch.hpp"
#include "rl/distribution.hpp"

namespace rl {

/// Column t of everything is the same step.
struct Minibatch {
  nn::StatesView states;
  ConstMatrixView actions;
  ConstVectorView advantages, targets, old_log_probs;
};

class Minibatches {
 public:
  /// Draws a new order for the steps of a batch, with the log probabilities of the policy that played.
  void shuffle(const Batch& batch, ConstVectorView advantages, ConstVectorView targets, ConstVectorView old_log_probs,
               nn::Random& rng);
  /// The steps first .. first + count - 1 of the new order.
  Minibatch steps(std::size_t first, std::size_t count) const;

 private:
  void take(ConstVectorView from, VectorView to) const;

  std::vector<std::size_t> order_;
  nn::States states_;
  nn::Matrix actions_;
  nn::Vector advantages_, targets_, old_log_probs_;
};

}  // namespace rl
