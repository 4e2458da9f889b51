#pragma once
/// A policy's distribution over actions, given what the network says of a state: sample, mode, log_prob, entropy, and
/// the score, each for a whole batch, one column per state. One virtual call serves the batch.

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "nn/arithmetic/matrix.hpp"

namespace rl {

using nn::ConstMatrixView;
using nn::ConstVectorView;
using nn::MatrixView;
using nn::Scalar;
using nn::VectorView;

/// `outputs` is what the network made of a batch of states, outputs() x batch. An action is a column of numbers: real
/// ones as they are, one of a finite set as its index. Shapes are the caller's promise (assert).
class Distribution {
 public:
  virtual ~Distribution() = default;
  virtual std::unique_ptr<Distribution> clone() const = 0;
  virtual std::string_view name() const = 0;

  virtual std::size_t outputs() const = 0;              // rows that the network must give; 0: any number
  virtual std::size_t uniforms_per_action() const = 0;  // random numbers that a sample takes

  /// What is learned outside the network, and its gradients; empty for most.
  virtual VectorView parameters() { return {}; }
  virtual VectorView gradients() { return {}; }
  virtual void zero_gradients() {}

  /// actions(., t) drawn from pi(. | s_t) with the uniform numbers u[d * batch + t] in [0, 1).
  virtual void sample(ConstMatrixView outputs, std::span<const double> u, MatrixView actions) = 0;
  /// actions(., t) = the most probable action. For playing, never for learning.
  virtual void mode(ConstMatrixView outputs, MatrixView actions) = 0;
  /// result[t] = log pi(actions(., t) | s_t). Throws std::invalid_argument for an action that does not exist; so does
  /// weighted_score.
  virtual void log_prob(ConstMatrixView outputs, ConstMatrixView actions, VectorView result) = 0;
  /// result[t] = the entropy of pi(. | s_t), in nats.
  virtual void entropy(ConstMatrixView outputs, VectorView result) = 0;
  /// output_gradient(., t) = weights[t] * the gradient of log pi(actions(., t) | s_t) with respect to the outputs. What
  /// is learned outside the network adds to gradients() here.
  virtual void weighted_score(ConstMatrixView outputs, ConstMatrixView actions, ConstVectorView weights,
                              MatrixView output_gradient) = 0;
  /// output_gradient(., t) += weights[t] * the gradient of the entropy. Read next: categorical.hpp.
  virtual void entropy_gradient(ConstMatrixView outputs, ConstVectorView weights, MatrixView output_gradient) = 0;
};

/// Of a finite set of actions: they may also be given as whole numbers, one per state, as one writes them on paper.
class DiscreteDistribution : public Distribution {
 public:
  using Distribution::log_prob, Distribution::mode, Distribution::sample, Distribution::weighted_score;
  void sample(ConstMatrixView outputs, std::span<const double> u, std::span<int> actions);
  void mode(ConstMatrixView outputs, std::span<int> actions);
  void log_prob(ConstMatrixView outputs, std::span<const int> actions, VectorView result);
  void weighted_score(ConstMatrixView outputs, std::span<const int> actions, ConstVectorView weights,
                      MatrixView output_gradient);
};

}  // namespace rl
