/// Mistakes with one free number in a formula that bends with it: the number is found by least squares.

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "rl/diagnose/hypotheses.hpp"

namespace rl {
namespace {

constexpr std::size_t rows_to_fit = 200;

/// How far d is from c times the prediction, each number in units of its error; c is the best one.
double distance(const Samples& s, const Series& w, const Family& family, double number) {
  const std::size_t rows = std::min(s.steps, rows_to_fit);
  double size = 0, xy = 0, xx = 0;
  for (std::size_t i = 0; i < rows * s.d.cols; ++i) size = std::max(size, std::abs(s.d.cells[i].value));
  Grid d(rows, s.d.cols);
  std::vector<double> weight;
  for (std::size_t t = 0; t < rows; ++t) {
    const Row row{&d(t, 0), d.cols};
    family.predict(Step{s, w, t}, number, row);
    for (std::size_t k = 0; k < d.cols; ++k) {
      if (!row[k].known()) return HUGE_VAL;
      const double error = s.d(t, k).error + row[k].error + 16 * s.rounding * size + 1e-300;
      weight.push_back(1 / error / error);
      xy += weight.back() * s.d(t, k).value * row[k].value, xx += weight.back() * row[k].value * row[k].value;
    }
  }
  if (!(xx > 0)) return HUGE_VAL;
  double sum = 0;
  for (std::size_t i = 0; i < d.cells.size(); ++i) {
    const double left = s.d.cells[i].value - xy / xx * d.cells[i].value;
    sum += weight[i] * left * left;
  }
  return sum;
}

/// Where f is smallest between a and b, if it has one valley there.
double golden_section(double a, double b, const auto& f) {
  const double golden = 0.6180339887498949;
  double x = b - golden * (b - a), y = a + golden * (b - a), fx = f(x), fy = f(y);
  for (int i = 0; i < 70; ++i)
    if (fx < fy) {
      b = y, y = x, fy = fx, x = b - golden * (b - a), fx = f(x);
    } else {
      a = x, x = y, fx = fy, y = a + golden * (b - a), fy = f(y);
    }
  return (a + b) / 2;
}

/// The number with the smallest distance. It is looked for in every valley of a grid that is evenly spaced in the
/// logarithm: the deepest one may be so narrow that no point of the grid is near its ground.
std::optional<double> fitted(const Samples& s, const Series& w, const Family& family) {
  constexpr std::size_t steps = 40;
  const double low = std::log(family.low), width = (std::log(family.high) - low) / steps;
  const auto at = [&](double log_number) { return distance(s, w, family, std::exp(log_number)); };
  std::vector<double> distances;
  for (std::size_t i = 0; i <= steps; ++i) distances.push_back(at(low + double(i) * width));
  std::optional<double> best;
  double least = HUGE_VAL;
  for (std::size_t i = 1; i < steps; ++i) {
    if (distances[i] > distances[i - 1] || distances[i] > distances[i + 1]) continue;
    const double x = golden_section(low + double(i - 1) * width, low + double(i + 1) * width, at);
    if (const double d = at(x); d < least) least = d, best = std::exp(x);
  }
  return best;
}

}  // namespace

bool explain_families(const Samples& s, const Series& w, Diagnosis& diagnosis) {
  Finding finding{"output", {}, {}};
  for (const Family& family : catalogue().formulas.families) {
    const double number = fitted(s, w, family).value_or(family.nothing);
    if (std::abs(number - family.nothing) <= 1e-3 * std::max(number, family.nothing)) continue;
    Samples with_its_error = s;  // the number is known no better than the digits from which it was made
    for (Number& x : with_its_error.d.cells) x.error *= 1.5;
    const Match m = match(with_its_error.d, predict(s, w, family, number), 4 * s.rounding);
    if (!m.agrees || m.vague || !known_constant(s, m.c) || m.digits - m.best < enough_digits) continue;
    finding.names.push_back(family.name);
    finding.evidence.push_back(fmt::format("{} of {} rows equal {}{} {}", s.steps, s.steps,
                                           known_constant(s, m.c) ? "" : constant_in_words(s, m.c) + " times: ",
                                           family.formula, fmt::format("{:.4g}", number)));
  }
  if (finding.names.empty()) return false;
  describe(s, w, finding.evidence);
  diagnosis.findings.push_back(std::move(finding));
  return true;
}

}  // namespace rl
