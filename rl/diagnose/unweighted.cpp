/// The questions about a vector without a column weight: every row may have a number of its own in front.

#include <fmt/core.h>

#include <algorithm>

#include "rl/diagnose/digits.hpp"
#include "rl/diagnose/output.hpp"

namespace rl {
namespace {

struct Shape {
  std::string_view name, formula;
};

/// With weights that may be anything, such a formula has foretold no number.
bool same_in_every_column(const Grid& shape) {
  for (std::size_t r = 0; r < shape.rows; ++r)
    for (const Number& x : row_of(shape, r))
      if (x.value != shape(r, 0).value) return false;
  return true;
}

}  // namespace

/// Without a column weight any factors are as good as others. But when they are nothing known, and become a return,
/// right or wrong, once a mistake is taken out of them, that is the mistake.
Output::Answer Output::known_once_a_mistake_is_taken_out() {
  if (s_.gaussian || s_.reward.empty() || s_.steps < 8 || weights_are_known(s_, factor_)) return std::nullopt;
  for (const Hypothesis& h : hypotheses_) {
    const bool along_the_score =
        h.name == "gradient-of-p" || h.name == "divided-by-p-twice" || h.name == "log-prob-times-score";
    if (!along_the_score) continue;
    const Series own = match_rows(s_.d, predict(s_, ones_, h), s_.rounding);
    if (own.empty() || !weights_are_known(s_, own)) continue;
    diagnosis_.findings.push_back(
        {"output", {h.name}, {fmt::format("{} of {} rows are proportional to {}", s_.steps, s_.steps, h.formula)}});
    describe(s_, {}, diagnosis_.findings.back().evidence);
    return Injected{own, false, false};
  }
  return std::nullopt;
}

/// Is every row the right one, with a number of its own in front?
Output::Answer Output::rows_alone() {
  // Where p has few digits and d is large, the columns alone allow much; their sum is known as well as d is.
  if (!given_ && !rows_sum_to_zero(s_)) return std::nullopt;
  if (factor_.empty()) {
    Series recovered;
    if (given_ || !explain_terms_without_weights(s_, predict(s_, ones_, right_), recovered, diagnosis_))
      return std::nullopt;
    return Injected{recovered, false, false};
  }
  const Series numbers = given_ ? match_rows(s_.d, predict(s_, ones_, right_), s_.rounding) : factor_;
  if (given_) return Injected{numbers, false, false};
  if (Answer answer = known_once_a_mistake_is_taken_out()) return answer;
  diagnosis_.facts.push_back(
      fmt::format("output: {} of {} rows are proportional to the right vector", s_.steps, s_.steps));
  if (s_.outputs == 2 && !s_.gaussian)
    diagnosis_.facts.push_back("with two actions every row that sums to 0 is; a column weight would decide");
  return Injected{factor_, false, false};
}

/// Without a column weight: is every row proportional to a vector of the catalogue? Weights that are known, right or
/// wrong, speak for the shape that they come with.
Output::Answer Output::any_weights() {
  if (given_) return std::nullopt;
  std::vector<Shape> found, known;
  Series weights;
  const auto ask = [&](std::string_view name, std::string_view formula, const Grid& shape) {
    Series own = match_rows(s_.d, shape, s_.rounding);
    if (own.empty()) return;
    const bool returns = !s_.reward.empty() && weights_are_known(s_, own);
    if (!returns && (same_in_every_column(shape) || digits_of_rows(s_.d, shape, own, s_.rounding) < enough_digits))
      return;
    found.push_back({name, formula});
    if (!returns) return;
    known.push_back(found.back());
    if (weights.empty()) weights = std::move(own);
  };
  for (const Hypothesis& h : hypotheses_)
    if (h.name != "return-as-label" && h.name != "weight-on-the-probs-only")
      ask(h.name, h.formula, predict(s_, ones_, h));
  for (const Half& h : catalogue().formulas.mu)
    if (s_.gaussian && s_.has_mu_gradient) ask(h.name, h.formula, predict(s_, ones_, &h, nullptr));
  for (const Half& h : catalogue().formulas.log_sigma)
    if (s_.gaussian && s_.d.cols != s_.outputs) ask(h.name, h.formula, predict(s_, ones_, nullptr, &h));
  if (!known.empty()) found = known;
  if (found.empty()) return std::nullopt;
  Finding finding{
      "output", {}, {fmt::format("{} of {} rows are proportional to {}", s_.steps, s_.steps, found.front().formula)}};
  for (const Shape& shape : found)
    if (!std::ranges::count(finding.names, shape.name)) finding.names.push_back(shape.name);
  if (known.empty()) finding.evidence.push_back("with a column weight there would be fewer candidates");
  describe(s_, {}, finding.evidence);
  diagnosis_.findings.push_back(std::move(finding));
  return Injected{weights, false, false};
}

/// Without a column weight, rows that sum to 0 and have few digits, or a policy that is all but certain, whose entropy
/// bonus is as large as the rest, contradict nothing.
Output::Answer Output::undecidable() {
  if (s_.gaussian) {
    if (!could_be_clamped(s_, given_ ? weights_ : Series{})) return std::nullopt;
    diagnosis_.output_open =
        fmt::format("right only if sigma was clamped, and gets no gradient outside the range; {} would tell",
                    given_ ? "more digits" : "a column weight");
    return Injected{};
  }
  if (given_ || !rows_sum_to_zero(s_)) return std::nullopt;
  std::size_t vague = 0, certain = 0;
  for (std::size_t t = 0; t < s_.steps; ++t) {
    bool few = true, sure = false;
    for (std::size_t k = 0; k < s_.outputs; ++k) {
      few = few && std::abs(s_.d(t, k).value) <= 1000 * s_.d(t, k).error;
      sure = sure || s_.p(t, k).value > 0.99;
    }
    vague += few, certain += sure;
  }
  if (3 * vague <= s_.steps && 2 * certain <= s_.steps) return std::nullopt;
  diagnosis_.output_open = "too few digits without a column weight; the rows sum to 0, as they should";
  return Injected{};
}

}  // namespace rl
