#pragma once
/// The softmax policy of a finite set of actions: pi(a | s) = softmax(logits)[a].   docs/00-the-question.md
///
/// It knows five things: how to sample, the mode, log_prob, entropy and weighted_score, each for a whole batch, one
/// column per state. Shapes are the caller's promise (assert).

#include <span>
#include <string_view>
#include <vector>

#include "nn/arithmetic/matrix.hpp"
#include "rl/distribution.hpp"

namespace rl {

class Categorical : public DiscreteDistribution {
 public:
  using DiscreteDistribution::log_prob, DiscreteDistribution::mode, DiscreteDistribution::sample,
      DiscreteDistribution::weighted_score;
  std::unique_ptr<Distribution> clone() const override { return std::make_unique<Categorical>(*this); }
  std::string_view name() const override { return "categorical"; }

  /// Says how many actions there are; without a number it takes any.
  explicit Categorical(std::size_t actions = 0) : outputs_(actions) {}

  std::size_t outputs() const override { return outputs_; }  // rows that the network must give; 0: any number
  std::size_t uniforms_per_action() const override { return 1; }

  /// actions[t] drawn with probability softmax(logits)[., t]: the first action whose cumulative probability is
  /// above u[t], a number in [0, 1). An action of probability 0 is never drawn.
  void sample(ConstMatrixView logits, std::span<const double> u, MatrixView actions) override;

  /// actions[t] = the most probable action; the first of equals. For playing, never for learning.
  void mode(ConstMatrixView logits, MatrixView actions) override;

  /// result[t] = log pi(actions[t] | s_t).                                               Eq. (0.3)
  /// Throws std::invalid_argument for an action that does not exist; so does weighted_score.
  void log_prob(ConstMatrixView logits, ConstMatrixView actions, VectorView result) override;

  /// result[t] = - sum_k pi_k log pi_k, in nats: 0 when certain, log(actions) when uniform.
  void entropy(ConstMatrixView logits, VectorView result) override;

  /// The gradient of weights[t] * log pi(actions[t] | s_t) with respect to the logits:    Eq. (0.6)
  ///   output_gradient(., t) = (one_hot(actions[t]) - softmax(logits)(., t)) * weights[t]
  /// This is what is injected into Network::backpropagate. With every weight 1 it is the score.
  void weighted_score(ConstMatrixView logits, ConstMatrixView actions, ConstVectorView weights,
                      MatrixView output_gradient) override;

  /// Adds the gradient of weights[t] * entropy(t) with respect to the logits, for an entropy bonus:
  ///   output_gradient(k, t) += -weights[t] * pi_k (log pi_k + entropy(t)),
  /// finite at extreme logits. Read next: gaussian.hpp.
  void entropy_gradient(ConstMatrixView logits, ConstVectorView weights, MatrixView output_gradient) override;

 private:
  std::size_t outputs_;
  nn::Matrix probs_, log_probs_;
  nn::Vector largest_, mean_distance_;
};

}  // namespace rl
