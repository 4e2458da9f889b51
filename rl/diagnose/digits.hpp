#pragma once
/// How many digits the numbers of a row foretell.                                  Read next: match.cpp, match2.cpp.

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>

#include "rl/diagnose/match.hpp"

namespace rl {

inline double size(Number x) {
  return std::isfinite(x.value) ? std::abs(x.value) : 0;
}

inline double largest(std::span<const Number> numbers) {
  double result = 0;
  for (const Number& x : numbers) result = std::max(result, size(x));
  return result;
}

inline std::span<const Number> row_of(const Grid& g, std::size_t r) {
  return {g.cells.data() + r * g.cols, g.cols};
}

/// Are these other numbers than the right ones, and not the same times a constant? Where they are not, nothing can tell
/// the two apart, and nothing needs to: the numbers are right, whoever made them. What is not known says nothing.
inline bool differ(std::span<const Number> other, std::span<const Number> right) {
  std::size_t top = right.size();
  for (std::size_t i = 0; i < right.size(); ++i)
    if (other[i].known() && (top == right.size() || size(right[i]) > size(right[top]))) top = i;
  if (top == right.size()) return false;
  const double c = other[top].value != 0 ? right[top].value / other[top].value : 0;
  for (std::size_t i = 0; i < right.size(); ++i)
    if (other[i].known() && !(std::abs(c * other[i].value - right[i].value) <= 1e-9 * size(right[top]))) return true;
  return false;
}

/// Adds up the digits of one row. Numbers that are 0 on both sides show themselves, and add nothing.
struct Digits {
  double total = 0, best = 0;
  std::vector<double> row;
  void add(double size, double tolerance) {
    if (size > 0) row.push_back(std::clamp(std::log10(size / (tolerance + 1e-300)), 0., 15.));
  }
  /// The row is over; its best numbers are spoken for: one by the others of the row, `free` by free constants.
  void end_of_row(bool tied, std::size_t free = 0) {
    std::ranges::sort(row, std::greater{});
    const std::size_t spoken_for = std::min(row.size(), (tied && row.size() > 1 ? 1 : 0) + free);
    for (std::size_t i = spoken_for; i < row.size(); ++i) total += row[i], best = std::max(best, row[i]);
    row.clear();
  }
};

inline constexpr double roundings = 16;  // a handful of operations on numbers of this size

}  // namespace rl
