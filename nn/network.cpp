#include "nn/network.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "nn/arithmetic/vector_ops.hpp"
#include "nn/dense.hpp"

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

void copy(ConstMatrixView from, MatrixView to) {
  if (from.stride() == to.stride()) from = from.joined(), to = to.joined();
  constexpr std::size_t some = 8;  // a length that the compiler knows: rows may be short
  for (std::size_t r = 0; r < from.rows(); ++r) {
    const Scalar* x = from.row(r).data();
    Scalar* y = to.row(r).data();
    std::size_t c = 0;
    for (; c + some <= from.cols(); c += some) std::copy_n(x + c, some, y + c);
    for (; c < from.cols(); ++c) y[c] = x[c];
  }
}

}  // namespace

Network::Network(std::vector<std::size_t> sizes, Activation hidden, Random& rng, Scalar output_gain)
    : sizes_(std::move(sizes)), hidden_(hidden) {
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
    const double variance = (hidden_ == Activation::relu ? 2. : 1.) / static_cast<double>(sizes_[l]);
    const double limit = std::sqrt(3 * variance) * (l + 1 == layers() ? static_cast<double>(output_gain) : 1.);
    for (Scalar& w : weight(l).flat()) w = static_cast<Scalar>(rng.uniform(-limit, limit));
  }
}

void Activations::resize(const std::vector<std::size_t>& sizes, std::size_t columns) {
  // Rows that lie a multiple of 1 KB apart share few places of the cache; 64 bytes more keep them out of each other's
  // way.
  constexpr std::size_t line = 64 / sizeof(Scalar);
  const std::size_t stride = columns % (16 * line) == 0 ? columns + line : columns;
  columns_ = columns;
  layers_.resize(sizes.size());
  for (std::size_t l = 0; l < sizes.size(); ++l) layers_[l].resize(sizes[l], stride);
}

void Activations::put(std::size_t first, const Activations& other) {
  assert(layers_.size() == other.layers_.size() && first + other.columns() <= columns_);
  for (std::size_t l = 0; l < layers_.size(); ++l) copy(other.layer(l), layer(l).columns(first, other.columns()));
}

// #region feedforward
ConstMatrixView Network::feedforward(ConstMatrixView states) {
  return feedforward(states, memory_);
}

ConstMatrixView Network::feedforward(ConstMatrixView states, Activations& memory) const {
  if (states.rows() != sizes_.front())
    throw std::invalid_argument(
        fmt::format("Network::feedforward: expected {} features per state, got {}", sizes_.front(), states.rows()));
  if (states.cols() == 0) throw std::invalid_argument("Network::feedforward: expected at least 1 state, got 0");
  check_finite("feedforward", "states", states);
  memory.resize(sizes_, states.cols());
  copy(states, memory.layer(0));
  // #region layers
  for (std::size_t l = 0; l < layers(); ++l) {
    dense_forward(weight(l), bias(l), memory.layer(l), memory.layer(l + 1));
    if (l + 1 < layers()) activation_forward(hidden_, memory.layer(l + 1));
  }
  // #endregion layers
  return memory.layer(layers());
}
// #endregion feedforward

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
  if (gradients.size() != parameters_.size())
    throw std::invalid_argument(fmt::format("Network::backpropagate: expected {} gradients to add to, got {}",
                                            parameters_.size(), gradients.size()));
  check_finite("backpropagate", "output gradients", output_gradient);
  ConstMatrixView dY = output_gradient;
  for (std::size_t l = layers(); l-- > 0;) {
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
