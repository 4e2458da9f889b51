/// What must hold before any formula is asked: finite numbers, probabilities that are some, actions that vary.

#include <fmt/core.h>

#include <algorithm>

#include "rl/diagnose/digits.hpp"
#include "rl/diagnose/hypotheses.hpp"

namespace rl {
namespace {

bool finite(Number x) {
  return std::isfinite(x.value);
}
bool finite(ConstRow row) {
  return std::ranges::all_of(row, [](Number x) { return finite(x); });
}

void add(Diagnosis& diagnosis, std::string where, std::vector<std::string_view> names, std::string evidence) {
  diagnosis.findings.push_back({std::move(where), std::move(names), {std::move(evidence)}});
}

std::size_t count_rows(const Samples& s, auto test) {
  std::size_t count = 0;
  for (std::size_t t = 0; t < s.steps; ++t) count += test(t);
  return count;
}

/// 0 / 0 is NaN: that is what whitening gives where nothing varies. Infinite weights have another cause.
void explain_weights_that_are_not_finite(const Samples& s, std::size_t bad, Diagnosis& diagnosis) {
  const bool all_nan = std::ranges::all_of(s.weight, [](Number w) { return finite(w) || std::isnan(w.value); });
  bool only_short = s.episodes_known || s.steps == 1;
  for (const Span& e : s.episodes)
    for (std::size_t t = e.first; t < e.first + e.length; ++t)
      if (finite(s.weight[t]) == (e.length == 1)) only_short = false;
  std::vector<std::string_view> names;
  if (all_nan && only_short) names.push_back("whitened-one-step");
  if (all_nan && bad == s.steps && s.steps > 1) names.push_back("whitened-equal-returns");
  if (names.empty()) names.push_back("weight-not-finite");
  add(diagnosis, "weights", std::move(names),
      fmt::format("{} of {} weights are not finite{}", bad, s.steps,
                  all_nan && only_short ? ", exactly those of episodes of one step" : ""));
}

/// Rows of the outputs that are not finite.
void explain_outputs_that_are_not_finite(const Samples& s, std::size_t bad, Diagnosis& diagnosis) {
  const std::size_t at_zero = s.gaussian ? 0 : count_rows(s, [&](std::size_t t) {
    return !finite(row_of(s.d, t)) && std::ranges::any_of(row_of(s.p, t), [](Number p) { return p.value == 0; });
  });
  const std::string count = fmt::format("{} of {} rows of what you inject are not finite", bad, s.steps);
  if (at_zero == bad)
    add(diagnosis, "output", {"log-of-zero"}, count + ", and in each of them a probability is exactly 0");
  else
    add(diagnosis, "output", {"not-finite"}, count + ", while probabilities and weights are finite");
}

bool sums_to_one(Number total, std::size_t count) {
  return std::abs(total.value - 1) <= total.error + 1e-5 * std::sqrt(static_cast<double>(count));
}
bool columns_sum_to_one(const Samples& s) {
  for (std::size_t k = 0; k < s.outputs; ++k) {
    Number total;
    for (std::size_t t = 0; t < s.steps; ++t) total += s.p(t, k);
    if (!sums_to_one(total, s.steps)) return false;
  }
  return s.steps > 1;
}

bool explain_probabilities(const Samples& s, Diagnosis& diagnosis) {
  const std::size_t bad = count_rows(s, [&](std::size_t t) { return !finite(row_of(s.p, t)); });
  if (bad > 0) {
    add(diagnosis, "probabilities", {"softmax-overflows"},
        fmt::format("{} of {} rows of probabilities are not finite", bad, s.steps));
    return true;
  }
  const std::size_t outside = count_rows(s, [&](std::size_t t) {
    return std::ranges::any_of(row_of(s.p, t),
                               [](Number p) { return p.value < -p.error - 1e-6 || p.value > 1 + p.error + 1e-6; });
  });
  if (outside > 0) {
    add(diagnosis, "probabilities", {"logits-for-probabilities"},
        fmt::format("{} of {} rows hold numbers below 0 or above 1", outside, s.steps));
    return true;
  }
  double worst = 1;
  const std::size_t off = count_rows(s, [&](std::size_t t) {
    Number total;
    for (const Number& p : row_of(s.p, t)) total += p;
    if (std::abs(total.value - 1) > std::abs(worst - 1)) worst = total.value;
    return !sums_to_one(total, s.outputs);
  });
  if (off == 0) return false;
  if (columns_sum_to_one(s))
    add(diagnosis, "probabilities", {"softmax-over-the-batch"},
        fmt::format("every column of probabilities sums to 1; {} of {} rows do not", off, s.steps));
  else
    add(diagnosis, "probabilities", {"probabilities-do-not-sum-to-one"},
        fmt::format("{} of {} rows do not sum to 1, the worst to {:.4g}", off, s.steps, worst));
  return true;
}

/// Actions that no sampling would give: never told below one chance in a million million. No row counts for more than
/// a factor of a thousand, since a rare action may be printed with a probability of 0.
void look_at_actions(const Samples& s, Diagnosis& diagnosis) {
  double log_chance_greedy = 0, log_chance_same = 0;
  bool greedy = true, same = true;
  for (std::size_t t = 0; t < s.steps; ++t) {
    double likeliest = 0;  // the chance of an action than which none is likelier
    for (const Number& p : row_of(s.p, t)) {
      greedy &= p.value <= s.p(t, s.action[t]).value;
      if (p.value >= s.p(t, s.action[t]).value) likeliest += p.value;
    }
    same &= s.action[t] == s.action[0];
    log_chance_greedy += std::log(std::clamp(likeliest, 1e-3, 1.));
    log_chance_same += std::log(std::max(s.p(t, s.action[0]).value, 1e-3));
  }
  constexpr double impossible_chance = -27.6;  // log 1e-12
  greedy &= log_chance_greedy < impossible_chance, same &= log_chance_same < impossible_chance;
  if (!greedy && !same) return;
  std::vector<std::string_view> names;
  if (greedy) names.push_back("acting-by-argmax");
  if (same) names.push_back("same-action-for-ever");
  add(diagnosis, "actions", std::move(names),
      fmt::format("all {} actions are {}; sampled actions would be so with a chance of 1e{:.0f}", s.steps,
                  greedy ? "the likeliest ones" : fmt::format("{}", s.action[0]),
                  (greedy ? log_chance_greedy : log_chance_same) / std::log(10.)));
}

/// An episode that goes on behind the step that ended it: padding, or a flag in the wrong row.
void look_behind_the_end(const Samples& s, Diagnosis& diagnosis) {
  std::size_t behind = 0, pushed = 0, paid = 0, first = s.steps;
  for (const Span& e : s.episodes)
    for (std::size_t t = e.first, ended = 0; t < e.first + e.length && !s.terminated.empty(); ++t) {
      if (ended) {
        ++behind, first = std::min(first, t);
        pushed += std::ranges::any_of(row_of(s.d, t), [](Number x) { return x.value != 0; });
        paid += !s.reward.empty() && s.reward[t].value != 0;
      }
      ended |= s.terminated[t] || (!s.truncated.empty() && s.truncated[t]);
    }
  if (behind == 0) return;
  const std::string seen =
      fmt::format("{} rows stand behind the end of their episode, the first is row {}", behind, s.row(first));
  if (pushed > 0 && paid == 0 && !s.reward.empty())
    add(diagnosis, "rows", {"padded-steps-included"}, seen + fmt::format("; {} of them push the policy", pushed));
  else if (pushed > 0)
    diagnosis.weights_open = "the columns episode and terminated contradict each other: " + seen;
}

bool explain_gaussian(const Samples& s, Diagnosis& diagnosis) {
  if (!finite(s.mu.cells) || !finite(s.sigma.cells) || !finite(s.actions.cells)) {
    add(diagnosis, "probabilities", {"not-finite"}, "mu, sigma or the actions are not finite");
    return true;
  }
  const std::size_t bad = count_rows(s, [&](std::size_t t) {
    return std::ranges::any_of(row_of(s.sigma, t), [](Number x) { return !(x.value > 0); });
  });
  if (bad == 0) return false;
  add(diagnosis, "probabilities", {"sigma-not-positive"},
      fmt::format("sigma is not above 0 in {} of {} rows", bad, s.steps));
  return true;
}

}  // namespace

bool explain_numbers(const Samples& s, Diagnosis& diagnosis) {
  if (s.gaussian ? explain_gaussian(s, diagnosis) : explain_probabilities(s, diagnosis)) return true;
  if (!finite(s.reward)) {  // before the weights: they are made of rewards
    const std::size_t bad = count_rows(s, [&](std::size_t t) { return !finite(s.reward[t]); });
    add(diagnosis, "weights", {"reward-not-finite"}, fmt::format("{} of {} rewards are not finite", bad, s.steps));
    return true;
  }
  if (const std::size_t bad = count_rows(s, [&](std::size_t t) { return !s.weight.empty() && !finite(s.weight[t]); });
      bad > 0) {
    explain_weights_that_are_not_finite(s, bad, diagnosis);
    return true;
  }
  if (const std::size_t bad = count_rows(s, [&](std::size_t t) { return !finite(row_of(s.d, t)); }); bad > 0) {
    explain_outputs_that_are_not_finite(s, bad, diagnosis);
    return true;
  }
  // Products of them are no numbers any more; everything would fit.
  const auto huge = [](Number x) { return std::abs(x.value) > 1e100; };
  for (const auto& [numbers, what] : {std::pair(&s.d.cells, "injected"), std::pair(&s.weight, "in the column weight"),
                                      std::pair(&s.reward, "in the column reward")})
    if (std::ranges::any_of(*numbers, huge)) {
      diagnosis.output_open = fmt::format("a number {} is above 1e100, and products of such numbers are none", what);
      return true;
    }
  look_behind_the_end(s, diagnosis);
  if (!s.gaussian) look_at_actions(s, diagnosis);
  return false;
}

}  // namespace rl
