/// Mistakes with a number in them that must be found first: which epsilon stands inside the log, which label each row
/// has, which actions were masked, where entries were cut.

#include <fmt/core.h>

#include <algorithm>
#include <functional>

#include "rl/diagnose/hypotheses.hpp"

namespace rl {

std::vector<double> plain_constants(const Samples& s) {
  std::vector<double> result;
  for (const double size : {1., 1. / double(s.steps), 1. / double(s.episodes.size())})
    for (const double c : {size, -size})
      if (!s.sign || *s.sign * c > 0) result.push_back(c);
  return result;
}

/// The label of each row is one of the actions, but not always the one taken.
bool explain_labels(const Samples& s, const Series& w, Diagnosis& diagnosis) {
  for (const double c : plain_constants(s)) {
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
    const double labels_chosen = double(s.steps) * std::log10(double(s.outputs));
    if (!m.agrees || m.vague || m.digits < enough_digits + labels_chosen) continue;
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

namespace {

/// Has it two digits or less, as numbers that somebody typed?
bool typed(double x) {
  const double scale = std::pow(10., 1 - std::floor(std::log10(x)));
  return std::abs(x * scale - std::round(x * scale)) < 1e-5 * x * scale;
}

/// d/dz log((1 - x) p_a + x / K) has the same numbers as an epsilon inside the log, with x / K / (1 - x) for it.
/// Whoever typed a number typed a short one.
void tell_epsilon(const Samples& s, const Series& w, double epsilon, double worst, Diagnosis& diagnosis) {
  const std::string evidence = fmt::format(
      "every row is the right one times p_a / (p_a + {:.2g}); the row that loses most loses {:.2g} of its size",
      epsilon, worst);
  const double K = static_cast<double>(s.outputs), mixed = K * epsilon / (1 + K * epsilon);
  if (worst > 0.01 && typed(mixed) && !typed(epsilon))
    diagnosis.output_open = fmt::format(
        "right if the actions were drawn from {:.4g} p + {:.4g} / K, else "
        "epsilon-inside-the-log; the probabilities acted with, as columns p, would tell",
        1 - mixed, mixed);
  else if (worst > 0.01)
    add_finding(diagnosis, s, w, "epsilon-inside-the-log", evidence);
  else
    diagnosis.facts.push_back("output: right but for an epsilon inside the log: " + evidence);
}

}  // namespace

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
  const auto clear = [&](std::size_t t) {  // known well enough to draw a line through
    return factor[t].error <= 0.01 * std::abs(factor[t].value) && p_a(t).error <= 0.02 * p_a(t).value;
  };
  const auto first = std::ranges::find_if(rows, clear);
  if (first == rows.end()) return false;
  const std::size_t likeliest = *first, rarest = *std::find_if(rows.rbegin(), rows.rend(), clear);
  const Number x = 1 / p_a(likeliest), y = 1 / factor[likeliest], dx = 1 / p_a(rarest) - x;
  const Number steepness = (1 / factor[rarest] - y) / dx;  // as vague as the two points that the line goes through
  const double epsilon = steepness.value / (y.value - steepness.value * x.value);
  if (!(dx.value > 0 && epsilon > 0 && epsilon < 0.5)) return false;
  double worst = 0, digits = 0;
  for (const std::size_t t : rows) {
    const Number expected = 1 / (y + steepness * (1 / p_a(t) - x));
    const double allowed = 2 * (factor[t].error + expected.error);
    if (!(std::abs(factor[t].value - expected.value) <= allowed)) return false;
    if (p_a(t).value != p_a(likeliest).value && p_a(t).value != p_a(rarest).value)  // those two chose the line
      digits += std::max(0., std::log10(std::abs(expected.value) / allowed));
    worst = std::max(worst, epsilon / (p_a(t).value + epsilon));
  }
  if (digits < enough_digits) return false;
  tell_epsilon(s, w, epsilon, worst, diagnosis);
  return true;
}

/// Probabilities that are exactly 0 were masked when acting. When the update does not know of it, its softmax gives the
/// masked actions a share; what stands in their columns tells how large it is.
bool explain_masked_actions(const Samples& s, const Series& w, Diagnosis& diagnosis) {
  Grid unmasked = s.d;
  const Grid right = predict(s, w, right_categorical);
  std::size_t masked = 0, rows = 0;
  for (std::size_t t = 0; t < s.steps; ++t) {
    Number share;
    std::size_t here = 0;
    for (std::size_t k = 0; k < s.outputs; ++k)
      if (s.p(t, k).value == 0 && s.d(t, k).value != 0) share += s.d(t, k), ++here;
    masked += here, rows += here > 0;
    for (std::size_t k = 0; k < s.outputs && here > 0; ++k)
      unmasked(t, k) = s.p(t, k).value == 0 ? Number(0) : s.d(t, k) + share * s.p(t, k);
  }
  if (masked == 0) return false;
  const Match m = match(unmasked, right, s.rounding);
  if (!m.agrees || m.vague || !known_constant(s, m.c) || evidence(s, m) < enough_digits) return false;
  add_finding(diagnosis, s, w, "mask-forgotten-in-the-update",
              fmt::format("{} numbers in {} rows push actions whose probability is exactly 0; the rest is right for a "
                          "softmax that gives these actions a share",
                          masked, rows));
  return true;
}

/// min(max(w (e - p), -c), c), c being the largest number injected.
bool explain_clipped_entries(const Samples& s, const Series& w, Diagnosis& diagnosis) {
  double bound = 0;
  for (const Number& x : s.d.cells) bound = std::max(bound, std::abs(x.value));
  const Grid right = predict(s, w, right_categorical);
  for (const double c : plain_constants(s)) {
    Grid clipped = right;
    std::size_t numbers = 0, rows = 0, off = 0;
    for (std::size_t t = 0; t < s.steps; ++t) {
      const std::size_t before = numbers;
      Number total;
      for (std::size_t k = 0; k < s.outputs; ++k) {
        Number& x = clipped(t, k) = c * right(t, k);
        if (std::abs(x.value) > bound) x = x.value > 0 ? bound : -bound, ++numbers;
        total += x;
      }
      rows += numbers > before, off += std::abs(total.value) > 4 * total.error + 1e-9 * bound;
    }
    if (rows < 2 || off == 0) continue;  // the bound is read off one; rows that sum to 0 may be clipped by their length
    const Match m = match(s.d, clipped, s.rounding, Scale::one);
    if (!m.agrees || m.vague || m.digits - m.best < enough_digits) continue;
    add_finding(diagnosis, s, w, "clipped-entry-by-entry",
                fmt::format("every row is right but for {} numbers in {} rows, which all are {:.6g} or {:.6g}", numbers,
                            rows, bound, -bound));
    return true;
  }
  return false;
}

/// Softmax over the rows of the batch: d = w e - q W in column k, W being the sum of all weights whose action is k, and
/// the q of every column sum to 1. A program that writes w (e - q) by hand has w for W.
bool explain_softmax_over_the_batch(const Samples& s, const Series& w, Diagnosis& diagnosis) {
  Series of_action(s.outputs);
  for (std::size_t t = 0; t < s.steps; ++t) of_action[s.action[t]] += w[t];
  for (const double c : plain_constants(s))
    for (const bool by_hand : {false, true}) {
      double digits = 0;
      bool fits = s.steps > 1;
      for (std::size_t k = 0; k < s.outputs && fits; ++k) {
        if (!by_hand && std::ranges::count(s.action, k) == 0) continue;  // nothing is injected there
        Number total;
        for (std::size_t t = 0; t < s.steps; ++t) {
          const Number q = ((s.action[t] == k ? w[t] : 0) - s.d(t, k) / c) / (by_hand ? w[t] : of_action[k]);
          fits &= q.known() && q.value > -q.error - 1e-9 && q.value < 1 + q.error;
          total += q;
        }
        fits = fits && std::abs(total.value - 1) <= 2 * total.error + 1e-9;
        digits += std::log10(1 / (2 * total.error + 1e-9));
      }
      if (!fits || digits < enough_digits) continue;
      add_finding(diagnosis, s, w, "softmax-over-the-batch",
                  "what is subtracted from the one-hot vectors sums to 1 in every column, over the rows of the batch");
      return true;
    }
  return false;
}

}  // namespace rl
