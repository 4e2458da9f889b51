/// What a learner's rows show by themselves, before any hypothesis is asked.

#include <fmt/core.h>

#include <algorithm>
#include <functional>

#include "rl/diagnose/digits.hpp"
#include "rl/diagnose/hypotheses.hpp"

namespace rl {
namespace {

std::string shown(ConstRow row) {
  std::string text;
  for (const Number& x : row.first(std::min<std::size_t>(row.size(), 4)))
    text += fmt::format("{}{:.4g}", text.empty() ? "" : ", ", x.value + 0.);  // 0, not -0
  return "(" + text + (row.size() > 4 ? ", ...)" : ")");
}

/// The sums of what is injected, row by row, where they are not 0: those of right rows are, as far as floats know. A
/// row may be what is left of numbers as large as the largest.
std::vector<double> excesses(const Samples& s) {
  std::vector<double> result;
  const double floats = 16 * 0x1p-24 * largest(s.d.cells);
  for (std::size_t t = 0; t < s.steps; ++t) {
    Number total;
    for (const Number& x : row_of(s.d, t)) total += x;
    result.push_back(std::abs(total.value) > total.error + floats ? total.value : 0);
  }
  return result;
}

}  // namespace

bool rows_sum_to_zero(const Samples& s) {
  if (s.gaussian) return true;  // nothing ties them
  return std::ranges::all_of(excesses(s), [](double x) { return x == 0; });
}

namespace {

/// A value that stands in all columns is no gradient of anything.
void rows_of_one_number(const Samples& s, std::vector<std::string>& evidence) {
  std::size_t rows = 0;
  for (std::size_t t = 0; t < s.steps && s.d.cols > 1; ++t)
    rows += std::ranges::all_of(row_of(s.d, t), [&](Number x) { return x.value != 0 && x.value == s.d(t, 0).value; });
  if (rows > 0 && rows == s.steps)
    evidence.push_back(
        fmt::format("in {} of {} rows one number stands in every column: a value, and no gradient", rows, s.steps));
}

}  // namespace

/// What can be seen without any hypothesis, in words; and one row beside the right one.
void describe(const Samples& s, const Series& w, std::vector<std::string>& evidence) {
  rows_of_one_number(s, evidence);
  if (!s.gaussian) {
    std::size_t zeros = 0;
    for (std::size_t t = 0; t < s.steps; ++t) {
      bool others_zero = true;
      for (std::size_t k = 0; k < s.outputs; ++k) others_zero &= k == s.action[t] || s.d(t, k).value == 0;
      zeros += others_zero;
    }
    if (zeros == s.steps)
      evidence.push_back(fmt::format(
          "the columns of the other actions are 0 in {} of {} rows; a right row has no zeros there", zeros, s.steps));
    std::size_t off = 0;
    double worst = 0;
    for (const double total : excesses(s)) {
      off += total != 0;
      if (std::abs(total) > std::abs(worst)) worst = total;
    }
    if (off > 0)
      evidence.push_back(
          fmt::format("{} of {} rows do not sum to 0, the worst to {:.4g}; a right row does", off, s.steps, worst));
  }
  if (w.empty()) return;
  const Grid right = predict(s, w, s.gaussian ? right_gaussian : right_categorical);
  const double sign = s.sign.value_or(1);
  for (std::size_t t = 0; t < s.steps; ++t) {
    Grid expected(1, s.d.cols);
    double far = 0;
    for (std::size_t k = 0; k < s.d.cols; ++k) {
      expected.cells[k] = sign * right(t, k);
      far = std::max(far, std::abs(expected.cells[k].value - s.d(t, k).value) - 1e-3 * std::abs(s.d(t, k).value));
    }
    if (far <= 0) continue;
    evidence.push_back(
        fmt::format("row {}: got {}, expected {}", s.row(t), shown(row_of(s.d, t)), shown(expected.cells)));
    return;
  }
}

}  // namespace rl
