#include "nn/loss.hpp"

#include <fmt/core.h>

#include <stdexcept>

#include "nn/arithmetic/elementary.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "nn/softmax.hpp"

namespace nn {
namespace {

void check_labels(std::string_view who, std::size_t classes, std::span<const int> labels) {
  for (std::size_t t = 0; t < labels.size(); ++t)
    if (labels[t] < 0 || static_cast<std::size_t>(labels[t]) >= classes)
      throw std::invalid_argument(
          fmt::format("{}: expected labels from 0 to {}, got {} in column {}", who, classes - 1, labels[t], t));
}

/// One weight for every column.
Vector mean_weights(ConstMatrixView Y) {
  return Vector(Y.cols(), Scalar(2) / static_cast<Scalar>(Y.rows() * Y.cols()));
}

}  // namespace

Scalar cross_entropy(ConstMatrixView Z, std::span<const int> labels, ConstVectorView weights) {
  assert(labels.size() == Z.cols() && weights.size() == Z.cols());
  check_labels("cross_entropy", Z.rows(), labels);
  Matrix log_probs(Z.rows(), Z.cols());
  log_softmax(Z, log_probs);
  return -sum_of(Z.cols(),
                 [&](std::size_t t) { return weights[t] * log_probs(static_cast<std::size_t>(labels[t]), t); });
}

// #region cross-entropy-gradient
void cross_entropy_gradient(ConstMatrixView Z, std::span<const int> labels, ConstVectorView weights, MatrixView dZ) {
  assert(labels.size() == Z.cols() && weights.size() == Z.cols());
  check_labels("cross_entropy", Z.rows(), labels);
  softmax(Z, dZ);
  for (std::size_t k = 0; k < dZ.rows(); ++k)
    for (std::size_t t = 0; t < dZ.cols(); ++t) {
      const Scalar one_hot = labels[t] == static_cast<int>(k) ? 1 : 0;
      dZ(k, t) = (dZ(k, t) - one_hot) * weights[t];
    }
}
// #endregion cross-entropy-gradient

Scalar logistic_loss(ConstMatrixView Z, std::span<const int> labels, ConstVectorView weights) {
  assert(Z.rows() == 1 && labels.size() == Z.cols() && weights.size() == Z.cols());
  check_labels("logistic_loss", 2, labels);
  return -sum_of(Z.cols(),
                 [&](std::size_t t) { return weights[t] * log_sigmoid(labels[t] == 1 ? Z(0, t) : -Z(0, t)); });
}

void logistic_loss_gradient(ConstMatrixView Z, std::span<const int> labels, ConstVectorView weights, MatrixView dZ) {
  assert(Z.rows() == 1 && labels.size() == Z.cols() && weights.size() == Z.cols());
  assert(dZ.rows() == 1 && dZ.cols() == Z.cols());
  check_labels("logistic_loss", 2, labels);
  for (std::size_t t = 0; t < Z.cols(); ++t)
    dZ(0, t) = (sigmoid(Z(0, t)) - static_cast<Scalar>(labels[t])) * weights[t];
}

Scalar squared_error(ConstMatrixView Y, ConstMatrixView target, ConstVectorView weights) {
  assert(Y.rows() == target.rows() && Y.cols() == target.cols() && weights.size() == Y.cols());
  Scalar total = 0;
  for (std::size_t r = 0; r < Y.rows(); ++r)
    total += sum_of(Y.cols(), [&](std::size_t t) {
      const Scalar error = Y(r, t) - target(r, t);
      return weights[t] * error * error;
    });
  return total / 2;
}

void squared_error_gradient(ConstMatrixView Y, ConstMatrixView target, ConstVectorView weights, MatrixView dY) {
  assert(Y.rows() == target.rows() && Y.cols() == target.cols() && weights.size() == Y.cols());
  for (std::size_t r = 0; r < Y.rows(); ++r)
    for (std::size_t t = 0; t < Y.cols(); ++t) dY(r, t) = (Y(r, t) - target(r, t)) * weights[t];
}

Scalar mean_squared_error(ConstMatrixView Y, ConstMatrixView target) {
  return squared_error(Y, target, mean_weights(Y));
}

void mean_squared_error_gradient(ConstMatrixView Y, ConstMatrixView target, MatrixView dY) {
  squared_error_gradient(Y, target, mean_weights(Y), dY);
}

}  // namespace nn
