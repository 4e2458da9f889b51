#include "nn/network.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "nn/dense.hpp"
#include "nn/vector_ops.hpp"

namespace nn {
namespace {

void check_finite(std::string_view who, std::string_view what, ConstMatrixView X) {
  for (std::size_t r = 0; r < X.rows(); ++r) {
    const std::size_t t = first_not_finite(X.row(r));
    if (t < X.cols())
      throw std::invalid_argument(
          fmt::format("Network::{}: expected finite {}, got {} in row {}, column {}", who, what, X(r, t), r, t));
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
  outputs_.resize(sizes_.size());
  for (std::size_t l = 0; l < layers(); ++l) {
    const double variance = (hidden_ == Activation::relu ? 2. : 1.) / static_cast<double>(sizes_[l]);
    const double limit = std::sqrt(3 * variance) * (l + 1 == layers() ? static_cast<double>(output_gain) : 1.);
    for (Scalar& w : weight(l).flat()) w = static_cast<Scalar>(rng.uniform(-limit, limit));
  }
}

// #region feedforward
ConstMatrixView Network::feedforward(ConstMatrixView states) {
  if (states.rows() != sizes_.front())
    throw std::invalid_argument(
        fmt::format("Network::feedforward: expected {} features per state, got {}", sizes_.front(), states.rows()));
  if (states.cols() == 0) throw std::invalid_argument("Network::feedforward: expected at least 1 state, got 0");
  check_finite("feedforward", "states", states);
  outputs_[0].resize(states.rows(), states.cols());
  for (std::size_t r = 0; r < states.rows(); ++r) std::ranges::copy(states.row(r), outputs_[0].row(r).begin());
  for (std::size_t l = 0; l < layers(); ++l) {
    outputs_[l + 1].resize(sizes_[l + 1], states.cols());
    dense_forward(weight(l), bias(l), outputs_[l], outputs_[l + 1]);
    if (l + 1 < layers()) activation_forward(hidden_, outputs_[l + 1].flat());
  }
  return std::as_const(outputs_.back());
}
// #endregion feedforward

// #region backpropagate
void Network::backpropagate(ConstMatrixView output_gradient, MatrixView input_gradient) {
  const std::size_t batch = outputs_.back().cols();
  if (output_gradient.rows() != sizes_.back() || output_gradient.cols() != batch || batch == 0)
    throw std::invalid_argument(fmt::format(
        "Network::backpropagate: expected an output gradient of {} x {}, as the last feedforward gave, got {} x {}",
        sizes_.back(), batch, output_gradient.rows(), output_gradient.cols()));
  if (!input_gradient.empty() && (input_gradient.rows() != sizes_.front() || input_gradient.cols() != batch))
    throw std::invalid_argument(
        fmt::format("Network::backpropagate: expected an input gradient of {} x {}, got {} x {}", sizes_.front(), batch,
                    input_gradient.rows(), input_gradient.cols()));
  check_finite("backpropagate", "output gradients", output_gradient);
  ConstMatrixView dY = output_gradient;
  for (std::size_t l = layers(); l-- > 0;) {
    MatrixView dX = input_gradient;  // of the first layer only when somebody asks
    if (l > 0) {
      next_delta_.resize(sizes_[l], batch);
      dX = next_delta_;
    }
    dense_backward(weight(l), outputs_[l], dY, weight_in(gradients_, l), bias_in(gradients_, l), dX);
    if (l > 0) {
      activation_backward(hidden_, outputs_[l].flat(), next_delta_.flat());
      std::swap(delta_, next_delta_);
      dY = delta_;
    }
  }
}
// #endregion backpropagate

void Network::zero_gradients() {
  fill(gradients_, 0);
}

MatrixView Network::weight_in(VectorView flat, std::size_t layer) const {
  return {flat.data() + offsets_[layer], sizes_[layer + 1], sizes_[layer]};
}

VectorView Network::bias_in(VectorView flat, std::size_t layer) const {
  return flat.subspan(offsets_[layer] + sizes_[layer + 1] * sizes_[layer], sizes_[layer + 1]);
}

}  // namespace nn
