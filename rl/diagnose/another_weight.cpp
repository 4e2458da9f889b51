/// The right vector, times numbers that are not the column weight: what can be said of them.

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "rl/diagnose/digits.hpp"
#include "rl/diagnose/output.hpp"

namespace rl {
namespace {

/// The same numbers in another order, up to a constant that programs have in front.
bool reordered(const Samples& s, const Series& used, Finding& finding) {
  if (s.steps < 4 || std::ranges::any_of(used, [](Number x) { return !x.known(); })) return false;
  Series weights = s.weight;
  std::ranges::sort(weights, {}, &Number::value);
  for (const double c : plain_constants(s)) {
    Series sorted = used;
    for (Number& x : sorted) x = x / c;
    std::ranges::sort(sorted, {}, &Number::value);
    const Match m = match(sorted, weights, s.rounding, Scale::one);
    double orders = 0;  // digits of the number of orders that could have been tried
    for (std::size_t n = 2; n <= s.steps; ++n) orders += std::log10(static_cast<double>(n));
    if (!m.agrees || m.digits - orders < enough_digits) continue;
    finding.names = {"weights-in-another-order"};
    finding.evidence.push_back("the numbers in front are those of the column weight, in another order");
    return true;
  }
  return false;
}

/// Some rows are 0; the ratio to the column has two values only.
void describe_ratios(const Samples& s, const Series& used, Finding& finding) {
  std::size_t zeros = 0;
  std::vector<double> ratios;
  for (std::size_t t = 0; t < s.steps; ++t) {
    if (!used[t].known() || s.weight[t].value == 0) continue;
    if (used[t].value == 0) {
      ++zeros;
      continue;
    }
    const double ratio = used[t].value / s.weight[t].value;
    const bool seen = std::ranges::any_of(ratios, [&](double r) { return std::abs(r - ratio) < 1e-4 * std::abs(r); });
    if (!seen && ratios.size() < 3) ratios.push_back(ratio);
  }
  if (zeros > 0) finding.evidence.push_back(fmt::format("{} of {} rows are 0 where the weight is not", zeros, s.steps));
  if (ratios.size() == 1 && zeros > 0)
    finding.evidence.push_back(fmt::format("the others are {:.6g} times the weight", ratios[0]));
  if (ratios.size() == 2)
    finding.evidence.push_back(
        fmt::format("the number in front is the weight times one of two values only, {:.6g} and "
                    "{:.6g}: ratio {:.6g}",
                    ratios[0], ratios[1], ratios[1] / ratios[0]));
}

/// Rows made as long as one another, or clipped by their length.
void describe_lengths(const Samples& s, Finding& finding) {
  Series lengths;
  for (std::size_t t = 0; t < s.steps; ++t) {
    Number square;
    for (const Number& x : row_of(s.d, t)) square += x * x;
    lengths.push_back(sqrt(square));
  }
  const double longest = largest(lengths);
  const auto same = std::ranges::count_if(
      lengths, [&](Number x) { return x.error < 0.01 * longest && longest - x.value <= 4 * x.error + 1e-6 * longest; });
  const auto rows = static_cast<std::size_t>(same);
  if (rows >= 3 && 3 * rows > s.steps)
    finding.evidence.push_back(fmt::format("{} of {} rows have the length {:.4g} (the root of the sum of squares){}",
                                           rows, s.steps, longest, rows < s.steps ? ", and none is longer" : ""));
}

void describe_first(const Samples& s, const Series& used, Finding& finding) {
  for (std::size_t t = 0; t < s.steps; ++t)
    if (used[t].known() && std::abs(used[t].value - s.weight[t].value) > 1e-3 * std::abs(s.weight[t].value)) {
      finding.evidence.push_back(fmt::format("row {}: the number in front is {:.6g}, expected {:.6g}", s.row(t),
                                             used[t].value, s.weight[t].value));
      return;
    }
}

}  // namespace

/// Is it right with the ratio to the policy that acted, as importance sampling and PPO have it?
Output::Answer Output::right_with_a_ratio() {
  if (!given_ || s_.ref.empty() || s_.gaussian) return std::nullopt;
  for (const Hypothesis& h : right_ratios) {
    const Match m = match(s_.d, predict(s_, weights_, h), s_.rounding);
    if (!m.agrees || m.vague || !known_constant(s_, m.c)) continue;
    if (s_.sign && *s_.sign * m.c.value < 0)
      add_finding(diagnosis_, s_, weights_, "sign-flipped",
                  fmt::format("every row is right with {}, and the wrong sign", h.formula));
    else
      diagnosis_.facts.push_back(fmt::format("output: right in {} of {} rows, with {}", s_.steps, s_.steps, h.formula));
    if (evidence(s_, m) < enough_digits) diagnosis_.output_open = "too few rows and digits";
    return given_weights(true);
  }
  return std::nullopt;
}

/// Such a ratio is vague where few digits were printed; then it refutes nothing, and proves nothing.
Output::Answer Output::vague_ratio() {
  if (!given_ || s_.ref.empty() || s_.gaussian || !rows_sum_to_zero(s_)) return std::nullopt;
  for (const Hypothesis& h : right_ratios) {
    const Match m = match(s_.d, predict(s_, weights_, h), s_.rounding);
    if (!m.agrees || !m.vague) continue;
    diagnosis_.output_open =
        fmt::format("too few digits: they fit the right vector with {}, and would fit others", h.formula);
    return Injected{};
  }
  return std::nullopt;
}

void explain_another_weight(const Samples& s, const Series& used, Diagnosis& diagnosis) {
  Finding finding{"output", {}, {}};
  if (!reordered(s, used, finding)) {
    const bool two = !s.gaussian && s.outputs == 2;  // every row that sums to 0 is proportional to the right one
    if (two) {
      finding.evidence.push_back(
          fmt::format("{} of {} rows sum to 0, as they should; how large they are is not "
                      "explained by the column weight",
                      s.steps, s.steps));
      finding.evidence.push_back("with two actions that is all that can be said of the vector");
    } else {
      finding.names = {"weight-not-the-one-given"};
      finding.evidence.push_back(
          fmt::format("{} of {} rows are proportional to the right vector, with numbers in front "
                      "that are no constant times the column weight",
                      s.steps, s.steps));
    }
    describe_ratios(s, used, finding);
    describe_lengths(s, finding);
  }
  describe_first(s, used, finding);
  if (finding.names.empty() && s.ref.empty())
    finding.evidence.push_back("if a reference policy is in your loss, the columns ref0, ref1, ... would decide");
  if (finding.names == std::vector<std::string_view>{"weight-not-the-one-given"} && s.ref.empty() && !s.gaussian)
    finding.evidence.push_back(
        "if a ratio multiplies it, as in PPO, the probabilities of the policy that acted, as ref0, ref1, ..., would "
        "decide");
  diagnosis.findings.push_back(std::move(finding));
}

}  // namespace rl
