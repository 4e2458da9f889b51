#include "rl/gaussian.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>

#include "nn/arithmetic/elementary.hpp"
#include "nn/arithmetic/normal.hpp"
#include "nn/arithmetic/vector_ops.hpp"

namespace rl {
namespace {

constexpr Scalar half_log_two_pi = Scalar(0.91893853320467274178);  // 1/2 log(2 pi)

void check_actions(std::string_view who, ConstMatrixView actions) {
  for (std::size_t d = 0; d < actions.rows(); ++d)
    if (const std::size_t t = nn::first_not_finite(actions.row(d)); t < actions.cols())
      throw std::invalid_argument(
          fmt::format("Gaussian::{}: expected finite actions, got {} in column {}", who, actions(d, t), t));
}

}  // namespace

Gaussian::Gaussian(std::size_t dimensions, Spread spread, Scalar log_sigma)
    : Gaussian(nn::Vector(dimensions, log_sigma), spread) {}

Gaussian::Gaussian(ConstVectorView log_sigma, Spread spread)
    : spread_(spread), log_sigma_(log_sigma.begin(), log_sigma.end()), gradients_(log_sigma.size()) {
  if (log_sigma_.empty()) throw std::invalid_argument("Gaussian: expected at least one dimension, got 0");
  for (const Scalar x : log_sigma_) {
    if (!(x >= lowest_log_sigma && x <= highest_log_sigma))
      throw std::invalid_argument(
          fmt::format("Gaussian: expected log sigma from {} to {}, got {}", lowest_log_sigma, highest_log_sigma, x));
    if (spread_ == Spread::from_network && x != 0)
      throw std::invalid_argument(fmt::format("Gaussian: expected log sigma from the network, got {} besides", x));
  }
}

void Gaussian::zero_gradients() {
  nn::fill(gradients_, 0);
}

/// For one dimension, in each column: log sigma, 1 / sigma, and the derivative of the one kept in range with respect to
/// the one given.
void Gaussian::read_spread(ConstMatrixView outputs, std::size_t dimension) {
  const std::size_t count = outputs.cols();
  for (nn::Vector* numbers : {&clamped_, &inverse_, &inside_}) numbers->resize(count);
  const auto read = [](Scalar given, Scalar& clamped, Scalar& inverse, Scalar& inside) {
    clamped = given < lowest_log_sigma ? lowest_log_sigma : given > highest_log_sigma ? highest_log_sigma : given;
    inverse = nn::exp(-clamped);
    inside = clamped == given ? 1 : 0;
  };
  if (spread_ == Spread::from_network) {
    const auto given = outputs.row(dimensions() + dimension);
    for (std::size_t t = 0; t < count; ++t) read(given[t], clamped_[t], inverse_[t], inside_[t]);
  } else {
    Scalar clamped, inverse, inside;
    read(log_sigma_[dimension], clamped, inverse, inside);
    nn::fill(clamped_, clamped), nn::fill(inverse_, inverse), nn::fill(inside_, inside);
  }
}

void Gaussian::sample(ConstMatrixView outputs, std::span<const double> u, MatrixView actions) {
  const std::size_t count = outputs.cols();
  assert(outputs.rows() == this->outputs() && u.size() == dimensions() * count);
  assert(actions.rows() == dimensions() && actions.cols() == count);
  for (std::size_t d = 0; d < dimensions(); ++d) {
    read_spread(outputs, d);
    const auto mu = outputs.row(d);
    const auto action = actions.row(d);
    for (std::size_t t = 0; t < count; ++t)
      action[t] = mu[t] + nn::exp(clamped_[t]) * nn::normal_quantile(u[d * count + t]);
  }
}

void Gaussian::mode(ConstMatrixView outputs, MatrixView actions) {
  assert(outputs.rows() == this->outputs() && actions.rows() == dimensions() && actions.cols() == outputs.cols());
  for (std::size_t d = 0; d < dimensions(); ++d) std::ranges::copy(outputs.row(d), actions.row(d).begin());
}

void Gaussian::log_prob(ConstMatrixView outputs, ConstMatrixView actions, VectorView result) {
  assert(outputs.rows() == this->outputs() && result.size() == outputs.cols());
  assert(actions.rows() == dimensions() && actions.cols() == outputs.cols());
  check_actions("log_prob", actions);
  nn::fill(result, 0);
  for (std::size_t d = 0; d < dimensions(); ++d) {
    read_spread(outputs, d);
    const auto mu = outputs.row(d), action = actions.row(d);
    for (std::size_t t = 0; t < result.size(); ++t) {
      const Scalar z = (action[t] - mu[t]) * inverse_[t];
      result[t] -= z * z / 2 + clamped_[t] + half_log_two_pi;
    }
  }
}

void Gaussian::entropy(ConstMatrixView outputs, VectorView result) {
  assert(outputs.rows() == this->outputs() && result.size() == outputs.cols());
  nn::fill(result, 0);
  for (std::size_t d = 0; d < dimensions(); ++d) {
    read_spread(outputs, d);
    for (std::size_t t = 0; t < result.size(); ++t) result[t] += clamped_[t] + (half_log_two_pi + Scalar(0.5));
  }
}

void Gaussian::weighted_score(ConstMatrixView outputs, ConstMatrixView actions, ConstVectorView weights,
                              MatrixView output_gradient) {
  assert(outputs.rows() == this->outputs() && weights.size() == outputs.cols());
  assert(actions.rows() == dimensions() && actions.cols() == outputs.cols());
  assert(output_gradient.rows() == outputs.rows() && output_gradient.cols() == outputs.cols());
  check_actions("weighted_score", actions);
  along_log_sigma_.resize(outputs.cols());
  for (std::size_t d = 0; d < dimensions(); ++d) {
    read_spread(outputs, d);
    const auto mu = outputs.row(d), action = actions.row(d);
    const auto along_mu = output_gradient.row(d);
    const auto along_log_sigma =
        spread_ == Spread::from_network ? output_gradient.row(dimensions() + d) : VectorView(along_log_sigma_);
    // #region score
    for (std::size_t t = 0; t < weights.size(); ++t) {
      const Scalar z = (action[t] - mu[t]) * inverse_[t];
      along_mu[t] = (action[t] - mu[t]) * (weights[t] * (inverse_[t] * inverse_[t]));  // label minus prediction
      along_log_sigma[t] = (z * z - 1) * (weights[t] * inside_[t]);                    // again: 1 is the mean of z^2
    }
    // #endregion score
    if (spread_ == Spread::learned) gradients_[d] += nn::sum(along_log_sigma_);
  }
}

void Gaussian::entropy_gradient(ConstMatrixView outputs, ConstVectorView weights, MatrixView output_gradient) {
  assert(outputs.rows() == this->outputs() && weights.size() == outputs.cols());
  assert(output_gradient.rows() == outputs.rows() && output_gradient.cols() == outputs.cols());
  if (spread_ == Spread::fixed) return;
  for (std::size_t d = 0; d < dimensions(); ++d) {
    read_spread(outputs, d);
    if (spread_ == Spread::learned) {
      gradients_[d] += nn::dot(weights, inside_);
    } else {
      const auto along_log_sigma = output_gradient.row(dimensions() + d);
      for (std::size_t t = 0; t < weights.size(); ++t) along_log_sigma[t] += weights[t] * inside_[t];
    }
  }
}

}  // namespace rl
