/// What a hypothesis predicts for every row, and how much its agreement is worth.

#include <algorithm>

#include "rl/diagnose/hypotheses.hpp"

namespace rl {
namespace {

template <class Predict>
Grid each_row(const Samples& s, const Series& weights, std::size_t rows, Predict predict_row) {
  Grid result(rows, s.d.cols);
  Number sum;
  for (const Number& w : weights) sum += w;
  for (std::size_t t = 0; t < rows; ++t)
    predict_row(Step{s, weights, t, sum / static_cast<double>(s.steps)},
                Row{&result.cells[t * result.cols], result.cols});
  return result;
}

}  // namespace

const Span& Step::episode() const {
  const auto after = std::ranges::upper_bound(all.episodes, t, {}, &Span::first);
  return *(after - 1);
}

Grid predict(const Samples& s, const Series& weights, const Hypothesis& h, std::size_t rows) {
  return each_row(s, weights, std::min(rows, s.steps), h.predict);
}
Grid predict(const Samples& s, const Series& weights, const Term& term) {
  return each_row(s, weights, s.steps, term.predict);
}
Grid predict(const Samples& s, const Series& weights, const Family& family, double number) {
  return each_row(s, weights, s.steps, [&](const Step& step, Row d) { family.predict(step, number, d); });
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
