/// The vector injected at the outputs: is it the right one, and if not, which mistake has these numbers?
///
/// In this order: the right vector, every hypothesis of the tables, what has a free number in it (an entropy bonus, an
/// epsilon, other labels), and last the right vector with a constant of its own in every row.

#include <fmt/core.h>

#include <algorithm>
#include <functional>

#include "rl/diagnose/hypotheses.hpp"

namespace rl {

const Span& Step::episode() const {
  const auto after = std::ranges::upper_bound(all.episodes, t, {}, &Span::first);
  return *(after - 1);
}

Grid predict(const Samples& s, const Series& weights, const Hypothesis& hypothesis) {
  Grid result(s.steps, s.d.cols);
  Number sum;
  for (const Number& w : weights) sum += w;
  for (std::size_t t = 0; t < s.steps; ++t)
    hypothesis.predict({s, weights, t, sum / static_cast<double>(s.steps)},
                       {&result.cells[t * result.cols], result.cols});
  return result;
}

namespace {

/// How close a prediction came, to a power of ten: the last digits depend on the machine's log.
std::string within(const Match& m) {
  return m.worst > 0 ? fmt::format(", within 1e{:.0f} of the largest number", std::ceil(std::log10(m.worst)))
                     : ", exactly";
}

struct Found {
  const Hypothesis* hypothesis;
  Match match;
};

/// Every hypothesis that agrees, and not only because its errors are large: those with a plain constant, or else those
/// with a fitted one.
std::vector<Found> search(const Samples& s, const Series& w, std::span<const Hypothesis> hypotheses) {
  std::vector<Found> plain, fitted;
  for (const Hypothesis& h : hypotheses) {
    const bool given = !s.weight.empty();
    if (!given && (h.needs_given_weights || s.steps == 1)) continue;
    const Match m = match(s.d, predict(s, w, h), s.rounding);
    if (!given && s.sign && *s.sign * m.c.value < 0) continue;  // a baseline can turn the sign
    if (m.agrees && !m.vague) (known_constant(s, m.c) ? plain : fitted).push_back({&h, m});
  }
  return plain.empty() ? fitted : plain;
}

void add(Diagnosis& diagnosis, const Samples& s, const Series& w, const std::vector<Found>& found) {
  Finding finding{"output", {}, {}};
  for (const Found& f : found)
    if (!std::ranges::count(finding.names, f.hypothesis->name)) finding.names.push_back(f.hypothesis->name);
  const Found& first = found.front();
  finding.fitted = !known_constant(s, first.match.c);
  const bool plain = std::abs(first.match.c.value - 1) <= first.match.c.error + 1e-9;
  finding.evidence.push_back(fmt::format(
      "{} of {} rows equal {}{}{}", s.steps, s.steps,
      plain ? "" : constant_in_words(s, first.match.c) + " times: ", first.hypothesis->formula, within(first.match)));
  describe(s, w, finding.evidence);
  diagnosis.findings.push_back(std::move(finding));
}

/// The right vector, up to a constant. Its sign is the convention; a declared one must be kept.
bool explain_right(const Samples& s, const Match& m, const std::string& weights, Diagnosis& diagnosis) {
  const double sign = m.c.value < 0 ? -1 : 1;
  const char* convention = sign > 0 ? "ascent" : "descent";
  const bool few = s.steps * (s.outputs - 1) < 4;  // then an entropy bonus may have turned it
  if (s.sign && m.determined && *s.sign != sign && !(few && !known_constant(s, m.c))) {
    diagnosis.findings.push_back({"output",
                                  {"sign-flipped"},
                                  {fmt::format("every row is the right one with the wrong sign: these numbers are for "
                                               "{}, the file says sign: {}",
                                               convention, *s.sign > 0 ? "ascent" : "descent")}});
    return true;
  }
  const Number size{std::abs(m.c.value), m.c.error};
  diagnosis.facts.push_back(fmt::format("output: right in {} of {} rows{}{}", s.steps, s.steps, weights, within(m)));
  if (std::abs(size.value - 1) > size.error + 1e-9)
    diagnosis.facts.push_back(
        fmt::format("constant in front: {}; it only scales the learning rate", constant_in_words(s, size)));
  if (!s.sign && m.determined)
    diagnosis.facts.push_back(sign > 0
                                  ? "sign: for ascent (guessed): the update must add these numbers, not subtract them"
                                  : "sign: for descent (guessed), the gradient of a loss: the update must subtract");
  if (m.vague) diagnosis.facts.push_back("the numbers have few digits: print more to be sure");
  return true;
}

bool all_zero(const Grid& g) {
  return std::ranges::all_of(g.cells, [](Number x) { return x.value == 0; });
}

/// Without a column weight any factors are as good as others. But when they are nothing known, and become a return,
/// right or wrong, once a mistake is taken out of them, that is the mistake.
bool explain_known_weights(const Samples& s, const Series& factor, Series& own, Diagnosis& diagnosis) {
  if (s.gaussian || s.reward.empty() || s.steps < 8 || weights_are_known(s, factor)) return false;
  const Series ones(s.steps, Number(1));
  for (const Hypothesis& h : categorical_hypotheses()) {
    const bool along_the_score =
        h.name == "gradient-of-p" || h.name == "divided-by-p-twice" || h.name == "log-prob-times-score";
    if (!along_the_score) continue;
    own = match_rows(s.d, predict(s, ones, h), s.rounding);
    if (own.empty() || !weights_are_known(s, own)) continue;
    diagnosis.findings.push_back(
        {"output", {h.name}, {fmt::format("{} of {} rows are proportional to {}", s.steps, s.steps, h.formula)}});
    describe(s, {}, diagnosis.findings.back().evidence);
    return true;
  }
  return false;
}

}  // namespace

void add_finding(Diagnosis& diagnosis, const Samples& s, const Series& w, std::string_view name,
                 const std::string& evidence) {
  Finding finding{"output", {name}, {evidence}};
  if (name.empty()) finding.names.clear();
  describe(s, w, finding.evidence);
  diagnosis.findings.push_back(std::move(finding));
}

Injected explain_output(const Samples& s, Diagnosis& diagnosis) {
  const Hypothesis& right = s.gaussian ? right_gaussian : right_categorical;
  const auto hypotheses = s.gaussian ? gaussian_hypotheses() : categorical_hypotheses();
  const Series ones(s.steps, Number(1));
  const bool given = !s.weight.empty();
  std::vector<NamedSeries> sources = given              ? std::vector<NamedSeries>{{"", s.weight}}
                                     : s.reward.empty() ? std::vector<NamedSeries>{}
                                                        : right_weights(s);

  for (const NamedSeries& source : sources) {
    const Match m = match(s.d, predict(s, source.weights, right), s.rounding);
    const bool equal =
        std::ranges::all_of(source.weights, [&](Number x) { return x.value == source.weights[0].value; });
    if (m.agrees && !given && equal && s.sign && *s.sign * m.c.value < 0) continue;  // a baseline can turn the sign
    if (!m.agrees || !explain_right(s, m, given ? "" : " with weights that are the " + source.name, diagnosis))
      continue;
    return {given ? s.weight : Series{}, true, given};
  }
  const Series w = given ? s.weight : sources.empty() ? Series{} : sources.front().weights;
  if (all_zero(s.d)) {
    if (given)
      add_finding(diagnosis, s, w, "all-zero",
                  fmt::format("every number injected is 0 in {} rows, and the weights are not", s.steps));
    else
      diagnosis.facts.push_back("output: every number injected is 0; right only if every weight is 0");
    return {};
  }
  const Series factor = match_rows(s.d, predict(s, given ? w : ones, right), s.rounding);
  // Weights that are all alike, and not given, say nothing of what they were made of: that is asked of the weights.
  const bool alike = !given && !factor.empty() && match(s.d, predict(s, ones, right), s.rounding).agrees;
  for (const NamedSeries& source : sources) {
    if (alike) break;
    const auto found = search(s, source.weights, hypotheses);
    // Rows that are right but for their weights, and weights that are only guessed: one constant more is too many.
    if (found.empty() || (!given && !factor.empty() && !known_constant(s, found.front().match.c))) continue;
    add(diagnosis, s, source.weights, found);
    std::string clipped;  // some rows may be 0 for that reason, too
    if (given && !s.gaussian && !factor.empty() && explain_rare_actions(s, w, factor, clipped)) {
      diagnosis.findings.back().names.push_back("rare-actions-clipped");
      diagnosis.findings.back().evidence.push_back("and " + clipped);
    }
    return {given ? s.weight : Series{}, false, given};
  }
  for (const NamedSeries& source : sources)
    if (explain_entropy(s, source.weights, predict(s, source.weights, right), diagnosis))
      return {given ? s.weight : Series{}, true, given};
  if (s.gaussian && given && explain_clipping(s, w, diagnosis)) return {};
  if (!s.gaussian && given) {
    const std::size_t before = diagnosis.findings.size();
    if (!factor.empty() && explain_epsilon(s, w, factor, diagnosis))
      return diagnosis.findings.size() > before ? Injected{} : Injected{w, true, true};
    if (explain_labels(s, w, diagnosis)) return {};
  }
  if (!factor.empty()) {
    if (!given) {
      if (Series own; explain_known_weights(s, factor, own, diagnosis)) return {own, false, false};
      diagnosis.facts.push_back(
          fmt::format("output: {} of {} rows are proportional to the right vector", s.steps, s.steps));
      return {factor, false, false};
    }
    const bool few = s.steps * (s.outputs - 1) < 4 || mostly_certain(s);
    if (!s.gaussian && (few || match2(s.d, predict(s, w, right), entropy_slope(s, 0), s.rounding).agrees)) {
      diagnosis.facts.push_back("output: proportional to the right vector; too few rows or digits to tell more");
      return {};
    }
    return {match_rows(s.d, predict(s, ones, right), s.rounding), false, false};
  }
  Series recovered;
  if (!given && !s.gaussian && explain_entropy_without_weights(s, predict(s, ones, right), recovered, diagnosis))
    return {recovered, false, false};
  if (!given && !s.gaussian && shapeless(s)) {
    diagnosis.facts.push_back("output: too few digits to tell, without a column weight");
    return {};
  }
  if (!given) {
    // Any weights at all; but weights that are known, right or wrong, speak for the shape that they come with.
    std::vector<Found> found, known;
    Series weights;
    for (const Hypothesis& h : hypotheses) {
      if (h.name == "return-as-label" || h.name == "weight-on-the-probs-only") continue;
      Series own = match_rows(s.d, predict(s, ones, h), s.rounding);
      if (own.empty()) continue;
      found.push_back({&h, {}});
      if (s.reward.empty() || !weights_are_known(s, own)) continue;
      known.push_back(found.back());
      if (weights.empty()) weights = std::move(own);
    }
    if (!known.empty()) found = known;
    if (!found.empty()) {
      Finding finding{
          "output",
          {},
          {fmt::format("{} of {} rows are proportional to {}", s.steps, s.steps, found.front().hypothesis->formula)}};
      for (const Found& f : found)
        if (!std::ranges::count(finding.names, f.hypothesis->name)) finding.names.push_back(f.hypothesis->name);
      if (known.empty()) finding.evidence.push_back("with a column weight there would be fewer candidates");
      describe(s, {}, finding.evidence);
      diagnosis.findings.push_back(std::move(finding));
      return {weights, false, false};
    }
  }
  if (!given && (too_few_digits(s) || mostly_certain(s))) {
    diagnosis.facts.push_back("output: too few digits to tell, without a column weight");
    return {};
  }
  if (given && s.steps <= 3) {  // typed by hand: what agrees as far as the digits tell is worth more than nothing
    std::vector<Found> vague;
    for (const Hypothesis& h : hypotheses)
      if (const Match m = match(s.d, predict(s, w, h), s.rounding); m.agrees && m.vague && known_constant(s, m.c))
        vague.push_back({&h, m});
    if (!vague.empty() && vague.size() <= 4) {
      add(diagnosis, s, w, vague);
      diagnosis.findings.back().evidence.push_back("the numbers have few digits: print more to be sure");
      return {};
    }
  }
  const Grid expected = predict(s, w.empty() ? ones : w, right);
  const Match m = match(s.d, expected, s.rounding, w.empty() ? Scale::any : Scale::one);
  add_finding(
      diagnosis, s, w, "",
      fmt::format(
          "no known mistake has these numbers; first entry that differs: row {}, column {}: got {:.6g}, expected "
          "{:.6g}{}",
          m.row + 1, m.col + 1, s.d(m.row, m.col).value, expected(m.row, m.col).value,
          w.empty() ? " times the weight" : ""));
  return {};
}

}  // namespace rl
