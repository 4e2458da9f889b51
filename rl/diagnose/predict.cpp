/// What a hypothesis predicts for every row, and how much its agreement is worth.

#include <algorithm>
#include <functional>

#include "rl/diagnose/hypotheses.hpp"

namespace rl {
namespace {

/// `row(i)` is the step that row i of the result is for.
Grid each_row(const Samples& s, const Series& weights, std::size_t rows, auto row, auto predict_row) {
  Grid result(rows, s.d.cols);
  std::optional<Number> mean;
  for (std::size_t i = 0; i < rows; ++i)
    predict_row(Step{s, weights, row(i), &mean}, Row{&result.cells[i * result.cols], result.cols});
  return result;
}
Grid each_row(const Samples& s, const Series& weights, auto predict_row) {
  return each_row(s, weights, s.steps, std::identity{}, predict_row);
}

}  // namespace

const Span& Step::episode() const {
  const auto after = std::ranges::upper_bound(all.episodes, t, {}, &Span::first);
  return *(after - 1);
}

Number Step::mean_weight() const {
  if (!*mean) {
    Number sum;
    for (const Number& x : weights) sum += x;
    *mean = sum / static_cast<double>(all.steps);
  }
  return **mean;
}

Grid predict(const Samples& s, const Series& weights, const Hypothesis& h) {
  return each_row(s, weights, h.predict);
}
Grid predict(const Samples& s, const Series& weights, const Hypothesis& h, std::span<const std::size_t> rows) {
  return each_row(
      s, weights, rows.size(), [&](std::size_t i) { return rows[i]; }, h.predict);
}
Grid predict(const Samples& s, const Series& weights, const Term& term) {
  return each_row(s, weights, term.predict);
}
Grid predict(const Samples& s, const Series& weights, const Term& term, std::span<const std::size_t> rows) {
  return each_row(
      s, weights, rows.size(), [&](std::size_t i) { return rows[i]; }, term.predict);
}
Grid predict(const Samples& s, const Series& weights, const Family& family, double number) {
  return each_row(s, weights, [&](const Step& step, Row d) { family.predict(step, number, d); });
}

double evidence(const Samples& s, const Match& m) {
  if (!m.agrees) return 0;
  return m.digits - (known_constant(s, m.c) ? known_constant_digits : m.best);
}

Grid column(const Series& numbers) {
  Grid result(numbers.size(), 1);
  result.cells = numbers;
  return result;
}

}  // namespace rl
