#pragma once
/// The example of docs/one-theorem.md, and how its numbers are made and printed.
///
/// A Gaussian with mu = 0.3, sigma = 0.5 took the action 1.1; softmax and Bernoulli have the numbers of page 0.

#include <fmt/core.h>

#include <string>
#include <string_view>

#include "docs/programs/numerical_gradient.hpp"
#include "nn/arithmetic/elementary.hpp"
#include "nn/arithmetic/matrix.hpp"
#include "rl/gaussian.hpp"

namespace theorem {

using book::numerical_gradient;
using nn::ConstMatrixView, nn::Matrix, nn::MatrixView, nn::Scalar;
using Numbers = nn::Vector;  // of one state: a column

inline constexpr Scalar G = 2, mu = Scalar(0.3), sigma = Scalar(0.5), x = Scalar(1.1);
inline const Numbers at = {mu, nn::log(sigma)};  // what the network gives

Matrix column(const Numbers& numbers);
Numbers row(ConstMatrixView X);
/// The same outputs, count times.
Matrix same(const Numbers& outputs, std::size_t count);
template <class Distribution, class Actions>
Numbers inject(Distribution distribution, const Numbers& outputs, const Actions& actions, Scalar weight) {
  Matrix result(outputs.size(), 1);
  distribution.weighted_score(column(outputs), actions, Numbers{weight}, result);
  return row(result);
}
template <class Distribution, class Actions>
Scalar log_prob(Distribution distribution, const Numbers& outputs, const Actions& actions) {
  Numbers result(1);
  distribution.log_prob(column(outputs), actions, result);
  return result[0];
}
template <class Distribution>
Scalar entropy(Distribution distribution, const Numbers& outputs) {
  Numbers result(1);
  distribution.entropy(column(outputs), result);
  return result[0];
}
inline rl::Gaussian gaussian(std::size_t dimensions = 1) {
  return {dimensions, rl::Spread::from_network};
}

std::string show(const Numbers& numbers);
std::string show(Scalar value);
void title(std::string_view text);
void line(std::string_view label, const auto&... value) {
  fmt::print("  {:<48}{}\n", label, show(value...));
}

}  // namespace theorem
