/// What a learner's rows show by themselves, before any hypothesis is asked; and whether they show enough.

#include <fmt/core.h>

#include <algorithm>
#include <functional>

#include "rl/diagnose/hypotheses.hpp"

namespace rl {
namespace {

std::string shown(ConstRow row) {
  std::string text;
  for (const Number& x : row.first(std::min<std::size_t>(row.size(), 4)))
    text += fmt::format("{}{:.4g}", text.empty() ? "" : ", ", x.value + 0.);  // 0, not -0
  return "(" + text + (row.size() > 4 ? ", ...)" : ")");
}
ConstRow row(const Grid& g, std::size_t r) {
  return {&g.cells[r * g.cols], g.cols};
}

/// The sum of what is injected in row t, when it is not 0.
double excess(const Samples& s, std::size_t t) {
  Number total;
  double size = 0;
  for (const Number& x : row(s.d, t)) total += x, size = std::max(size, std::abs(x.value));
  return std::abs(total.value) > total.error + 64 * s.rounding * size ? total.value : 0;
}

}  // namespace

/// What can be seen without any hypothesis, in words; and one row beside the right one.
void describe(const Samples& s, const Series& w, std::vector<std::string>& evidence) {
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
    double largest = 0;
    for (std::size_t t = 0; t < s.steps; ++t) {
      const double total = excess(s, t);
      off += total != 0;
      if (std::abs(total) > std::abs(largest)) largest = total;
    }
    if (off > 0)
      evidence.push_back(
          fmt::format("{} of {} rows do not sum to 0, the worst to {:.4g}; a right row does", off, s.steps, largest));
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
    evidence.push_back(fmt::format("row {}: got {}, expected {}", t + 1, shown(row(s.d, t)), shown(expected.cells)));
    return;
  }
}

/// A third of the rows or more were printed with less than three digits. A row of zeros says that the weight was 0,
/// unless the action was almost certain.
bool too_few_digits(const Samples& s) {
  std::size_t vague = 0;
  for (std::size_t t = 0; t < s.steps; ++t) {
    const bool zero = std::ranges::all_of(row(s.d, t), [](Number x) { return x.value == 0; });
    vague += zero && !s.gaussian
                 ? s.p(t, s.action[t]).value > 0.99
                 : std::ranges::all_of(row(s.d, t), [](Number x) { return std::abs(x.value) <= 1000 * x.error; });
  }
  return 3 * vague > s.steps;
}

/// Where the policy is all but certain, the gradient of an entropy bonus is nearly as large as the rest.
bool mostly_certain(const Samples& s) {
  std::size_t certain = 0;
  for (std::size_t t = 0; t < s.steps && !s.gaussian; ++t)
    certain += std::ranges::any_of(row(s.p, t), [](Number p) { return p.value > 0.99; });
  return 2 * certain > s.steps;
}

/// Rows that sum to 0 and have no third number worth the name fit every shape that sums to 0, each with a weight of its
/// own.
bool shapeless(const Samples& s) {
  std::size_t shaped = 0;
  for (std::size_t t = 0; t < s.steps; ++t) {
    if (excess(s, t) != 0) return false;
    std::vector<double> sizes;
    for (const Number& x : row(s.d, t)) sizes.push_back(std::abs(x.value) / (x.error + 1e-300));
    std::ranges::sort(sizes, std::greater{});
    shaped += sizes.size() > 2 && sizes[2] > 100;
  }
  return 4 * shaped < s.steps;
}

}  // namespace rl
