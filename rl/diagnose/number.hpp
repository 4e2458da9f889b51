#pragma once
/// A number that somebody printed: its value, and how far the printed digits may be from what the program had.
///
/// Arithmetic carries the error along, so a formula written with Numbers knows its own tolerance: 1/p is vague where
/// p = 0.000012 was printed with six decimals, and sharp where p = 0.5 was. Two numbers agree when they differ by no
/// more than their errors. An infinite error means: nothing is known.            Read next: match.hpp.

#include <cmath>
#include <limits>

namespace rl {

struct Number {
  double value = 0, error = 0;
  constexpr Number() = default;
  constexpr Number(double v) : value(v) {}  // NOLINT(google-explicit-constructor): formulas mix both
  constexpr Number(double v, double e) : value(v), error(e) {}
  bool agrees_with_nothing() const { return std::isnan(value) && !std::isinf(error); }
  bool known() const { return std::isfinite(value) && std::isfinite(error); }
};

/// What a formula gives where it has no meaning: agrees with nothing.
inline constexpr Number impossible{std::numeric_limits<double>::quiet_NaN(), 0};

/// A result of double arithmetic, itself rounded.
inline Number rounded(double value, double error) {
  return {value, error + std::abs(value) * 0x1p-52};
}
inline Number operator-(Number a) {
  return {-a.value, a.error};
}
inline Number operator+(Number a, Number b) {
  return rounded(a.value + b.value, a.error + b.error);
}
inline Number operator-(Number a, Number b) {
  return a + -b;
}
inline Number operator*(Number a, Number b) {
  const double error = std::abs(a.value) * b.error + std::abs(b.value) * a.error + a.error * b.error;
  if (!std::isnan(error)) return rounded(a.value * b.value, error);
  if ((a.value == 0 && a.error == 0) || (b.value == 0 && b.error == 0)) return 0;  // whatever the other is
  return {a.value * b.value, std::isinf(a.error + b.error) ? std::numeric_limits<double>::infinity() : error};
}
inline Number operator/(Number a, Number b) {
  const double nearest = std::abs(b.value) - b.error, quotient = a.value / b.value;
  if (!(nearest > 0)) return {quotient, std::numeric_limits<double>::infinity()};
  return rounded(quotient, (a.error + std::abs(quotient) * b.error) / nearest);
}
inline Number log(Number a) {
  const double nearest = a.value - a.error;
  if (!(nearest > 0)) return {std::log(a.value), std::numeric_limits<double>::infinity()};
  return rounded(std::log(a.value), a.error / nearest);
}
inline Number exp(Number a) {
  const double value = std::exp(a.value);
  return rounded(value, value * std::expm1(a.error));
}
inline Number tanh(Number x) {
  const double y = std::tanh(x.value);
  return rounded(y, (1 - y * y + 2 * x.error) * x.error);
}
inline Number sqrt(Number a) {
  const double root = std::sqrt(a.value);
  return rounded(root, root > 0 ? a.error / root : std::sqrt(a.error));
}
inline Number& operator+=(Number& a, Number b) {
  return a = a + b;
}

}  // namespace rl
