#pragma once
/// A fully connected network: dense layers with an activation between them, the last layer linear.
///
/// feedforward gives the outputs; backpropagate takes dJ/d(outputs), whatever vector you inject there, and adds
/// dJ/d(parameters) to gradients(). That is all a policy gradient needs.       docs/00-the-question.md, section 5

#include <cstddef>
#include <vector>

#include "nn/activation.hpp"
#include "nn/matrix.hpp"
#include "nn/random.hpp"

namespace nn {

class Network {
 public:
  /// sizes {4, 32, 2}: 4 inputs, one hidden layer of 32, 2 outputs. Biases start at 0. Weights of a layer with n
  /// inputs are uniform with variance 1/n (2/n with relu), so that sums keep the size of their inputs; the last
  /// layer's are multiplied by output_gain (a policy that starts with small logits starts near uniform).
  /// Throws std::invalid_argument for fewer than two sizes or a size of 0.
  Network(std::vector<std::size_t> sizes, Activation hidden, Random& rng, Scalar output_gain = 1);

  /// Outputs (a policy's logits), one column per state; valid until the next call. Remembers what backpropagate
  /// needs. Throws std::invalid_argument for another number of features, no state, or a state that is not finite.
  ConstMatrixView feedforward(ConstMatrixView states);

  /// Adds dJ/d(parameters) to gradients(), given output_gradient = dJ/d(outputs) of the last feedforward.
  /// With input_gradient (features x states), also overwrites that with dJ/d(states).
  /// Throws std::invalid_argument for another shape, or a gradient that is not finite.
  void backpropagate(ConstMatrixView output_gradient, MatrixView input_gradient = {});

  /// All weights and biases in one row: per layer W (outputs x inputs, row by row), then b; gradients() likewise.
  VectorView parameters() { return parameters_; }
  ConstVectorView parameters() const { return parameters_; }
  VectorView gradients() { return gradients_; }
  ConstVectorView gradients() const { return gradients_; }
  void zero_gradients();

  const std::vector<std::size_t>& sizes() const { return sizes_; }
  Activation activation() const { return hidden_; }
  std::size_t layers() const { return sizes_.size() - 1; }
  MatrixView weight(std::size_t layer) { return weight_in(parameters_, layer); }
  VectorView bias(std::size_t layer) { return bias_in(parameters_, layer); }

 private:
  MatrixView weight_in(VectorView flat, std::size_t layer) const;
  VectorView bias_in(VectorView flat, std::size_t layer) const;

  std::vector<std::size_t> sizes_;
  Activation hidden_;
  std::vector<std::size_t> offsets_;  // where each layer starts in the flat vectors
  Vector parameters_, gradients_;
  std::vector<Matrix> outputs_;  // outputs_[0] the states, outputs_[l + 1] of layer l
  Matrix delta_, next_delta_;    // dJ/d(output of a hidden layer)
};

}  // namespace nn
