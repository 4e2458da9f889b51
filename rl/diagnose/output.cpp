/// The vector injected at the outputs: is it the right one, and if not, which mistake has these numbers?
///
/// The questions of `Output::explain`, from top to bottom; the first that has an answer ends it.
/// docs/diagnose.md, section 3

#include <fmt/core.h>

#include <algorithm>
#include <functional>

#include "rl/diagnose/digits.hpp"
#include "rl/diagnose/output.hpp"

namespace rl {
namespace {

/// How close a prediction came, to a power of ten: the last digits depend on the machine's log.
std::string within(const Match& m) {
  return m.worst > 0 ? fmt::format(", within 1e{:.0f} of the largest number", std::ceil(std::log10(m.worst)))
                     : ", exactly";
}
bool is_one(Number c) {
  return std::abs(c.value - 1) <= c.error + 1e-9;
}

void add_names(Finding& finding, const std::vector<Found>& found) {
  for (const Found& f : found)
    if (!std::ranges::count(finding.names, f.hypothesis->name)) finding.names.push_back(f.hypothesis->name);
}

}  // namespace

Output::Output(const Samples& s, Diagnosis& diagnosis)
    : s_(s),
      d_of_some_(s.steps > rows_that_refute ? rows_that_refute : 0, s.d.cols),
      diagnosis_(diagnosis),
      given_(!s.weight.empty()),
      few_numbers_(s.steps * (s.outputs - 1) < 4),
      right_(s.gaussian ? right_gaussian : right_categorical),
      hypotheses_(s.gaussian ? catalogue().formulas.gaussian : catalogue().formulas.output),
      sources_(given_             ? std::vector<NamedSeries>{{"", s.weight}}
               : s.reward.empty() ? std::vector<NamedSeries>{}
                                  : right_weights(s)),
      weights_(sources_.empty() ? Series{} : sources_.front().weights),
      ones_(s.steps, Number(1)) {
  for (std::size_t i = 0; i < d_of_some_.rows; ++i) {
    some_rows_.push_back(i * (s.steps - 1) / (d_of_some_.rows - 1));
    for (std::size_t k = 0; k < s.d.cols; ++k) d_of_some_(i, k) = s.d(some_rows_[i], k);
  }
}

bool Output::refuted(const Series& weights, const Hypothesis& h) const {
  return !some_rows_.empty() && !match(d_of_some_, predict(s_, weights, h, some_rows_), s_.rounding).agrees;
}

Injected Output::explain() {
  for (const auto question : {&Output::right, &Output::right_with_a_ratio, &Output::all_zero, &Output::vague_ratio,
                              &Output::listed, &Output::with_a_term, &Output::with_a_number, &Output::rows_alone,
                              &Output::any_weights, &Output::undecidable, &Output::typed_by_hand})
    if (Answer answer = (this->*question)()) return *answer;
  return unknown();
}

/// Is it the right vector, with the weights of the column or with those that the rewards give?
Output::Answer Output::right() {
  if (!given_ && !rows_sum_to_zero(s_)) return std::nullopt;  // however vague the rest is, no right row does that
  for (const NamedSeries& source : sources_) {
    const Grid prediction = predict(s_, source.weights, right_);
    const Match m = match(s_.d, prediction, s_.rounding);
    if (!m.agrees) continue;
    const bool equal =
        std::ranges::all_of(source.weights, [&](Number x) { return x.value == source.weights[0].value; });
    if (!given_ && equal && s_.sign && *s_.sign * m.c.value < 0) continue;  // a baseline can turn the sign
    const bool turned = s_.sign && m.determined && *s_.sign * m.c.value < 0;
    if (turned && !(few_numbers_ && !known_constant(s_, m.c))) {
      diagnosis_.findings.push_back(
          {"output",
           {"sign-flipped"},
           {fmt::format("every row is the right one with the wrong sign: these numbers are for {}, the file says "
                        "sign: {}",
                        m.c.value > 0 ? "ascent" : "descent", *s_.sign > 0 ? "ascent" : "descent")}});
      return given_weights(true);
    }
    accept(m, source);
    if (const std::string_view other = rival(source, prediction); !other.empty())
      diagnosis_.output_open =
          fmt::format("these digits do not tell the right vector from {}; print more of them", other);
    else if (!m.determined)
      diagnosis_.output_open = "every number is 0, as the weights are";
    else if (m.vague || evidence(s_, m) < enough_digits || !(given_ || proves(source.weights)))
      diagnosis_.output_open = fmt::format("too few rows and digits: {} fit{} the right vector, and would fit others",
                                           s_.steps, s_.steps == 1 ? "s" : "");
    return given_weights(true);
  }
  return std::nullopt;
}

/// Its scale and its sign are conventions, and are said.
void Output::accept(const Match& m, const NamedSeries& source) {
  const Number size{std::abs(m.c.value), m.c.error};
  diagnosis_.facts.push_back(fmt::format("output: right in {} of {} rows{}{}", s_.steps, s_.steps,
                                         given_ ? "" : " with weights that are the " + source.name, within(m)));
  if (!is_one(size))
    diagnosis_.facts.push_back(
        fmt::format("constant in front: {}; it only scales the learning rate", constant_in_words(s_, size)));
  if (!s_.sign && m.determined)
    diagnosis_.facts.push_back(m.c.value > 0
                                   ? "sign: for ascent (guessed): the update must add these numbers, not subtract them"
                                   : "sign: for descent (guessed), the gradient of a loss: the update must subtract");
}

Output::Answer Output::all_zero() {
  if (std::ranges::any_of(s_.d.cells, [](Number x) { return x.value != 0; })) return std::nullopt;
  if (given_)
    add_finding(diagnosis_, s_, weights_, "all-zero",
                fmt::format("every number injected is 0 in {} rows, and the weights are not", s_.steps));
  else
    diagnosis_.output_open =
        "every number injected is 0, and right only if every weight is; a column weight would tell";
  return Injected{};
}

bool Output::says_something(const Match& m) const {
  const bool turned = !given_ && s_.sign && *s_.sign * m.c.value < 0;  // a baseline can turn the sign
  return m.agrees && !m.vague && !turned;
}

/// Every hypothesis that agrees, and is evidence: those with a plain constant, or else those with a fitted one.
std::vector<Found> Output::search(const Series& w) const {
  std::vector<Found> plain, fitted;
  for (const Hypothesis& h : hypotheses_) {
    if (!askable(h) || refuted(w, h)) continue;
    const Match m = match(s_.d, predict(s_, w, h), s_.rounding);
    if (says_something(m)) (known_constant(s_, m.c) ? plain : fitted).push_back({&h, m});
  }
  return plain.empty() ? fitted : plain;
}

std::size_t Output::rows_foretold(const Series& w, const Hypothesis& h) const {
  const Grid prediction = predict(s_, w, h);
  std::size_t rows = 0;
  for (std::size_t t = 0; t < s_.steps; ++t) rows += std::ranges::any_of(row_of(prediction, t), &Number::known);
  return rows;
}

void Output::add(const Series& w, const std::vector<Found>& found) {
  Finding finding{"output", {}, {}};
  add_names(finding, found);
  const Found& first = found.front();
  finding.fitted = !known_constant(s_, first.match.c);
  finding.evidence.push_back(fmt::format("{} of {} rows equal {}{}{}", rows_foretold(w, *first.hypothesis), s_.steps,
                                         is_one(first.match.c) ? "" : constant_in_words(s_, first.match.c) + " times: ",
                                         first.hypothesis->formula, within(first.match)));
  describe(s_, w, finding.evidence);
  diagnosis_.findings.push_back(std::move(finding));
}

/// Is it one of the vectors of the catalogue?
Output::Answer Output::listed() {
  factor_ = match_rows(s_.d, predict(s_, given_ ? weights_ : ones_, right_), s_.rounding);
  // Weights that are all alike, and not given, say nothing of what they were made of: that is asked of the weights.
  const bool alike = !given_ && !factor_.empty() && match(s_.d, predict(s_, ones_, right_), s_.rounding).agrees;
  for (const NamedSeries& source : sources_) {
    if (alike) break;
    auto found = search(source.weights);
    const double zeros = foretold_zeros(source.weights);
    std::erase_if(found, [&](const Found& f) {
      if (evidence(s_, f.match) + zeros < enough_digits) return true;
      // Rows that are right but for their weights, and weights that are only guessed: one constant more is too many.
      return !given_ && !factor_.empty() &&
             (!known_constant(s_, f.match.c) || digits_apart(source.weights, f) < enough_digits);
    });
    if (found.empty()) continue;
    if (right_with_a_term_too(source.weights)) {
      diagnosis_.output_open = fmt::format(
          "these digits do not tell {} from the right vector with a bonus or a penalty beside it; print more of them",
          found.front().hypothesis->name);
      return given_weights(true);
    }
    add(source.weights, found);
    std::string clipped;  // some rows may be 0 for that reason, too
    if (given_ && !s_.gaussian && !factor_.empty() && explain_rare_actions(s_, weights_, factor_, clipped)) {
      diagnosis_.findings.back().names.push_back("rare-actions-clipped");
      diagnosis_.findings.back().evidence.push_back("and " + clipped);
    }
    return given_weights(false);
  }
  for (const NamedSeries& source : sources_)
    if (s_.gaussian && every_sigma_is_clamped(s_, source.weights, diagnosis_)) return given_weights(false);
  for (const NamedSeries& source : sources_)
    if (s_.gaussian && explain_halves(s_, source.weights, diagnosis_)) return given_weights(false);
  return std::nullopt;
}

/// Is it the right vector and something beside it, an entropy bonus say?
Output::Answer Output::with_a_term() {
  for (const NamedSeries& source : sources_)
    if (explain_terms(s_, source.weights, diagnosis_)) return given_weights(true);
  return std::nullopt;
}

/// Is there a number in it that must be found first?
Output::Answer Output::with_a_number() {
  if (s_.gaussian && !given_) {
    for (const NamedSeries& source : sources_)
      if (explain_clamped_sigma(s_, source.weights, diagnosis_)) return given_weights(false);
    return std::nullopt;
  }
  if (!given_) return std::nullopt;
  if (s_.gaussian) {
    if (explain_clipped_actions(s_, weights_, diagnosis_) || explain_clamped_sigma(s_, weights_, diagnosis_))
      return diagnosis_.findings.empty() ? given_weights(true) : Injected{};
    return std::nullopt;
  }
  const std::size_t before = diagnosis_.findings.size();
  if (!factor_.empty() && explain_epsilon(s_, weights_, factor_, diagnosis_))
    return diagnosis_.findings.size() > before ? Injected{} : given_weights(true);
  if (explain_labels(s_, weights_, diagnosis_) || explain_masked_actions(s_, weights_, diagnosis_) ||
      explain_clipped_entries(s_, weights_, diagnosis_) || explain_softmax_over_the_batch(s_, weights_, diagnosis_) ||
      explain_families(s_, weights_, diagnosis_))
    return Injected{};
  return std::nullopt;
}

Injected explain_output(const Samples& s, Diagnosis& diagnosis) {
  return Output(s, diagnosis).explain();
}

}  // namespace rl
