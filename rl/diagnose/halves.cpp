/// A Gaussian's row in its two halves, at mu and at log sigma: each is right, or one of the catalogue, with one
/// constant in front of both. So two mistakes at once are told apart.

#include <fmt/core.h>

#include <algorithm>

#include "rl/diagnose/hypotheses.hpp"

namespace rl {
namespace {

const Half right_mu{"w (a - mu) / sigma^2", [](const Step& s, std::size_t i) { return s.x(i) / s.sigma(i); }};
const Half right_log_sigma{"w (x^2 - 1)", [](const Step& s, std::size_t i) { return s.x(i) * s.x(i) - 1; }};

/// The columns of one half of d.
Grid columns(const Samples& s, std::size_t first) {
  Grid result(s.steps, s.outputs);
  for (std::size_t t = 0; t < s.steps; ++t)
    for (std::size_t i = 0; i < s.outputs; ++i) result(t, i) = s.d(t, first + i);
  return result;
}
Grid predict_half(const Samples& s, const Series& w, const Half& half, bool at_sigma) {
  Grid result(s.steps, s.outputs);
  for (std::size_t t = 0; t < s.steps; ++t)
    for (std::size_t i = 0; i < s.outputs; ++i) {
      const Number x = w[t] * half.at(Step{s, w, t}, i);
      result(t, i) = at_sigma && !s.log_sigma ? x / s.sigma(t, i) : x;
    }
  return result;
}

struct FoundHalf {
  const Half* half;
  Match match;
};
std::vector<FoundHalf> search(const Samples& s, const Series& w, bool at_sigma) {
  const Grid got = columns(s, at_sigma && s.has_mu_gradient ? s.outputs : 0);
  const bool zero = std::ranges::all_of(got.cells, [](Number x) { return x.value == 0; });
  std::vector<FoundHalf> found;
  const auto ask = [&](const Half& half) {
    const Match m = match(got, predict_half(s, w, half, at_sigma), s.rounding);
    const bool foretold = zero ? !m.determined : !m.vague && evidence(s, m) >= enough_digits;
    if (m.agrees && foretold) found.push_back({&half, m});
  };
  ask(at_sigma ? right_log_sigma : right_mu);
  for (const Half& half : at_sigma ? catalogue().formulas.log_sigma : catalogue().formulas.mu) ask(half);
  return found;
}

bool same_constant(const Match& a, const Match& b) {
  if (!a.determined || !b.determined) return true;
  return std::abs(a.c.value - b.c.value) <= 4 * (a.c.error + b.c.error) + 1e-9 * std::abs(a.c.value);
}

struct Pair {
  FoundHalf mu, sigma;
  std::size_t mistakes() const { return !mu.half->name.empty() + !sigma.half->name.empty(); }
};

void add(Finding& finding, std::string_view where, const FoundHalf& found, const Samples& s) {
  if (!std::ranges::count(finding.names, found.half->name)) finding.names.push_back(found.half->name);
  const std::string line = fmt::format("{} of {} rows equal {} at {}", s.steps, s.steps, found.half->formula, where);
  if (!std::ranges::count(finding.evidence, line)) finding.evidence.push_back(line);
}

}  // namespace

bool explain_halves(const Samples& s, const Series& w, Diagnosis& diagnosis) {
  if (!s.has_mu_gradient || s.d.cols == s.outputs) {  // only one half is in the file
    const bool at_sigma = !s.has_mu_gradient;
    Finding finding{"output", {}, {}};
    for (const FoundHalf& f : search(s, w, at_sigma))
      if (!f.half->name.empty()) add(finding, at_sigma ? "log sigma" : "mu", f, s);
    if (finding.names.empty()) return false;
    describe(s, w, finding.evidence);
    diagnosis.findings.push_back(std::move(finding));
    return true;
  }
  std::vector<Pair> pairs;
  const auto sigmas = search(s, w, true);
  for (const FoundHalf& mu : search(s, w, false))
    for (const FoundHalf& sigma : sigmas) {
      const Number c = mu.match.determined ? mu.match.c : sigma.match.c;
      const Pair pair{mu, sigma};
      if (mu.half->name == "mu-minus-action" && sigma.half->name == "sigma-sign-flipped") continue;  // only the sign
      if (same_constant(mu.match, sigma.match) && !(s.sign && *s.sign * c.value < 0) && pair.mistakes() > 0)
        pairs.push_back(pair);
    }
  if (pairs.empty()) return false;
  const std::size_t fewest = std::ranges::min(pairs, {}, &Pair::mistakes).mistakes();
  std::erase_if(pairs, [&](const Pair& p) { return p.mistakes() > fewest; });
  Finding at_mu{"output", {}, {}}, at_sigma = at_mu;
  for (const Pair& p : pairs) {
    if (!p.mu.half->name.empty()) add(at_mu, "mu", p.mu, s);
    if (!p.sigma.half->name.empty()) add(fewest == 1 ? at_mu : at_sigma, "log sigma", p.sigma, s);
  }
  for (Finding* finding : {&at_mu, &at_sigma}) {
    if (finding->names.empty()) continue;
    describe(s, w, finding->evidence);
    diagnosis.findings.push_back(std::move(*finding));
  }
  return true;
}

Grid predict(const Samples& s, const Series& w, const Half* mu, const Half* log_sigma) {
  Grid result(s.steps, s.d.cols);
  const std::size_t first = s.has_mu_gradient ? s.outputs : 0;
  const Grid at_mu = predict_half(s, w, mu ? *mu : right_mu, false),
             at_sigma = predict_half(s, w, log_sigma ? *log_sigma : right_log_sigma, true);
  for (std::size_t t = 0; t < s.steps; ++t)
    for (std::size_t i = 0; i < s.outputs; ++i) {
      if (first > 0) result(t, i) = at_mu(t, i);
      if (first < s.d.cols) result(t, first + i) = at_sigma(t, i);
    }
  return result;
}

}  // namespace rl
