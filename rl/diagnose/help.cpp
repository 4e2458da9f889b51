/// When the cause is unknown: what is right all the same, what the wrong part is proportional to, and what would
/// decide.

#include <fmt/core.h>

#include <algorithm>

#include "rl/diagnose/hypotheses.hpp"

namespace rl {
namespace {

bool agrees(Number got, Number expected, double rounding) {
  return std::abs(got.value - expected.value) <=
         1.25 * (got.error + expected.error) + 64 * rounding * (std::abs(got.value) + std::abs(expected.value));
}

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(words.size(), 6); ++i) text += (i > 0 ? ", " : "") + words[i];
  return text + (words.size() > 6 ? ", ..." : "");
}

/// The constant in front that suits most rows: each row proposes its own.
double constant_of_most_rows(const Samples& s, const Grid& right) {
  double best = 1;
  std::size_t most = 0;
  for (const double c : plain_constants(s)) {
    std::size_t agreeing = 0;
    for (std::size_t i = 0; i < right.cells.size(); ++i)
      agreeing += right.cells[i].value != 0 && agrees(s.d.cells[i], c * right.cells[i], s.rounding);
    if (agreeing > most) most = agreeing, best = c;
  }
  return best;
}

void rows_and_columns(const Samples& s, const Grid& right, double c, std::vector<std::string>& evidence) {
  std::vector<std::string> good_rows, good_columns;
  for (std::size_t t = 0; t < s.steps; ++t) {
    bool good = true;
    for (std::size_t k = 0; k < s.d.cols; ++k) good &= agrees(s.d(t, k), c * right(t, k), s.rounding);
    if (good) good_rows.push_back(std::to_string(s.row(t)));
  }
  const auto column_name = [&](std::size_t k) {
    if (!s.gaussian) return fmt::format("d{}", k);
    if (s.has_mu_gradient && k < s.outputs) return fmt::format("dmu{}", k);
    return fmt::format("{}{}", s.log_sigma ? "dlog_sigma" : "dsigma", k % s.outputs);
  };
  for (std::size_t k = 0; k < s.d.cols; ++k) {
    bool good = true;
    for (std::size_t t = 0; t < s.steps; ++t) good &= agrees(s.d(t, k), c * right(t, k), s.rounding);
    if (good) good_columns.push_back(column_name(k));
  }
  if (!good_rows.empty())
    evidence.push_back(
        fmt::format("right all the same: {} of {} rows ({})", good_rows.size(), s.steps, listed(good_rows)));
  if (!good_columns.empty())
    evidence.push_back(
        fmt::format("right all the same: the column{} {}", good_columns.size() == 1 ? "" : "s", listed(good_columns)));
}

/// Is what is left over a multiple of something that a program has at hand?
void remainder(const Samples& s, const Series& w, const Grid& right, double c, std::vector<std::string>& evidence) {
  Grid rest = s.d;
  for (std::size_t i = 0; i < rest.cells.size(); ++i) rest.cells[i] += -(c * right.cells[i]);
  struct Shape {
    std::string_view words;
    void (*fill)(const Step& s, Row d);
  };
  static constexpr Shape shapes[] = {
      {"p", [](const Step& step, Row d) { std::ranges::copy(step.p(), d.begin()); }},
      {"the one-hot vector", [](const Step& step, Row d) { d[step.a()] = 1; }},
      {"the same number in every column", [](const Step&, Row d) { std::ranges::fill(d, Number(1)); }},
  };
  for (const Shape& shape : shapes) {
    const Hypothesis as_hypothesis{shape.words, shape.fill};
    const Grid direction = predict(s, w, as_hypothesis);
    const Series factor = match_rows(rest, direction, s.rounding);
    if (factor.empty() || digits_of_rows(rest, direction, factor, s.rounding) < enough_digits) continue;
    evidence.push_back(fmt::format("what is too much in each row is a multiple of {}", shape.words));
    return;
  }
  const Grid expected = predict(s, Series(s.steps, Number(1)), right_categorical);
  if (s.outputs > 2 && !match_rows(rest, expected, s.rounding).empty())
    evidence.push_back("what is too much in each row is a multiple of e - p");
}

}  // namespace

void help(const Samples& s, const Series& w, std::vector<std::string>& evidence) {
  if (w.empty()) {
    evidence.push_back("a column weight, or the columns reward and episode, would decide more");
    return;
  }
  const Grid right = predict(s, w, s.gaussian ? right_gaussian : right_categorical);
  const double c = constant_of_most_rows(s, right);
  rows_and_columns(s, right, c, evidence);
  if (!s.gaussian) remainder(s, w, right, c, evidence);
  if (!s.gaussian && s.ref.empty() && rows_sum_to_zero(s))  // as those of a penalty do
    evidence.push_back("if a reference policy is in your loss, the columns ref0, ref1, ... would decide");
}

}  // namespace rl
