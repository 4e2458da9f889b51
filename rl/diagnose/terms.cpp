/// The right vector and something beside it, times one free number: an entropy bonus, a distance to a reference policy.

#include <fmt/core.h>

#include <algorithm>

#include "rl/diagnose/hypotheses.hpp"

namespace rl {
namespace {

double largest(const Grid& g) {
  double size = 0;
  for (const Number& x : g.cells)
    if (x.known()) size = std::max(size, std::abs(x.value));
  return size;
}

/// Entropy's gradient at the outputs of a Gaussian, whose entropy is log sigma and a constant.
Grid entropy_of_a_gaussian(const Samples& s) {
  Grid result(s.steps, s.d.cols);
  const std::size_t first = s.has_mu_gradient ? s.outputs : 0;
  for (std::size_t t = 0; t < s.steps; ++t)
    for (std::size_t i = 0; first + i < s.d.cols; ++i)
      result(t, first + i) = s.log_sigma ? Number(1) : 1 / s.sigma(t, i);
  return result;
}
void gaussian_entropy(const Step& s, Row d) {
  const std::size_t first = s.all.has_mu_gradient ? s.all.outputs : 0;
  for (std::size_t i = 0; first + i < d.size(); ++i) d[first + i] = s.all.log_sigma ? Number(1) : 1 / s.sigma(i);
}

struct Beside {
  const Samples& s;
  const Series& w;
  Diagnosis& diagnosis;
  Grid right;
  bool few;  // two free numbers fit anything: they acquit nobody, and accuse nobody

  std::string in_words(double number, std::string_view formula) const {
    return fmt::format("{} of {} rows equal w (e - p) {} {:.4g} times {}", s.steps, s.steps, number < 0 ? "-" : "+",
                       std::abs(number), formula);
  }
  std::vector<std::pair<const Term*, double>> wrong;  // terms that agree, and their numbers
  std::string_view possible = {};                     // what is right, and known too badly to be fitted

  /// With a number up to 0.1 in front of it, does it cover all that differs?
  bool covers(const Grid& beside) const {
    return std::ranges::any_of(plain_constants(s), [&](double c) {
      for (std::size_t i = 0; i < right.cells.size(); ++i) {
        const Number rest = s.d.cells[i] - c * right.cells[i], b = beside.cells[i];
        if (!b.known() && !s.ref.empty()) continue;  // a reference printed as 0: it may be anything
        if (!(std::abs(rest.value) <= 1.25 * rest.error + 0.1 * std::abs(c) * (std::abs(b.value) + b.error)))
          return false;
      }
      return true;
    });
  }

  bool is_right(const Term& term, const Match2& m, double number) {
    if (s.sign && *s.sign * m.c < 0 && !few && !m.vague) {
      add_finding(diagnosis, s, w, "sign-flipped", in_words(number, term.formula) + ", with the sign turned");
      return true;
    }
    diagnosis.facts.push_back(fmt::format("output: right in {} of {} rows, with {} of {:.4g}", s.steps, s.steps,
                                          term.right_words, std::abs(number)));
    const bool third_number = s.weight.empty() && !known_constant(s, Number(m.c, 4 * m.c_error));
    if (!m.sharp || m.vague || m.evidence < enough_digits || third_number)
      diagnosis.output_open = fmt::format(
          "it would be right with {} of {:.4g}, but that explains nearly anything here; "
          "print more rows and digits",
          term.right_words, std::abs(number));
    return true;
  }
  /// Is it right with this term? Wrong ones are collected.
  bool explain(const Term& term) {
    const Grid beside = predict(s, w, term);
    const Match2 m = match2(s.d, right, beside, s.rounding);
    if (m.noise && term.right != RightWhen::never && covers(beside)) possible = term.right_words;
    if (!m.agrees || m.c == 0) return false;
    const double number = m.e / m.c;
    // Where much is vague, right rows still sum to 0, as every right term does.
    const bool could_be_right = (!m.vague && !s.weight.empty()) || rows_sum_to_zero(s);
    if (could_be_right && std::abs(number) * largest(beside) < 1e-12 * largest(right) &&
        !(s.sign && *s.sign * m.c < 0)) {
      diagnosis.facts.push_back(fmt::format("output: right in {} of {} rows, but for rounding", s.steps, s.steps));
      if (m.evidence < enough_digits) diagnosis.output_open = "too few rows and digits";
      return true;
    }
    if (s.weight.empty() && s.sign && *s.sign * m.c < 0) return false;  // a baseline can turn the sign
    const bool good = term.right != RightWhen::never && (number > 0) == (term.right == RightWhen::positive);
    if (good && !could_be_right) return false;
    if (good) return is_right(term, m, number);
    // With weights that are only guessed, or too few digits, nobody is accused.
    if (few || m.vague || m.evidence < enough_digits || s.weight.empty()) return false;
    if (!known_constant(s, Number(m.c, 4 * m.c_error))) return false;  // a third free number would be too many
    if (std::abs(number) < 3 * m.step_error || number < term.low || number > term.high) return false;
    wrong.emplace_back(&term, number);
    return false;
  }
  bool accuse() {
    if (!possible.empty() && rows_sum_to_zero(s)) {
      diagnosis.output_open = fmt::format("too few digits: {} of 0.1 or less would cover all that differs", possible);
      return true;
    }
    if (wrong.empty()) return false;
    const auto [term, number] = wrong.front();
    add_finding(diagnosis, s, w, term->name, in_words(number, term->formula));
    for (const auto& [other, _] : wrong)
      if (auto& names = diagnosis.findings.back().names; !std::ranges::count(names, other->name))
        names.push_back(other->name);
    return true;
  }
};

}  // namespace

Grid entropy_gradient(const Samples& s) {
  if (s.gaussian) return entropy_of_a_gaussian(s);
  const Series none(s.steps);
  return predict(s, none, catalogue().formulas.terms.front());
}

bool explain_terms(const Samples& s, const Series& w, Diagnosis& diagnosis) {
  if (s.gaussian && s.d.cells.size() < 6) return false;
  if (std::ranges::all_of(w, [](Number x) { return x.value == 0; }) &&
      match(s.d, entropy_gradient(s), s.rounding).agrees) {
    diagnosis.facts.push_back("output: every weight is 0, and the rest is a multiple of the gradient of the entropy");
    diagnosis.output_open = "every weight is 0; a batch with rewards would tell";
    return true;
  }
  Beside beside{
      s, w, diagnosis, predict(s, w, s.gaussian ? right_gaussian : right_categorical), s.steps * (s.outputs - 1) < 4,
      {}};
  if (s.gaussian) {
    const Term bonus{.formula = "the gradient of the entropy",
                     .predict = gaussian_entropy,
                     .right = RightWhen::positive,
                     .right_words = "an entropy bonus",
                     .name = "entropy-sign-wrong"};
    return beside.explain(bonus);
  }
  return std::ranges::any_of(catalogue().formulas.terms, [&](const Term& term) { return beside.explain(term); }) ||
         beside.accuse();
}

namespace {

/// What stands beside the score, times one number for all rows.
struct Share {
  Grid gradient;
  std::string_view words;  // of what it is the gradient
};

bool explain_share_without_weights(const Samples& s, const Grid& score, const Share& share, Series& weights,
                                   Diagnosis& diagnosis) {
  const Grid& gradient = share.gradient;
  double along = 0, square = 0, whole = 0, error = 0;
  for (std::size_t t = 0; t < s.steps; ++t) {
    double ss = 0, sd = 0, sh = 0;
    for (std::size_t k = 0; k < s.d.cols; ++k) {
      const double e = score(t, k).value, h = gradient(t, k).known() ? gradient(t, k).value : 0;
      whole += h * h, ss += e * e, sd += e * s.d(t, k).value, sh += e * h;
    }
    for (std::size_t k = 0; k < s.d.cols && ss > 0; ++k) {
      const double h = (gradient(t, k).known() ? gradient(t, k).value : 0) - score(t, k).value * sh / ss;
      along += h * (s.d(t, k).value - score(t, k).value * sd / ss), square += h * h;
      error += std::abs(h * sd / ss) * score(t, k).error;
    }
  }
  for (std::size_t i = 0; i < s.d.cells.size(); ++i)
    if (const Number h = gradient.cells[i]; h.known())
      error += std::abs(h.value) * s.d.cells[i].error + 3 * std::abs(s.d.cells[i].value) * h.error;
  // Of two actions, every gradient is along the score; of more, it may nearly be so.
  if (!(square > 1e-4 * whole || error < 1e-3 * std::abs(along))) return false;
  const double bonus = along / square;
  Grid rest = s.d;
  for (std::size_t i = 0; i < rest.cells.size(); ++i)
    rest.cells[i] += -(Number(bonus, error / square) * gradient.cells[i]);
  const Series factor = match_rows(rest, score, s.rounding);
  if (factor.empty()) return false;
  const bool none = std::abs(bonus) < 3 * error / square;  // there is none, and the digits are fewer than they seem
  // A bonus that is known well is one number for all rows; within its error, each row may have its own.
  const bool sharp = error / square < 0.01 * std::abs(bonus);
  if (digits_of_rows(rest, score, factor, s.rounding, sharp ? 1 : 2) < enough_digits) {
    diagnosis.output_open = fmt::format("too few digits without a column weight; {} could be any of it", share.words);
    return true;
  }
  if (none) weights = factor;
  diagnosis.facts.push_back(
      fmt::format("output: {} of {} rows are proportional to the right vector{}", s.steps, s.steps,
                  none ? "" : fmt::format(", beside {:.4g} times the gradient of {}", bonus, share.words)));
  if (!none)
    diagnosis.weights_open =
        fmt::format("beside {}; a column weight would tell its sign, and what it weighs", share.words);
  return true;
}

}  // namespace

bool explain_terms_without_weights(const Samples& s, const Grid& score, Series& weights, Diagnosis& diagnosis) {
  std::vector<Share> shares{{entropy_gradient(s), "an entropy bonus"}};
  const Series none(s.steps);
  for (const Term& term : catalogue().formulas.terms)
    if (!s.gaussian && !s.ref.empty() && term.right == RightWhen::negative)
      shares.push_back({predict(s, none, term), term.right_words});
  return std::ranges::any_of(
      shares, [&](const Share& share) { return explain_share_without_weights(s, score, share, weights, diagnosis); });
}

}  // namespace rl
