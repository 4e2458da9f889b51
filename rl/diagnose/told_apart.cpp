/// Do the digits tell the right vector from a wrong one, and the weights that were guessed from others?
///                                                                                          Read next: unweighted.cpp.

#include <algorithm>

#include "rl/diagnose/digits.hpp"
#include "rl/diagnose/output.hpp"
#include "rl/diagnose/weights.hpp"

namespace rl {

/// A mistake that would have given other numbers, and agrees with these: then the digits are too few to tell.
std::string_view Output::rival(const NamedSeries& source, const Grid& right) const {
  for (const Hypothesis& h : hypotheses_) {
    if (!askable(h) || refuted(source.weights, h)) continue;
    const Grid other = predict(s_, source.weights, h);
    if (!differ(other.cells, right.cells)) continue;
    const Match agreement = match(s_.d, other, s_.rounding);
    if (says_something(agreement) && known_constant(s_, agreement.c)) return h.name;
  }
  if (given_ || s_.steps == 1) return {};
  for (const Rule& rule : catalogue().formulas.weights) {  // these weights were made of rewards
    if (rule.name == "return-forgotten" || rule.name == "mean-log-prob-times-sum") continue;
    Series w(s_.steps);
    rule.predict(s_, source.gamma, w);
    if (w[0].agrees_with_nothing()) continue;
    if (refuted(w, right_)) continue;
    const Grid other = predict(s_, w, right_);
    if (!differ(other.cells, right.cells)) continue;
    const Match agreement = match(s_.d, other, s_.rounding);
    if (agreement.agrees && known_constant(s_, agreement.c)) return rule.name;
  }
  return {};
}

/// Rows of zeros where the weight is none: a formula that foretells them has said something, a digit for each.
double Output::foretold_zeros(const Series& w) const {
  std::size_t rows = 0;
  for (std::size_t t = 0; t < s_.steps; ++t) {
    bool zero = w[t].value != 0;
    for (std::size_t k = 0; k < s_.d.cols; ++k) zero = zero && s_.d(t, k).value == 0;
    rows += zero;
  }
  return static_cast<double>(rows);
}

/// The digits by which a mistake is told from the right vector with these weights, and any constant in front: what
/// the two have in common speaks for neither.
double Output::digits_apart(const Series& w, const Found& found) const {
  const Grid other = predict(s_, w, *found.hypothesis), right = predict(s_, w, right_);
  const double c = found.match.c.value;
  double along = 0, square = 0;
  for (std::size_t i = 0; i < right.cells.size(); ++i)
    if (const Number x = right.cells[i], y = other.cells[i]; x.known() && y.known())
      along += x.value * c * y.value, square += x.value * x.value;
  Digits digits;
  for (std::size_t t = 0; t < s_.steps; ++t) {
    for (std::size_t k = 0; k < s_.d.cols; ++k) {
      const Number difference = c * other(t, k) - Number(along / square) * right(t, k);
      if (difference.known()) digits.add(size(difference), 4 * (difference.error + s_.d(t, k).error));
    }
    digits.end_of_row(true);
  }
  return digits.total;
}

/// Weights that are only guessed: are those of the rows so many different numbers that these are evidence? One for
/// each episode, and a constant in front, explain two episodes. And vague weights allow what no row has.
bool Output::proves(const Series& w) const {
  const Series own = match_rows(s_.d, predict(s_, ones_, right_), s_.rounding);
  return !own.empty() && evidence(s_, Distinct(s_, own, w).match()) >= enough_digits;
}

/// Would an entropy bonus, or a KL penalty, of a usual size explain as much?
bool Output::right_with_a_term_too(const Series& w) const {
  if (s_.gaussian) return false;
  const auto refuted = [&](const Term& term) {  // by some rows of a long file alone
    const Grid beside = predict(s_, w, term, some_rows_);
    if (std::ranges::none_of(beside.cells, &Number::known)) return true;  // no columns ref0, ...
    const Match2 m = match2(d_of_some_, predict(s_, w, right_, some_rows_), beside, s_.rounding);
    return !m.agrees && !m.noise;
  };
  if (!some_rows_.empty() && std::ranges::all_of(catalogue().formulas.terms, refuted)) return false;
  Diagnosis other;
  return explain_terms(s_, w, other) && other.findings.empty();
}

}  // namespace rl
