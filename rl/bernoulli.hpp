#pragma once
/// The policy of two actions with one output: pi(1 | s) = sigmoid(z), pi(0 | s) = 1 - sigmoid(z).  docs/one-theorem.md
///
/// It is the softmax policy with logits (0, z): the same draws, probabilities and scores. Shapes are the caller's
/// promise (assert).

#include <span>
#include <string_view>
#include <vector>

#include "nn/arithmetic/matrix.hpp"
#include "rl/distribution.hpp"

namespace rl {

class Bernoulli : public DiscreteDistribution {
 public:
  using DiscreteDistribution::log_prob, DiscreteDistribution::mode, DiscreteDistribution::sample,
      DiscreteDistribution::weighted_score;
  std::unique_ptr<Distribution> clone() const override { return std::make_unique<Bernoulli>(*this); }
  std::string_view name() const override { return "bernoulli"; }

  std::size_t outputs() const override { return 1; }
  std::size_t uniforms_per_action() const override { return 1; }

  /// actions[t] = 1 where u[t] >= 1 - sigmoid(z), u in [0, 1). An action of probability 0 is never drawn.
  void sample(ConstMatrixView outputs, std::span<const double> u, MatrixView actions) override;

  /// actions[t] = the more probable action; 0 of equals. For playing, never for learning.
  void mode(ConstMatrixView outputs, MatrixView actions) override;

  /// result[t] = log pi(actions[t] | s_t), finite where the probability rounds to 0.       Eq. (11.6)
  /// Throws std::invalid_argument for an action that is neither 0 nor 1; so does weighted_score.
  void log_prob(ConstMatrixView outputs, ConstMatrixView actions, VectorView result) override;

  /// result[t] = -p log p - (1 - p) log (1 - p), in nats: 0 when certain, log 2 at z = 0.
  void entropy(ConstMatrixView outputs, VectorView result) override;

  /// The gradient of weights[t] * log pi(actions[t] | s_t) with respect to z:              Eq. (11.6)
  ///   output_gradient(0, t) = (actions[t] - sigmoid(z)) * weights[t]
  void weighted_score(ConstMatrixView outputs, ConstMatrixView actions, ConstVectorView weights,
                      MatrixView output_gradient) override;

  /// Adds the gradient of weights[t] * entropy(t): output_gradient(0, t) -= weights[t] * p (1 - p) z.
  /// Read next: policy_gradient.hpp.
  void entropy_gradient(ConstMatrixView outputs, ConstVectorView weights, MatrixView output_gradient) override;
};

}  // namespace rl
