#pragma once
/// How numbers are kept and shown.

#include <cstdio>
#include <stdexcept>

#include "tests/exercises/checks/check.hpp"

namespace exercises {
namespace {

/// One digit after the point, and never 0.
inline double handy(double number) {
  const double rounded = std::round(number * 10) / 10;
  return rounded == 0 ? 0.5 : rounded;
}
std::string formatted(const char* format, double number) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, format, number == 0 ? 0. : number);
  return buffer;
}

}  // namespace

inline void Trace::push(Case one) {
  const std::size_t need = 2 + one.numbers.size();
  if (mirror_ && static_cast<std::size_t>(mirror_end_ - mirror_) < need)
    throw std::length_error("far more numbers than were asked for");
  if (mirror_) {
    *mirror_++ = static_cast<double>(one.rows);
    *mirror_++ = static_cast<double>(one.cols);
    for (const double number : one.numbers) *mirror_++ = number;
    *used_ += need;
  }
  cases_.push_back(std::move(one));
}

inline void Trace::mirror(double* begin, double* end, std::size_t* used) {
  mirror_ = begin, mirror_end_ = end, used_ = used;
}

inline void Trace::add(std::string input, double number) {
  push({std::move(input), 1, 1, {number}});
}
inline void Trace::add(std::string input, const Vector& numbers) {
  push({std::move(input), numbers.size(), 1, numbers});
}
inline void Trace::add(std::string input, const std::vector<int>& numbers) {
  add(std::move(input), Vector(numbers.begin(), numbers.end()));
}
inline void Trace::add(std::string input, const Matrix& numbers) {
  push({std::move(input), numbers.rows(), numbers.cols(), {numbers.flat().begin(), numbers.flat().end()}});
}

inline double Numbers::next() {
  state_ = state_ * 1664525u + 1013904223u;
  return (state_ >> 8) / 8388608. - 1;
}
inline Vector Numbers::vector(std::size_t count) {
  Vector numbers(count);
  for (double& number : numbers) number = handy(3 * next());
  return numbers;
}
inline Vector Numbers::probs(std::size_t count) {
  Vector probs(count);
  double total = 0;
  for (double& p : probs) total += p = 1.1 + next();
  for (double& p : probs) p /= total;
  return probs;
}
inline Matrix Numbers::matrix(std::size_t rows, std::size_t cols) {
  Matrix numbers(rows, cols);
  for (nn::Scalar& number : numbers.flat()) number = handy(3 * next());
  return numbers;
}

inline std::string text(double number) {
  return formatted("%.6g", number);
}
inline std::string text(const Vector& numbers) {
  std::string result = "[";
  for (std::size_t i = 0; i < numbers.size(); ++i) result += (i ? ", " : "") + text(numbers[i]);
  return result + "]";
}
inline std::string text(const Matrix& numbers) {
  std::string result = "[";
  for (std::size_t r = 0; r < numbers.rows(); ++r)
    result += (r ? ", " : "") + text(Vector(numbers.row(r).begin(), numbers.row(r).end()));
  return result + "]";
}
inline std::string row(const Vector& numbers, int digits) {
  const std::string format = "%+." + std::to_string(digits) + "f";
  std::string result = "(";
  for (std::size_t i = 0; i < numbers.size(); ++i) result += (i ? ", " : "") + formatted(format.c_str(), numbers[i]);
  return result + ")";
}

}  // namespace exercises
