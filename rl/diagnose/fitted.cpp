/// Mistakes with a number in them that must be found first: how large the entropy bonus is, which epsilon stands inside
/// the log, which label each row has, where actions were cut.

#include <fmt/core.h>

#include <algorithm>
#include <functional>

#include "rl/diagnose/hypotheses.hpp"

namespace rl {
namespace {

/// p log p, known even where p was printed as 0.
Number p_log_p(Number p) {
  if (p.value > 2 * p.error) return p * log(p);
  const double most = p.value + p.error;
  return {0, most > 0 ? -most * std::log(most) : 0};
}

double largest(const Grid& g) {
  double size = 0;
  for (const Number& x : g.cells)
    if (x.known()) size = std::max(size, std::abs(x.value));
  return size;
}

}  // namespace

/// Entropy's gradient at the logits, -p (log p + H), and two wrong ones. Of a Gaussian, whose entropy is log sigma and
/// a constant: 1 at log sigma, 1 / sigma at sigma.
Grid entropy_slope(const Samples& s, int kind) {
  if (s.gaussian) {
    Grid result(s.steps, s.d.cols);
    const std::size_t first = s.has_mu_gradient ? s.outputs : 0;
    for (std::size_t t = 0; t < s.steps; ++t)
      for (std::size_t i = 0; first + i < s.d.cols; ++i)
        result(t, first + i) = s.log_sigma ? Number(1) : 1 / s.sigma(t, i);
    return result;
  }
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
  if (s.gaussian && s.d.cells.size() < 6) return false;
  if (std::ranges::all_of(w, [](Number x) { return x.value == 0; }) &&
      match(s.d, entropy_slope(s, 0), s.rounding).agrees) {
    diagnosis.facts.push_back("output: every weight is 0, and the rest is a multiple of the gradient of the entropy");
    return true;
  }
  for (int kind = 0; kind < (s.gaussian ? 1 : 3); ++kind) {
    const Grid slope = entropy_slope(s, kind);
    const Match2 m = match2(s.d, right, slope, s.rounding);
    if (!m.agrees || m.c == 0) continue;
    const double bonus = m.e / m.c;
    if (s.gaussian && bonus < 0) continue;  // acquits, and does not accuse
    if (std::abs(bonus) * largest(slope) < 1e-12 * largest(right) && !(s.sign && *s.sign * m.c < 0)) {
      diagnosis.facts.push_back(fmt::format("output: right in {} of {} rows, but for rounding", s.steps, s.steps));
      return true;
    }
    if (m.vague && (kind > 0 || bonus < 0 || !s.returns_rounded)) continue;  // rounded weights acquit, no more
    if (few && (kind > 0 || bonus < 0)) continue;
    if (s.weight.empty() && (kind > 0 || bonus < 0)) continue;      // with weights that are only guessed, do not accuse
    if (s.weight.empty() && s.sign && *s.sign * m.c < 0) continue;  // a baseline can turn the sign
    const auto evidence = [&](const char* formula) {
      return fmt::format("{} of {} rows equal w (e - p) {} {:.4g} times {}", s.steps, s.steps, bonus < 0 ? "-" : "+",
                         std::abs(bonus), formula);
    };
    if (kind > 0)
      add_finding(diagnosis, s, w, kind == 1 ? "entropy-slope-at-the-probs" : "entropy-term-missing",
                  evidence(kind == 1 ? "-(log p + 1)" : "-p log p"));
    else if (bonus < 0)
      add_finding(diagnosis, s, w, "entropy-sign-wrong", evidence("the gradient of the entropy"));
    else if (s.sign && *s.sign * m.c < 0 && !few && !m.vague)
      add_finding(diagnosis, s, w, "sign-flipped", evidence("the gradient of the entropy") + ", with the sign turned");
    else
      diagnosis.facts.push_back(fmt::format("output: right in {} of {} rows, with an entropy bonus of {:.4g}{}",
                                            s.steps, s.steps, bonus,
                                            m.vague ? ", as far as the digits tell: print more to be sure" : ""));
    return true;
  }
  return false;
}

/// The same without weights: each row has its own, and the bonus is one number for all.
bool explain_entropy_without_weights(const Samples& s, const Grid& score, Series& weights, Diagnosis& diagnosis) {
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
  double error = 0;
  for (std::size_t i = 0; i < s.d.cells.size(); ++i)
    if (const Number h = slope.cells[i]; h.known())
      error += std::abs(h.value) * s.d.cells[i].error + 3 * std::abs(s.d.cells[i].value) * h.error;
  // Of two actions, every slope is along the score; of more, it may nearly be so.
  if (!(square > 1e-4 * whole || error < 1e-3 * std::abs(along))) return false;
  const double bonus = along / square;
  Grid rest = s.d;
  for (std::size_t i = 0; i < rest.cells.size(); ++i)
    rest.cells[i] += -(Number(bonus, error / square) * slope.cells[i]);
  const Series factor = match_rows(rest, score, s.rounding);
  if (factor.empty()) return false;
  if (std::abs(bonus) < 3 * error / square) {  // there is none, and the digits are fewer than they seem
    weights = factor;
    diagnosis.facts.push_back(
        fmt::format("output: {} of {} rows are proportional to the right vector", s.steps, s.steps));
    return true;
  }
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
    add_finding(
        diagnosis, s, w, "label-is-another-draw",
        fmt::format(
            "every row equals w (one_hot(k) - p) for some action k; in {} of {} rows it is not the action taken",
            others, s.steps));
    return true;
  }
  return false;
}

/// Rows that are 0 exactly where the action is rare, and right elsewhere. `factor` is what the right vector was
/// multiplied by in each row.
bool explain_rare_actions(const Samples& s, const Series& w, const Series& factor, std::string& evidence) {
  double highest_zero = 0, lowest = HUGE_VAL;
  std::size_t right = 0, first = s.steps;
  for (std::size_t t = 0; t < s.steps; ++t) {
    if (w[t].value == 0 || !factor[t].known()) continue;
    const double p = s.p(t, s.action[t]).value;
    if (factor[t].value == 0) {
      highest_zero = std::max(highest_zero, p);
      continue;
    }
    first = std::min(first, t), lowest = std::min(lowest, p), ++right;
    if (std::abs(factor[t].value - factor[first].value) > 4 * (factor[t].error + factor[first].error)) return false;
  }
  if (right < 3 || highest_zero == 0 || highest_zero >= lowest) return false;
  evidence = fmt::format(
      "rows are 0 exactly where the action has a probability of {:.2g} or less, and right where it has {:.2g} or more",
      highest_zero, lowest);
  return true;
}

/// D = c_t w (e - p) where c_t falls with p_a: a clip, or an epsilon added inside the log. With the epsilon,
/// c / c_t = 1 + epsilon / p_a, a straight line in 1 / p_a.
bool explain_epsilon(const Samples& s, const Series& w, const Series& factor, Diagnosis& diagnosis) {
  std::string clipped;
  if (explain_rare_actions(s, w, factor, clipped)) {
    add_finding(diagnosis, s, w, "rare-actions-clipped", clipped);
    return true;
  }
  std::vector<std::size_t> rows;  // that have a factor, by falling probability of the action
  const auto p_a = [&](std::size_t t) { return s.p(t, s.action[t]); };
  for (std::size_t t = 0; t < s.steps; ++t) {
    if (w[t].value == 0 || !factor[t].known()) continue;
    if (factor[t].value == 0) return false;
    rows.push_back(t);
  }
  if (rows.size() < 3) return false;
  std::ranges::sort(rows, std::greater{}, [&](std::size_t t) { return p_a(t).value; });
  const std::size_t likeliest = rows.front(), rarest = rows.back();
  const double x = 1 / p_a(likeliest).value, y = 1 / factor[likeliest].value, dx = 1 / p_a(rarest).value - x;
  const double steepness = (1 / factor[rarest].value - y) / dx, epsilon = steepness / (y - steepness * x);
  if (!(dx > 0 && epsilon > 0 && epsilon < 0.5)) return false;
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
    add_finding(diagnosis, s, w, "epsilon-inside-the-log", evidence);
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
    add_finding(diagnosis, s, w, "clipped-action",
                fmt::format("every row is right for actions cut to a range; {} of {} actions lie outside it", moved,
                            s.steps * s.outputs));
    return true;
  }
  return false;
}

}  // namespace rl
