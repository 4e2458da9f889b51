/// Of a Gaussian: actions, or sigmas, that were clamped to a range. The bounds are read off the rows themselves.

#include <fmt/core.h>

#include <algorithm>

#include "rl/diagnose/digits.hpp"
#include "rl/diagnose/hypotheses.hpp"

namespace rl {
namespace {

/// Where sigma stands at its smallest or largest value in two rows or more, a clamp cuts its gradient to 0.
bool right_at_the_bounds(const Samples& s, const Series& w, Diagnosis& diagnosis) {
  const std::size_t first = s.has_mu_gradient ? s.outputs : 0;
  if (first == s.d.cols) return false;
  Grid right = predict(s, w, right_gaussian);
  std::size_t cut = 0, free = 0;
  for (std::size_t i = 0; i < s.outputs; ++i) {
    const auto value = [&](std::size_t t) { return s.sigma(t, i).value; };
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (std::size_t t = 0; t < s.steps; ++t) low = std::min(low, value(t)), high = std::max(high, value(t));
    for (std::size_t t = 0; t < s.steps; ++t) {
      const bool bound = value(t) == low || value(t) == high, zero = s.d(t, first + i).value == 0;
      if (bound && zero && right(t, first + i).value != 0) right(t, first + i) = 0, ++cut;
      free += !bound && !zero;
    }
  }
  if (cut < 2 || free < 2) return false;
  const Match m = match(s.d, right, s.rounding);
  if (!m.agrees || evidence(s, m) < enough_digits) return false;
  diagnosis.facts.push_back(fmt::format(
      "output: right in {} of {} rows, with sigma at a bound in {}: its gradient is 0 there, as a clamp has it",
      s.steps, s.steps, cut));
  return true;
}

/// The sigma that the column dmu was made with: sigma^2 = c w (a - mu) / dmu.
Number sigma_used(const Samples& s, const Series& w, double c, std::size_t t, std::size_t i) {
  return sqrt(c * w[t] * (s.actions(t, i) - s.mu(t, i)) / s.d(t, i));
}

struct Bounds {
  Number low{-HUGE_VAL, HUGE_VAL}, high{HUGE_VAL, HUGE_VAL};
};
/// Where the rows show that sigma of dimension i was another one: each bound from the row that tells it best.
Bounds bounds_of_sigma(const Samples& s, const Series& w, double c, std::size_t i) {
  Bounds bounds;
  for (std::size_t t = 0; t < s.steps; ++t) {
    const Number used = sigma_used(s, w, c, t, i), own = s.sigma(t, i);
    if (!used.known() ||
        std::abs(used.value - own.value) <= 4 * (used.error + own.error) + 1e3 * s.rounding * own.value)
      continue;
    Number& bound = used.value < own.value ? bounds.high : bounds.low;
    if (used.error < bound.error) bound = used;
  }
  return bounds;
}
/// If every sigma was clamped, those not beyond the one bound that is known are beyond the other, however badly their
/// rows tell it.
void find_the_other_bound(const Samples& s, const Series& w, double c, std::size_t i, Bounds& bounds) {
  auto& [low, high] = bounds;
  if (low.known() == high.known()) return;
  const bool above = low.known();  // these are
  for (std::size_t t = 0; t < s.steps; ++t) {
    const Number used = sigma_used(s, w, c, t, i), own = s.sigma(t, i);
    const double noise = 4 * ((above ? low : high).error + own.error);
    if (above ? own.value < low.value + noise : own.value > high.value - noise) continue;
    Number& bound = above ? high : low;
    if (used.error < bound.error) bound = used;
  }
}

/// The samples with sigma in the range that the rows were made with; `clamped` counts how many it changes.
Samples with_clamped_sigma(const Samples& s, const Series& w, double c, Grid& cut, std::size_t& clamped,
                           bool every = false) {
  Samples result = s;
  for (std::size_t i = 0; i < s.outputs; ++i) {
    Bounds bounds = bounds_of_sigma(s, w, c, i);
    if (every) find_the_other_bound(s, w, c, i, bounds);
    const auto [low, high] = bounds;
    for (std::size_t t = 0; t < s.steps && low.value < high.value; ++t) {
      Number& sigma = result.sigma(t, i);
      const auto near = [&](Number bound) {  // too near to tell, but that the gradient is cut
        return s.d(t, s.outputs + i).value == 0 && bound.known() ? 4 * (bound.error + sigma.error) : 0;
      };
      if (sigma.value < low.value + near(low))
        sigma = low;
      else if (sigma.value > high.value - near(high))
        sigma = high;
      else
        continue;
      cut(t, i) = 0, ++clamped;
    }
  }
  return result;
}

}  // namespace

bool explain_clamped_sigma(const Samples& s, const Series& w, Diagnosis& diagnosis) {
  if (right_at_the_bounds(s, w, diagnosis)) return true;
  if (!s.has_mu_gradient || s.d.cols == s.outputs) return false;
  for (const double c : plain_constants(s)) {
    Grid free(s.steps, s.outputs);
    std::ranges::fill(free.cells, Number(1));
    std::size_t clamped = 0;
    const Samples used = with_clamped_sigma(s, w, c, free, clamped);
    if (clamped < 2 || clamped == s.steps * s.outputs) continue;
    for (const bool kept : {false, true}) {
      Grid expected = predict(used, w, right_gaussian);
      for (std::size_t t = 0; t < s.steps; ++t)
        for (std::size_t i = 0; i < s.outputs && !kept; ++i)
          expected(t, s.outputs + i) = free(t, i) * expected(t, s.outputs + i);
      const Match m = match(s.d, expected, 4 * s.rounding);
      if (!m.agrees || (kept && m.vague) || evidence(s, m) - 2 * m.best < enough_digits) continue;
      if (m.vague) diagnosis.output_open = "too few digits: right only if sigma was clamped";
      const std::string where =
          fmt::format("for sigma clamped to a range; {} of {} lie outside it", clamped, s.steps * s.outputs);
      if (kept)
        add_finding(diagnosis, s, w, "clamped-sigma-keeps-its-gradient",
                    "every row is right " + where + ", and their gradient should be 0");
      else
        diagnosis.facts.push_back(
            fmt::format("output: right in {} of {} rows {}, and their gradient is 0", s.steps, s.steps, where));
      return true;
    }
  }
  return false;
}

/// No sigma has a gradient, and all lie outside the range that the columns dmu were made with.
bool every_sigma_is_clamped(const Samples& s, const Series& w, Diagnosis& diagnosis) {
  if (!s.has_mu_gradient || s.d.cols == s.outputs) return false;
  for (const double c : plain_constants(s)) {
    Grid free(s.steps, s.outputs);
    std::size_t clamped = 0;
    Grid expected = predict(with_clamped_sigma(s, w, c, free, clamped, true), w, right_gaussian);
    for (std::size_t t = 0; t < s.steps; ++t)
      for (std::size_t i = 0; i < s.outputs; ++i) expected(t, s.outputs + i) = 0;
    if (clamped < s.steps * s.outputs || !match(s.d, expected, 4 * s.rounding).agrees) continue;
    diagnosis.output_open =
        "right only if every sigma lies outside the range that it was clamped to, for none has a gradient; rows with "
        "a sigma inside would tell";
    return true;
  }
  return false;
}

/// Each sigma whose gradient is 0 is smaller, or larger, than all of its column that have one; the other dimensions of
/// its row, and the other rows, are right.
bool could_be_clamped(const Samples& s, const Series& w) {
  const std::size_t first = s.has_mu_gradient ? s.outputs : 0;
  if (!s.has_mu_gradient || s.d.cols == s.outputs) return false;
  Grid right = predict(s, w.empty() ? Series(s.steps, Number(1)) : w, right_gaussian);
  std::size_t zeros = 0, others = 0;
  for (std::size_t i = 0; i < s.outputs; ++i) {
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (std::size_t t = 0; t < s.steps; ++t)
      if (s.d(t, first + i).value != 0)
        low = std::min(low, s.sigma(t, i).value), high = std::max(high, s.sigma(t, i).value), ++others;
    for (std::size_t t = 0; t < s.steps; ++t) {
      const Number zero = s.d(t, first + i);
      if (zero.value != 0) continue;
      const bool inside = s.sigma(t, i).value > low && s.sigma(t, i).value < high;
      if (inside && zero.error < 1e-4) continue;  // it must be right as it stands
      right(t, first + i).error = HUGE_VAL;
      if (!inside) right(t, i).error = HUGE_VAL, ++zeros;  // made with another sigma
    }
  }
  if (zeros == 0) return false;
  if (others == 0) return w.empty();  // then nothing is known of any row
  return w.empty() ? !match_rows(s.d, right, s.rounding).empty()
                   : std::ranges::any_of(plain_constants(s), [&](double c) {
                       for (std::size_t i = 0; i < right.cells.size(); ++i) {
                         const Number x = s.d.cells[i], y = c * right.cells[i];
                         if (y.known() &&
                             !(std::abs(x.value - y.value) <= 1.25 * (x.error + y.error) + 64 * s.rounding * size(x)))
                           return false;
                       }
                       return true;
                     });
}

/// The gradient of a Gaussian at min(max(a, low), high), the bounds read off the rows themselves.
bool explain_clipped_actions(const Samples& s, const Series& w, Diagnosis& diagnosis) {
  if (!s.has_mu_gradient) return false;
  for (const double c : plain_constants(s)) {
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
