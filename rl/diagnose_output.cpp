/// The vector injected at the outputs: is it the right one, and if not, which mistake has these numbers?
///
/// In this order: the right vector, every hypothesis of the tables, what has a free number in it (an entropy bonus, an
/// epsilon, other labels), and last the right vector with a constant of its own in every row.

#include <fmt/core.h>

#include <algorithm>
#include <functional>

#include "rl/diagnose_hypotheses.hpp"

namespace rl {

const Span& Step::episode() const {
  const auto after = std::ranges::upper_bound(all.episodes, t, {}, &Span::first);
  return *(after - 1);
}

Grid predict(const Samples& s, const Series& weights, const Hypothesis& hypothesis) {
  Grid result(s.steps, s.d.cols);
  for (std::size_t t = 0; t < s.steps; ++t)
    hypothesis.predict({s, weights, t}, {&result.cells[t * result.cols], result.cols});
  return result;
}

namespace {

/// How close a prediction came, to a power of ten: the last digits depend on the machine's log.
std::string within(const Match& m) {
  return m.worst > 0 ? fmt::format(", within 1e{:.0f} of the largest number", std::ceil(std::log10(m.worst)))
                     : ", exactly";
}

std::string shown(ConstRow row) {
  std::string text;
  for (const Number& x : row.first(std::min<std::size_t>(row.size(), 4)))
    text += fmt::format("{}{:.4g}", text.empty() ? "" : ", ", x.value + 0.);  // 0, not -0
  return "(" + text + (row.size() > 4 ? ", ...)" : ")");
}
ConstRow row(const Grid& g, std::size_t r) {
  return {&g.cells[r * g.cols], g.cols};
}

/// What can be seen without any hypothesis, in words; and one row beside the right one.
void describe(const Samples& s, const Series& w, std::vector<std::string>& evidence) {
  if (!s.gaussian) {
    std::size_t zeros = 0;
    for (std::size_t t = 0; t < s.steps; ++t) {
      bool others_zero = true;
      for (std::size_t k = 0; k < s.outputs; ++k) others_zero &= k == s.action[t] || s.d(t, k).value == 0;
      zeros += others_zero;
    }
    if (zeros == s.steps)
      evidence.push_back(fmt::format(
          "the columns of the other actions are 0 in {} of {} rows; a right row has no zeros there", zeros, s.steps));
    std::size_t off = 0;
    double largest = 0;
    for (std::size_t t = 0; t < s.steps; ++t) {
      Number total;
      double size = 0;
      for (const Number& x : row(s.d, t)) total += x, size = std::max(size, std::abs(x.value));
      if (std::abs(total.value) > total.error + 64 * s.rounding * size) {
        ++off;
        if (std::abs(total.value) > std::abs(largest)) largest = total.value;
      }
    }
    if (off > 0)
      evidence.push_back(
          fmt::format("{} of {} rows do not sum to 0, the worst to {:.4g}; a right row does", off, s.steps, largest));
  }
  if (w.empty()) return;
  const Grid right = predict(s, w, s.gaussian ? right_gaussian : right_categorical);
  const double sign = s.sign.value_or(1);
  for (std::size_t t = 0; t < s.steps; ++t) {
    Grid expected(1, s.d.cols);
    double far = 0;
    for (std::size_t k = 0; k < s.d.cols; ++k) {
      expected.cells[k] = sign * right(t, k);
      far = std::max(far, std::abs(expected.cells[k].value - s.d(t, k).value) - 1e-3 * std::abs(s.d(t, k).value));
    }
    if (far <= 0) continue;
    evidence.push_back(fmt::format("row {}: got {}, expected {}", t + 1, shown(row(s.d, t)), shown(expected.cells)));
    return;
  }
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
  const bool plain = std::abs(first.match.c.value - 1) <= first.match.c.error + 1e-9;
  finding.evidence.push_back(fmt::format(
      "{} of {} rows equal {}{}{}", s.steps, s.steps,
      plain ? "" : constant_in_words(s, first.match.c) + " times: ", first.hypothesis->formula, within(first.match)));
  describe(s, w, finding.evidence);
  diagnosis.findings.push_back(std::move(finding));
}

void add(Diagnosis& diagnosis, const Samples& s, const Series& w, std::string_view name, const std::string& evidence) {
  Finding finding{"output", {name}, {evidence}};
  if (name.empty()) finding.names.clear();
  describe(s, w, finding.evidence);
  diagnosis.findings.push_back(std::move(finding));
}

/// The right vector, up to a constant. Its sign is the convention; a declared one must be kept.
bool explain_right(const Samples& s, const Match& m, const std::string& weights, Diagnosis& diagnosis) {
  const double sign = m.c.value < 0 ? -1 : 1;
  const char* convention = sign > 0 ? "ascent" : "descent";
  if (s.sign && m.determined && *s.sign != sign) {
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

/// p log p, known even where p was printed as 0.
Number p_log_p(Number p) {
  if (p.value > 2 * p.error) return p * log(p);
  const double most = p.value + p.error;
  return {0, most > 0 ? -most * std::log(most) : 0};
}

/// Entropy's gradient at the logits, -p (log p + H), and two wrong ones.
Grid entropy_slope(const Samples& s, int kind) {
  Grid result(s.steps, s.outputs);
  for (std::size_t t = 0; t < s.steps; ++t) {
    Number entropy;
    for (std::size_t k = 0; k < s.outputs; ++k) entropy += -p_log_p(s.p(t, k));
    for (std::size_t k = 0; k < s.outputs; ++k) {
      const Number p = s.p(t, k);
      result(t, k) = kind == 0 ? -(p_log_p(p) + p * entropy) : kind == 1 ? -(log(p) + 1) : -p_log_p(p);
    }
  }
  return result;
}

/// An entropy bonus beside the right vector.
bool explain_entropy(const Samples& s, const Series& w, const Grid& right, Diagnosis& diagnosis) {
  const bool few = s.steps * (s.outputs - 1) < 4;  // two free numbers fit anything: acquit, do not accuse
  if (std::ranges::all_of(w, [](Number x) { return x.value == 0; }) &&
      match(s.d, entropy_slope(s, 0), s.rounding).agrees) {
    diagnosis.facts.push_back("output: every weight is 0, and the rest is a multiple of the gradient of the entropy");
    return true;
  }
  for (int kind = 0; kind < 3; ++kind) {
    const Match2 m = match2(s.d, right, entropy_slope(s, kind), s.rounding);
    if (!m.agrees || m.vague || m.c == 0) continue;
    const double bonus = m.e / m.c;
    if (few && (kind > 0 || bonus < 0)) continue;
    if (s.weight.empty() && (kind > 0 || bonus < 0)) continue;      // with weights that are only guessed, do not accuse
    if (s.weight.empty() && s.sign && *s.sign * m.c < 0) continue;  // a baseline can turn the sign
    const auto evidence = [&](const char* formula) {
      return fmt::format("{} of {} rows equal w (e - p) {} {:.4g} times {}", s.steps, s.steps, bonus < 0 ? "-" : "+",
                         std::abs(bonus), formula);
    };
    if (kind > 0)
      add(diagnosis, s, w, kind == 1 ? "entropy-slope-at-the-probs" : "entropy-term-missing",
          evidence(kind == 1 ? "-(log p + 1)" : "-p log p"));
    else if (bonus < 0)
      add(diagnosis, s, w, "entropy-sign-wrong", evidence("the gradient of the entropy"));
    else if (s.sign && *s.sign * m.c < 0 && !few)
      add(diagnosis, s, w, "sign-flipped", evidence("the gradient of the entropy") + ", with the sign turned");
    else
      diagnosis.facts.push_back(
          fmt::format("output: right in {} of {} rows, with an entropy bonus of {:.4g}", s.steps, s.steps, bonus));
    return true;
  }
  return false;
}

/// The same without weights: each row has its own, and the bonus is one number for all.
bool explain_entropy_without_weights(const Samples& s, const Grid& score, Diagnosis& diagnosis) {
  const Grid slope = entropy_slope(s, 0);
  double along = 0, square = 0, whole = 0;
  for (std::size_t t = 0; t < s.steps; ++t) {
    double ss = 0, sd = 0, sh = 0;
    for (std::size_t k = 0; k < s.outputs; ++k) {
      const double e = score(t, k).value, h = slope(t, k).known() ? slope(t, k).value : 0;
      whole += h * h, ss += e * e, sd += e * s.d(t, k).value, sh += e * h;
    }
    for (std::size_t k = 0; k < s.outputs && ss > 0; ++k) {
      const double h = (slope(t, k).known() ? slope(t, k).value : 0) - score(t, k).value * sh / ss;
      along += h * (s.d(t, k).value - score(t, k).value * sd / ss), square += h * h;
    }
  }
  if (!(square > 1e-4 * whole)) return false;  // of two actions, every slope is along the score
  double error = 0;
  for (std::size_t i = 0; i < s.d.cells.size(); ++i)
    if (const Number h = slope.cells[i]; h.known())
      error += std::abs(h.value) * s.d.cells[i].error + 3 * std::abs(s.d.cells[i].value) * h.error;
  const double bonus = along / square;
  Grid rest = s.d;
  for (std::size_t i = 0; i < rest.cells.size(); ++i)
    rest.cells[i] += -(Number(bonus, error / square) * slope.cells[i]);
  if (match_rows(rest, score, s.rounding).empty()) return false;
  diagnosis.facts.push_back(fmt::format(
      "output: {} of {} rows are proportional to the right vector, beside {:.4g} times the gradient of the entropy; "
      "without a column weight their signs cannot be compared",
      s.steps, s.steps, bonus));
  return true;
}

/// The label of each row is one of the actions, but not always the one taken.
bool explain_labels(const Samples& s, const Series& w, Diagnosis& diagnosis) {
  for (const double c : {1., -1., 1. / double(s.steps), -1. / double(s.steps), 1. / double(s.episodes.size()),
                         -1. / double(s.episodes.size())}) {
    if (s.sign && *s.sign * c < 0) continue;
    Grid nearest(s.steps, s.outputs);
    std::size_t others = 0;
    for (std::size_t t = 0; t < s.steps; ++t) {
      std::size_t label = 0;
      const auto height = [&](std::size_t k) {
        return (s.d(t, k).value / c + w[t].value * s.p(t, k).value) * (w[t].value < 0 ? -1 : 1);
      };
      for (std::size_t k = 1; k < s.outputs; ++k)
        if (height(k) > height(label)) label = k;
      others += label != s.action[t];
      for (std::size_t k = 0; k < s.outputs; ++k) nearest(t, k) = c * w[t] * ((k == label ? 1 : 0) - s.p(t, k));
    }
    const Match m = match(s.d, nearest, s.rounding, Scale::one);
    if (!m.agrees || m.vague) continue;
    add(diagnosis, s, w, "label-is-another-draw",
        fmt::format(
            "every row equals w (one_hot(k) - p) for some action k; in {} of {} rows it is not the action taken",
            others, s.steps));
    return true;
  }
  return false;
}

/// D = c_t w (e - p) where c_t falls with p_a: a clip, or an epsilon added inside the log. With the epsilon,
/// c / c_t = 1 + epsilon / p_a, a straight line in 1 / p_a.
bool explain_epsilon(const Samples& s, const Series& w, const Series& factor, Diagnosis& diagnosis) {
  std::vector<std::size_t> rows;  // that have a factor, by falling probability of the action
  double highest_zero = 0, lowest = HUGE_VAL;
  const auto p_a = [&](std::size_t t) { return s.p(t, s.action[t]); };
  for (std::size_t t = 0; t < s.steps; ++t) {
    if (w[t].value == 0 || !factor[t].known()) continue;
    if (factor[t].value == 0)
      highest_zero = std::max(highest_zero, p_a(t).value);
    else
      rows.push_back(t), lowest = std::min(lowest, p_a(t).value);
  }
  if (rows.size() < 3) return false;
  std::ranges::sort(rows, std::greater{}, [&](std::size_t t) { return p_a(t).value; });
  const std::size_t likeliest = rows.front(), rarest = rows.back();
  if (highest_zero > 0 && highest_zero < lowest) {
    for (const std::size_t t : rows)
      if (std::abs(factor[t].value - factor[likeliest].value) > 4 * (factor[t].error + factor[likeliest].error))
        return false;
    add(diagnosis, s, w, "rare-actions-clipped",
        fmt::format("rows are 0 exactly where the action has a probability of {:.2g} or less, and right where it has "
                    "{:.2g} or more",
                    highest_zero, lowest));
    return true;
  }
  const double x = 1 / p_a(likeliest).value, y = 1 / factor[likeliest].value, dx = 1 / p_a(rarest).value - x;
  const double steepness = (1 / factor[rarest].value - y) / dx, epsilon = steepness / (y - steepness * x);
  if (!(highest_zero == 0 && dx > 0 && epsilon > 0 && epsilon < 0.5)) return false;
  double worst = 0, relative = 0;  // the line is as vague as the two points that it goes through
  for (const std::size_t t : {likeliest, rarest})
    relative += factor[t].error / std::abs(factor[t].value) + p_a(t).error / p_a(t).value;
  for (const std::size_t t : rows) {
    const Number loss = epsilon / (p_a(t) + epsilon), expected = (1 - loss) / (y - steepness * x);
    if (std::abs(factor[t].value - expected.value) >
        8 * (factor[t].error + expected.error + relative * std::abs(expected.value)))
      return false;
    worst = std::max(worst, loss.value);
  }
  const std::string evidence = fmt::format(
      "every row is the right one times p_a / (p_a + {:.2g}); the row that loses most loses {:.2g} of its size",
      epsilon, worst);
  if (worst > 0.01)
    add(diagnosis, s, w, "epsilon-inside-the-log", evidence);
  else
    diagnosis.facts.push_back("output: right but for an epsilon inside the log: " + evidence);
  return true;
}

/// The slopes of a Gaussian at min(max(a, low), high), the bounds read off the rows themselves.
bool explain_clipping(const Samples& s, const Series& w, Diagnosis& diagnosis) {
  if (!s.has_mu_gradient) return false;
  for (const double c : {1., -1., 1. / double(s.steps), -1. / double(s.steps), 1. / double(s.episodes.size()),
                         -1. / double(s.episodes.size())}) {
    if (s.sign && *s.sign * c < 0) continue;
    Samples clipped = s;
    std::size_t moved = 0;
    for (std::size_t i = 0; i < s.outputs; ++i) {
      Number low{-HUGE_VAL, HUGE_VAL}, high{HUGE_VAL, HUGE_VAL};  // each from the row that tells it best
      for (std::size_t t = 0; t < s.steps; ++t) {
        const Number used = s.mu(t, i) + s.d(t, i) * s.sigma(t, i) * s.sigma(t, i) / (c * w[t]), a = s.actions(t, i);
        const double noise = 4 * (used.error + a.error) + 1e3 * s.rounding * (std::abs(a.value) + s.sigma(t, i).value);
        if (!used.known() || std::abs(used.value - a.value) <= noise) continue;
        Number& bound = used.value < a.value ? high : low;
        if (used.error < bound.error) bound = used;
      }
      for (std::size_t t = 0; t < s.steps && low.value < high.value; ++t) {
        Number& a = s.actions(t, i).value < low.value    ? low
                    : s.actions(t, i).value > high.value ? high
                                                         : clipped.actions(t, i);
        moved += &a != &clipped.actions(t, i);
        clipped.actions(t, i) = a;
      }
    }
    if (moved == 0 || s.steps < 4) continue;
    const Match m = match(s.d, predict(clipped, w, right_gaussian), s.rounding);
    if (!m.agrees || m.vague) continue;
    add(diagnosis, s, w, "clipped-action",
        fmt::format("every row is right for actions cut to a range; {} of {} actions lie outside it", moved,
                    s.steps * s.outputs));
    return true;
  }
  return false;
}

/// A third of the rows or more were printed with less than three digits.
bool too_few_digits(const Samples& s) {
  std::size_t vague = 0;
  for (std::size_t t = 0; t < s.steps; ++t)
    vague += std::ranges::all_of(row(s.d, t), [](Number x) { return std::abs(x.value) <= 1000 * x.error; });
  return 3 * vague > s.steps;
}

bool all_zero(const Grid& g) {
  return std::ranges::all_of(g.cells, [](Number x) { return x.value == 0; });
}

}  // namespace

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
      add(diagnosis, s, w, "all-zero",
          fmt::format("every number injected is 0 in {} rows, and the weights are not", s.steps));
    else
      diagnosis.facts.push_back("output: every number injected is 0; right only if every weight is 0");
    return {};
  }
  const Series factor = match_rows(s.d, predict(s, given ? w : ones, right), s.rounding);
  for (const NamedSeries& source : sources) {
    const auto found = search(s, source.weights, hypotheses);
    // Rows that are right but for their weights, and weights that are only guessed: one constant more is too many.
    if (found.empty() || (!given && !factor.empty() && !known_constant(s, found.front().match.c))) continue;
    add(diagnosis, s, source.weights, found);
    return {given ? s.weight : Series{}, false, given};
  }
  if (!s.gaussian)
    for (const NamedSeries& source : sources)
      if (explain_entropy(s, source.weights, predict(s, source.weights, right), diagnosis))
        return {given ? s.weight : Series{}, true, given};
  if (s.gaussian && given && explain_clipping(s, w, diagnosis)) return {};
  if (!s.gaussian && given) {
    if (!factor.empty() && explain_epsilon(s, w, factor, diagnosis)) return {};
    if (explain_labels(s, w, diagnosis)) return {};
  }
  if (!factor.empty()) {
    if (!given) {
      diagnosis.facts.push_back(
          fmt::format("output: {} of {} rows are proportional to the right vector", s.steps, s.steps));
      return {factor, false, false};
    }
    const bool few = s.steps * (s.outputs - 1) < 4;
    if (!s.gaussian && (few || match2(s.d, predict(s, w, right), entropy_slope(s, 0), s.rounding).agrees)) {
      diagnosis.facts.push_back("output: proportional to the right vector; too few rows or digits to tell more");
      return {};
    }
    const Series recovered = match_rows(s.d, predict(s, ones, right), s.rounding);
    return {recovered, false, false};
  }
  if (!given && !s.gaussian && explain_entropy_without_weights(s, predict(s, ones, right), diagnosis)) return {};
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
  if (!given && too_few_digits(s)) {
    diagnosis.facts.push_back("output: too few digits to tell, without a column weight");
    return {};
  }
  const Grid expected = predict(s, w.empty() ? ones : w, right);
  const Match m = match(s.d, expected, s.rounding, w.empty() ? Scale::any : Scale::one);
  add(diagnosis, s, w, "",
      fmt::format(
          "no known mistake has these numbers; first entry that differs: row {}, column {}: got {:.6g}, expected "
          "{:.6g}{}",
          m.row + 1, m.col + 1, s.d(m.row, m.col).value, expected(m.row, m.col).value,
          w.empty() ? " times the weight" : ""));
  return {};
}

}  // namespace rl
