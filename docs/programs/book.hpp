#pragma once
/// What the programs of the chapters share: docs/programs/chNN.cpp prints every number of chapter NN, and draws its
/// figure. The example is the same throughout: probabilities (0.6, 0.4), action a = 0, return G = 2.
///
/// Everything is computed by the functions that train, in double precision.

#include <fmt/core.h>

#include <cmath>
#include <span>
#include <string>
#include <string_view>

#include "docs/programs/numerical_gradient.hpp"
#include "nn/arithmetic/matrix.hpp"
#include "nn/random.hpp"
#include "rl/categorical.hpp"

namespace book {

using nn::ConstMatrixView, nn::Matrix, nn::MatrixView, nn::Scalar, nn::Vector;
static_assert(nn::is_double, "the book is about what is exact");

struct Chapter {
  int number;
  void (*print)();
  std::string figure;     // its name in docs/figures
  std::string (*draw)();  // the picture, as SVG
};
std::span<const Chapter> chapters();

inline constexpr int a = 0;
inline constexpr Scalar G = 2;
/// log 0.6 and log 0.4, so that softmax gives (0.6, 0.4).
const Vector& logits();

inline ConstMatrixView column(const Vector& x) {
  return {x.data(), x.size(), 1};
}
inline MatrixView column(Vector& x) {
  return {x.data(), x.size(), 1};
}

Vector softmax(Vector z);
Scalar log_prob(const Vector& z, int action);
/// (one_hot(action) - softmax(z)) * weight, by the policy.
Vector inject(const Vector& z, int action, Scalar weight);

/// (+0.800, -0.800); what is 0 but for rounding is shown as 0.
std::string show(std::span<const Scalar> numbers, int digits = 3);
inline std::string show(const Vector& numbers, int digits = 3) {
  return show(std::span<const Scalar>(numbers), digits);
}
std::string show(Scalar x, int digits = 3);
inline std::string show(std::string_view text) {
  return std::string(text);
}
inline void title(std::string_view text) {
  fmt::print("\n{}\n", text);
}
void line(std::string_view label, const auto&... value) {  // the value, and how many digits it has
  fmt::print("  {:<48}{}\n", label, show(value...));
}

}  // namespace book
