#pragma once
/// The policy of two actions with one output: pi(1 | s) = sigmoid(z), pi(0 | s) = 1 - sigmoid(z).  docs/one-theorem.md
///
/// It is the softmax policy with logits (0, z): the same draws, probabilities and scores. Shapes are the caller's
/// promise (assert).

#include <span>
#include <string_view>
#include <vector>

#include "nn/matrix.hpp"

namespace rl {

using nn::ConstMatrixView;
using nn::ConstVectorView;
using nn::MatrixView;
using nn::Scalar;
using nn::VectorView;

class Bernoulli {
 public:
  using Action = int;  // 0 or 1
  using Actions = std::vector<int>;
  static constexpr std::string_view name = "bernoulli";

  static constexpr std::size_t outputs() { return 1; }
  static constexpr std::size_t uniforms_per_action() { return 1; }
  /// Nothing is learned outside the network.
  VectorView parameters() { return {}; }
  VectorView gradients() { return {}; }
  void zero_gradients() {}

  /// actions[t] = 1 where u[t] >= 1 - sigmoid(z), u in [0, 1). An action of probability 0 is never drawn.
  void sample(ConstMatrixView outputs, std::span<const double> u, std::span<int> actions);

  /// actions[t] = the more probable action; 0 of equals. For playing, never for learning.
  void mode(ConstMatrixView outputs, std::span<int> actions);

  /// result[t] = log pi(actions[t] | s_t), finite where the probability rounds to 0.       Eq. (11.6)
  /// Throws std::invalid_argument for an action that is neither 0 nor 1; so does weighted_score.
  void log_prob(ConstMatrixView outputs, std::span<const int> actions, VectorView result);

  /// result[t] = -p log p - (1 - p) log (1 - p), in nats: 0 when certain, log 2 at z = 0.
  void entropy(ConstMatrixView outputs, VectorView result);

  /// The gradient of weights[t] * log pi(actions[t] | s_t) with respect to z:              Eq. (11.6)
  ///   output_gradient(0, t) = (actions[t] - sigmoid(z)) * weights[t]
  void weighted_score(ConstMatrixView outputs, std::span<const int> actions, ConstVectorView weights,
                      MatrixView output_gradient);

  /// Adds the gradient of weights[t] * entropy(t): output_gradient(0, t) -= weights[t] * p (1 - p) z.
  /// Read next: policy_gradient.hpp.
  void entropy_gradient(ConstMatrixView outputs, ConstVectorView weights, MatrixView output_gradient);
};

}  // namespace rl
