#pragma once
/// A fully connected network: dense layers with an activation between them, the last layer linear.
///
/// feedforward gives the outputs; backpropagate takes dJ/d(outputs), whatever vector you inject there, and adds
/// dJ/d(parameters) to gradients(). That is all a policy gradient needs.       docs/02-backward.md, section 4

#include <cstddef>
#include <span>
#include <vector>

#include "nn/activation.hpp"
#include "nn/arithmetic/matrix.hpp"
#include "nn/random.hpp"
#include "nn/states.hpp"

namespace nn {

class Network;

/// What a network made of some states, layer by layer: all that backpropagate needs to know. One column per state.
class Activations {
 public:
  /// Room for `columns` states; what was there is forgotten. Memory is only ever added, so a loop does not allocate.
  void resize(const Network& network, std::size_t columns);
  /// The columns first .. first + other.columns() - 1 become those of `other`, which is of a network of the same sizes.
  void put(std::size_t first, const Activations& other);
  std::size_t columns() const { return columns_; }
  StatesView states() const { return is_sparse_ ? StatesView(SparseView(nonzeros_)) : StatesView(layer(0)); }
  ConstMatrixView outputs() const { return layer(layers_.size() - 1); }

 private:
  friend class Network;
  ConstMatrixView layer(std::size_t l) const { return layers_[l].view().columns(0, columns_); }
  MatrixView layer(std::size_t l) { return layers_[l].view().columns(0, columns_); }
  void pick(ConstMatrixView states);

  std::size_t columns_ = 0;
  std::vector<Matrix> layers_;  // layers_[0] the states, layers_[l + 1] the outputs of layer l
  bool is_sparse_ = false;
  SparseMatrix nonzeros_;  // the states, of a sparse network
};

/// Room for dJ/d(outputs of a hidden layer), of the layer at hand and of the one before it.
struct Deltas {
  Matrix now, next;
};

class Network {
 public:
  /// sizes {4, 32, 2}: 4 inputs, one hidden layer of 32, 2 outputs. Biases start at 0. Weights of a layer with n
  /// inputs are uniform with variance 1/n (2/n with relu), so that sums keep the size of their inputs; the last
  /// layer's are multiplied by output_gain (a policy that starts with small logits starts near uniform).
  /// With `nonzeros`, about so many numbers of a state are not 0: they are the n of the first layer, which skips the
  /// zeros (sparse.hpp). Nothing else changes: any network takes any states, dense or sparse. Throws
  /// std::invalid_argument for fewer than two sizes or a size of 0.
  Network(std::vector<std::size_t> sizes, Activation hidden, Random& rng, Scalar output_gain = 1,
          std::size_t nonzeros = 0);

  /// Outputs (a policy's logits), one column per state; valid until the next call. Remembers what backpropagate
  /// needs. Throws std::invalid_argument for another number of features, no state, or a state that is not finite.
  ConstMatrixView feedforward(ConstMatrixView states);
  ConstMatrixView feedforward(const StatesView& states);

  /// Adds dJ/d(parameters) to gradients(), given output_gradient = dJ/d(outputs) of the last feedforward.
  /// With input_gradient (features x states), also overwrites that with dJ/d(states).
  /// Throws std::invalid_argument for another shape, or a gradient that is not finite.
  void backpropagate(ConstMatrixView output_gradient, MatrixView input_gradient = {});

  /// The same with a memory of the caller's own: many time steps can be remembered, and threads can share a network.
  /// `memory` becomes as large as it has to be; `gradients` is added to, and has as many numbers as there are
  /// parameters. Throws as above.
  ConstMatrixView feedforward(ConstMatrixView states, Activations& memory) const;
  ConstMatrixView feedforward(const StatesView& states, Activations& memory) const;
  void backpropagate(const Activations& memory, ConstMatrixView output_gradient, VectorView gradients, Deltas& deltas,
                     MatrixView input_gradient = {}) const;

  /// All weights and biases in one row: per layer W (outputs x inputs, row by row), then b; gradients() likewise. With
  /// sparse inputs the first W is inputs x outputs.
  VectorView parameters() { return parameters_; }
  ConstVectorView parameters() const { return parameters_; }
  VectorView gradients() { return gradients_; }
  ConstVectorView gradients() const { return gradients_; }
  void zero_gradients();

  const std::vector<std::size_t>& sizes() const { return sizes_; }
  Activation activation() const { return hidden_; }
  std::size_t layers() const { return sizes_.size() - 1; }
  bool is_sparse() const { return nonzeros_ > 0; }
  MatrixView weight(std::size_t layer) { return weight_in(VectorView(parameters_), layer); }
  ConstMatrixView weight(std::size_t layer) const { return weight_in(ConstVectorView(parameters_), layer); }
  VectorView bias(std::size_t layer) { return bias_in(VectorView(parameters_), layer); }
  ConstVectorView bias(std::size_t layer) const { return bias_in(ConstVectorView(parameters_), layer); }

 private:
  template <class T>
  BasicMatrixView<T> weight_in(std::span<T> flat, std::size_t layer) const {
    const std::size_t inputs = sizes_[layer], outputs = sizes_[layer + 1];
    if (layer == 0 && is_sparse()) return {flat.data(), inputs, outputs};
    return {flat.data() + offsets_[layer], outputs, inputs};
  }
  template <class T>
  std::span<T> bias_in(std::span<T> flat, std::size_t layer) const {
    return flat.subspan(offsets_[layer] + sizes_[layer + 1] * sizes_[layer], sizes_[layer + 1]);
  }

  void check_shape(std::size_t features, std::size_t states) const;
  ConstMatrixView run(Activations& memory) const;

  std::vector<std::size_t> sizes_;
  Activation hidden_;
  std::size_t nonzeros_;
  std::vector<std::size_t> offsets_;  // where each layer starts in the flat vectors
  Vector parameters_, gradients_;
  Activations memory_;  // of the last feedforward
  Deltas deltas_;
};

}  // namespace nn
