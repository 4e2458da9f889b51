#include "nn/network.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "nn/arithmetic/vector_ops.hpp"
#include "nn/dense.hpp"
#include "nn/sparse.hpp"

namespace nn {
namespace {

void check_finite(std::string_view who, std::string_view what, ConstMatrixView X) {
  const ConstMatrixView rows = X.joined();
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    const std::size_t i = first_not_finite(rows.row(r));
    if (i == rows.cols()) continue;
    const std::size_t row = rows.rows() == X.rows() ? r : i / X.cols(), t = i % X.cols();
    throw std::invalid_argument(
        fmt::format("Network::{}: expected finite {}, got {} in row {}, column {}", who, what, X(row, t), row, t));
  }
}

void check_finite(SparseView X) {
  bool finite = true;  // of a column, without a branch for each number
  for (std::size_t t = 0; t < X.cols(); ++t) {
    for (const Entry& x : X.column(t)) finite &= x.value - x.value == 0;
    for (const Entry& x : X.column(t))
      if (!finite && x.value - x.value != 0)
        throw std::invalid_argument(fmt::format(
            "Network::feedforward: expected finite states, got {} in row {}, column {}", x.value, x.row, t));
  }
}

void copy(ConstMatrixView from, MatrixView to) {
  if (from.stride() == to.stride()) from = from.joined(), to = to.joined();
  constexpr std::size_t some = 8;  // a length that the compiler knows: rows may be short
  const std::size_t rows = from.rows(), cols = from.cols(), step = from.stride(), to_step = to.stride();
  const Scalar* x = from.data();
  Scalar* y = to.data();
  for (std::size_t r = 0; r < rows; ++r, x += step, y += to_step) {
    std::size_t c = 0;
    for (; c + some <= cols; c += some) std::copy_n(x + c, some, y + c);
    for (; c < cols; ++c) y[c] = x[c];
  }
}

}  // namespace

Network::Network(std::vector<std::size_t> sizes, Activation hidden, Random& rng, Scalar output_gain,
                 std::size_t nonzeros)
    : sizes_(std::move(sizes)), hidden_(hidden), nonzeros_(nonzeros) {
  if (sizes_.size() < 2)
    throw std::invalid_argument(fmt::format("Network: expected at least 2 sizes, got {}", sizes_.size()));
  if (const auto zero = std::find(sizes_.begin(), sizes_.end(), 0u); zero != sizes_.end())
    throw std::invalid_argument(
        fmt::format("Network: expected sizes of at least 1, got 0 at position {}", zero - sizes_.begin()));
  std::size_t count = 0;
  for (std::size_t l = 0; l < layers(); ++l) {
    offsets_.push_back(count);
    count += sizes_[l + 1] * (sizes_[l] + 1);
  }
  parameters_.resize(count);
  gradients_.resize(count);
  for (std::size_t l = 0; l < layers(); ++l) {
    const std::size_t inputs = l == 0 && is_sparse() ? nonzeros_ : sizes_[l];
    const double variance = (hidden_ == Activation::relu ? 2. : 1.) / static_cast<double>(inputs);
    const double limit = std::sqrt(3 * variance) * (l + 1 == layers() ? static_cast<double>(output_gain) : 1.);
    for (Scalar& w : weight(l).flat()) w = static_cast<Scalar>(rng.uniform(-limit, limit));
  }
  if (is_sparse()) {  // the same weights, input by input
    const MatrixView W = weight(0);
    const Vector drawn(W.flat().begin(), W.flat().end());
    for (std::size_t i = 0; i < W.rows(); ++i)
      for (std::size_t o = 0; o < W.cols(); ++o) W(i, o) = drawn[o * W.rows() + i];
  }
}

void Activations::resize(const Network& network, std::size_t columns) {
  const std::vector<std::size_t>& sizes = network.sizes();
  // Rows that lie a multiple of 1 KB apart share few places of the cache; 64 bytes more keep them out of each other's
  // way.
  constexpr std::size_t line = 64 / sizeof(Scalar);
  const std::size_t stride = columns % (16 * line) == 0 ? columns + line : columns;
  columns_ = columns;
  layers_.resize(sizes.size());
  is_sparse_ = network.is_sparse();
  if (is_sparse_) nonzeros_.resize(sizes[0], columns);
  for (std::size_t l = is_sparse_; l < sizes.size(); ++l) layers_[l].resize(sizes[l], stride);
}

void Activations::put(std::size_t first, const Activations& other) {
  assert(layers_.size() == other.layers_.size() && first + other.columns() <= columns_);
  for (std::size_t c = 0; is_sparse_ && c < other.columns(); ++c) nonzeros_.put(first + c, other.nonzeros_.column(c));
  for (std::size_t l = is_sparse_; l < layers_.size(); ++l)
    copy(other.layer(l), layer(l).columns(first, other.columns()));
}

void Network::check_shape(std::size_t features, std::size_t states) const {
  if (features != sizes_.front())
    throw std::invalid_argument(
        fmt::format("Network::feedforward: expected {} features per state, got {}", sizes_.front(), features));
  if (states == 0) throw std::invalid_argument("Network::feedforward: expected at least 1 state, got 0");
}

void Activations::pick(ConstMatrixView states) {
  for (std::size_t t = 0; t < states.cols(); ++t) put_nonzeros(states, t, nonzeros_, t);
}

// #region feedforward
ConstMatrixView Network::feedforward(ConstMatrixView states) {
  return feedforward(states, memory_);
}

ConstMatrixView Network::feedforward(ConstMatrixView states, Activations& memory) const {
  check_shape(states.rows(), states.cols());
  check_finite("feedforward", "states", states);
  memory.resize(*this, states.cols());
  if (is_sparse())
    memory.pick(states);
  else
    copy(states, memory.layer(0));
  return run(memory);
}

ConstMatrixView Network::run(Activations& memory) const {
  // #region layers
  for (std::size_t l = 0; l < layers(); ++l) {
    if (l == 0 && is_sparse())
      sparse_forward(weight(0), bias(0), memory.nonzeros_, memory.layer(1));
    else
      dense_forward(weight(l), bias(l), memory.layer(l), memory.layer(l + 1));
    if (l + 1 < layers()) activation_forward(hidden_, memory.layer(l + 1));
  }
  // #endregion layers
  return memory.layer(layers());
}
// #endregion feedforward

ConstMatrixView Network::feedforward(const StatesView& states) {
  return feedforward(states, memory_);
}

ConstMatrixView Network::feedforward(const StatesView& states, Activations& memory) const {
  if (!states.is_sparse()) return feedforward(states.dense(), memory);
  const SparseView X = states.sparse();
  check_shape(X.rows(), X.cols());
  check_finite(X);
  memory.resize(*this, X.cols());
  if (is_sparse()) {
    for (std::size_t t = 0; t < X.cols(); ++t) memory.nonzeros_.put(t, X.column(t));
  } else {
    for (std::size_t row = 0; row < X.rows(); ++row) fill(memory.layer(0).row(row), 0);
    for (std::size_t t = 0; t < X.cols(); ++t)
      for (const Entry& x : X.column(t)) memory.layer(0)(x.row, t) = x.value;
  }
  return run(memory);
}

// #region backpropagate
void Network::backpropagate(ConstMatrixView output_gradient, MatrixView input_gradient) {
  backpropagate(memory_, output_gradient, gradients_, deltas_, input_gradient);
}

void Network::backpropagate(const Activations& memory, ConstMatrixView output_gradient, VectorView gradients,
                            Deltas& deltas, MatrixView input_gradient) const {
  const std::size_t batch = memory.columns();
  if (output_gradient.rows() != sizes_.back() || output_gradient.cols() != batch || batch == 0)
    throw std::invalid_argument(fmt::format(
        "Network::backpropagate: expected an output gradient of {} x {}, as the last feedforward gave, got {} x {}",
        sizes_.back(), batch, output_gradient.rows(), output_gradient.cols()));
  if (!input_gradient.empty() && (input_gradient.rows() != sizes_.front() || input_gradient.cols() != batch))
    throw std::invalid_argument(
        fmt::format("Network::backpropagate: expected an input gradient of {} x {}, got {} x {}", sizes_.front(), batch,
                    input_gradient.rows(), input_gradient.cols()));
  if (!input_gradient.empty() && is_sparse())
    throw std::invalid_argument("Network::backpropagate: expected no input gradient of sparse inputs, got one");
  if (gradients.size() != parameters_.size())
    throw std::invalid_argument(fmt::format("Network::backpropagate: expected {} gradients to add to, got {}",
                                            parameters_.size(), gradients.size()));
  check_finite("backpropagate", "output gradients", output_gradient);
  ConstMatrixView dY = output_gradient;
  for (std::size_t l = layers(); l-- > 0;) {
    if (l == 0 && is_sparse())
      return sparse_backward(memory.nonzeros_, dY, weight_in(gradients, 0), bias_in(gradients, 0));
    MatrixView dX = input_gradient;  // of the first layer only when somebody asks
    if (l > 0) {
      deltas.next.resize(sizes_[l], memory.layers_[l].cols());
      dX = deltas.next.view().columns(0, batch);
    }
    dense_backward(weight(l), memory.layer(l), dY, weight_in(gradients, l), bias_in(gradients, l), dX);
    if (l > 0) {
      activation_backward(hidden_, memory.layer(l), dX);
      std::swap(deltas.now, deltas.next);
      dY = dX;
    }
  }
}
// #endregion backpropagate

void Network::zero_gradients() {
  fill(gradients_, 0);
}

}  // namespace nn
