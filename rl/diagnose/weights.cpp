/// The number in front of each row against the rewards: is it a return, and of which kind?
///                                                         docs/00-the-question.md, section 4
/// What is not declared gets the benefit of the doubt: a gamma that fits, a constant in front, a constant baseline, and
/// weights that nothing explains (they may have a learned baseline in them) are no mistakes.

#include <fmt/core.h>

#include <algorithm>

#include "rl/diagnose/digits.hpp"
#include "rl/diagnose/weights.hpp"

namespace rl {
namespace {

constexpr double usual_gammas[] = {1, 0.99, 0.999, 0.995, 0.98, 0.97, 0.95, 0.9, 0.8, 0.5};

/// The declared gamma, or the usual ones and the one that fits best.
std::vector<double> gammas(const Samples& s, const Series& w) {
  if (s.gamma) return {*s.gamma};
  std::vector<double> result(std::begin(usual_gammas), std::end(usual_gammas));
  // w_t = c r_t + gamma w_{t+1}, by least squares; and with c = 1, each step as well as its digits know
  double rr = 0, rw = 0, ww = 0, ry = 0, wy = 0, sum = 0, certainty = 0;
  for (const Span& e : s.episodes)
    for (std::size_t t = e.first; t + 1 < e.first + e.length && !w.empty(); ++t) {
      const double r = s.reward[t].value, next = w[t + 1].value, y = w[t].value;
      rr += r * r, rw += r * next, ww += next * next, ry += r * y, wy += next * y;
      if (const Number g = (w[t] - s.reward[t]) / w[t + 1]; g.known() && g.error > 0)
        sum += g.value / g.error / g.error, certainty += 1 / g.error / g.error;
    }
  const double determinant = rr * ww - rw * rw;
  for (const double fitted : {(rr * wy - rw * ry) / determinant, (wy - rw) / ww, sum / certainty})
    if (fitted > 0 && fitted < 1) result.push_back(fitted);
  return result;
}

std::string in_words(const Samples& s, double gamma) {
  return fmt::format(", gamma = {:.6g}{}", gamma, s.gamma && gamma == *s.gamma ? "" : " (guessed)");
}

}  // namespace

bool Weights::right(const Rule& rule, double gamma, bool constant) {
  const Match m = match(w, predict(s, rule, gamma), s.rounding);
  if (!m.agrees || plain(m) == constant || (m.c.value < 0 && !sign_free)) return false;
  if (!m.determined && largest(w) > 0) return false;  // too vague to be anything
  const Number c{std::abs(m.c.value), m.c.error};
  judge_right(rule, gamma, m);
  diagnosis.facts.push_back(
      fmt::format("weights: the {}{}{}", rule.name, in_words(s, gamma),
                  std::abs(c.value - 1) <= c.error + 1e-9 ? "" : ", times " + constant_in_words(s, c)));
  return true;
}

/// They agree; is that evidence, do the digits tell them from a known mistake, and are they what the file says?
void Weights::judge_right(const Rule& rule, double gamma, const Match& m) {
  const Distinct numbers(s, w, predict(s, rule, gamma));
  const bool proved = !m.vague && evidence(s, numbers.match()) >= enough_digits;
  if (!proved)
    diagnosis.weights_open = m.determined ? fmt::format("too few rows and digits; they fit the {}", rule.name)
                                          : "every one is 0, and so is every reward";
  const Series expected = predict(s, rule, gamma);
  for (const Rule& other : catalogue().formulas.weights) {
    if (some.refute(other, gamma)) continue;
    const Series prediction = predict(s, other, gamma);
    if (prediction[0].agrees_with_nothing() || !differ(prediction, expected)) continue;
    const Match rival = match(w, prediction, s.rounding);
    if (!rival.agrees || !plain(rival) || no_evidence(other, gamma, false)) continue;
    diagnosis.weights_open = fmt::format("these digits do not tell the {} from {}", rule.name, other.name);
  }
  if (proved && s.weights == "reward_to_go" && rule.name == right_rules[1].name &&
      !match(predict(s, right_rules[0], gamma), expected, 1e-10).agrees)
    diagnosis.findings.push_back(
        {"weights",
         {"not-the-declared-weights"},
         {fmt::format("the file says weights: reward_to_go, and {} of {} are the {}", s.steps, s.steps, rule.name)}});
}

/// The weights are c times the return plus a constant.
bool Weights::right_with_baseline(const Rule& rule, double gamma) {
  const Match2 m = match2(column(w), column(predict(s, rule, gamma)), column(Series(s.steps, Number(1))), s.rounding);
  if (!m.agrees || m.vague || m.c == 0 || (m.c < 0 && !sign_free)) return false;
  if (std::abs(m.c) < 10 * m.c_error) return false;  // the constant explains it all
  if (Distinct(s, w, predict(s, rule, gamma)).match_with_a_constant().evidence < enough_digits)
    diagnosis.weights_open = fmt::format("too few rows and digits; they fit the {} minus a constant", rule.name);
  diagnosis.facts.push_back(fmt::format("weights: the {}{}, minus a constant baseline of {:.4g}, times {:.4g}",
                                        rule.name, in_words(s, gamma), -m.e / m.c, std::abs(m.c)));
  return true;
}

/// Where a right program could have the same numbers.
bool Weights::no_evidence(const Rule& rule, double gamma, bool constant) const {
  if (rule.name == "rewards-whitened-first")  // without a discount to come, a constant baseline
    return match2(column(predict(s, rule, gamma)), column(predict(s, right_rules[0], gamma)),
                  column(Series(s.steps, Number(1))), s.rounding)
        .agrees;
  if (rule.name == "discount-applied-twice") return !s.gamma;
  for (const char* name :
       {"sum-reset-at-rewards", "whitened-per-episode", "own-mean-as-baseline", "n-step-without-bootstrap"})
    if (rule.name == name) return !s.episodes_known;  // these depend on where the episodes end
  if (rule.name == "whitened-per-group") return std::ranges::max(s.group) == 0;  // of one group, only a constant
  if (rule.name == "mean-log-prob-times-sum" && !s.gamma && s.episodes.size() == 1) return true;  // some gamma fits
  if (rule.name != "return-forgotten" && rule.name != "mean-log-prob-times-sum") return false;
  const Series G = predict(s, right_rules[0], gamma);
  const bool equal = std::ranges::all_of(G, [&](Number x) { return std::abs((x - G[0]).value) <= (x - G[0]).error; });
  return constant || equal;
}

bool Weights::wrong(double gamma, bool constant) {
  if (s.returns_rounded) return false;                        // vague numbers acquit, and do not accuse
  if (constant && s.steps < (s.gamma ? 3 : 4)) return false;  // any constant and any gamma explain two or three rows
  Finding finding{"weights", {}, {}};
  const Series to_go = predict(s, right_rules[0], gamma);
  for (const Rule& rule : catalogue().formulas.weights) {
    if (some.refute(rule, gamma)) continue;
    const Series prediction = predict(s, rule, gamma);
    if (prediction[0].agrees_with_nothing()) continue;
    if (match(prediction, to_go, 1e-10).agrees) continue;  // here the mistake changes nothing
    const Match m = match(w, prediction, s.rounding);
    if (!m.agrees || m.vague || plain(m) == constant || (m.c.value < 0 && !sign_free) ||
        evidence(s, m) - (s.gamma ? 0 : m.best) < enough_digits || (!s.gamma && !told_apart(w, prediction, to_go)) ||
        no_evidence(rule, gamma, constant))
      continue;
    if (std::ranges::count(finding.names, rule.name)) continue;
    if (finding.names.empty()) {
      const bool one = std::abs(m.c.value - 1) <= m.c.error + 1e-9;
      finding.evidence.push_back(fmt::format("{} of {} weights equal {}{}{}", s.steps, s.steps,
                                             one ? "" : constant_in_words(s, m.c) + " times: ", rule.formula,
                                             in_words(s, gamma)));
    }
    finding.names.push_back(rule.name);
  }
  if (finding.names.empty()) return false;
  show_difference(gamma, finding);
  diagnosis.findings.push_back(std::move(finding));
  return true;
}

/// The reward-to-go, with the value of what would have followed added behind every truncated step, Eq. (7.7). The
/// value is read off the last weight of the episode; the others must agree.
bool Weights::bootstrapped(double gamma) {
  if (s.truncated.empty()) return false;
  Samples with_values = s;
  std::size_t values = 0, crossing = 0;
  for (const Span& e : s.episodes) {
    const std::size_t last = e.first + e.length - 1;
    if (!s.truncated[last] || (!s.terminated.empty() && s.terminated[last])) continue;
    with_values.reward[last] = w[last], ++values;
    if (last + 1 < s.steps)
      crossing += std::abs((s.reward[last] + gamma * w[last + 1] - w[last]).value) <= 4 * w[last].error + 1e-9;
  }
  const Match m = match(w, predict(with_values, right_rules[0], gamma), s.rounding, Scale::one);
  if (values == 0 || crossing == values || !m.agrees) return false;
  if (m.digits - static_cast<double>(values) * m.best < enough_digits) return false;
  diagnosis.facts.push_back(fmt::format("weights: the reward-to-go{}, with a value added behind {} truncated step{}",
                                        in_words(s, gamma), values, values == 1 ? "" : "s"));
  return true;
}

bool Weights::another_gamma() {
  std::size_t pairs = 0;  // a single one has a gamma of its own
  for (const Span& e : s.episodes)
    for (std::size_t t = e.first; t + 1 < e.first + e.length; ++t) pairs += w[t + 1].value != 0;
  if (!s.gamma || pairs < 2 || s.returns_rounded) return false;
  Samples guessing = s;
  guessing.gamma.reset();
  for (const double gamma : gammas(guessing, w)) {
    const Series prediction = predict(s, right_rules[0], gamma);
    const Match m = match(w, prediction, s.rounding);
    if (!m.agrees || m.vague || !plain(m) || evidence(s, m) - m.best < enough_digits) continue;
    if (!told_apart(w, prediction, predict(s, right_rules[0], *s.gamma))) {
      diagnosis.weights_open = fmt::format("these digits do not tell gamma = {:.6g} from {:.6g}", *s.gamma, gamma);
      return true;
    }
    Finding finding{
        "weights",
        {"another-gamma"},
        {fmt::format("{} of {} weights are the reward-to-go with gamma = {:.6g}; the file says gamma: {:.6g}", s.steps,
                     s.steps, gamma, *s.gamma)}};
    show_difference(*s.gamma, finding);
    diagnosis.findings.push_back(std::move(finding));
    return true;
  }
  return false;
}

/// A critic that still says 0 everywhere leaves r_t, or with lambda the reward-to-go of gamma lambda.
bool Weights::right_for_a_critic(double highest, bool constant) {
  Samples guessing = s;
  guessing.gamma.reset();
  for (const double gamma : gammas(guessing, w))
    if (gamma <= highest && right(right_rules[0], gamma, constant)) return true;
  return right(right_rules[0], 0, constant);
}

/// True when the weights have been explained, one way or the other.
bool Weights::explain() {
  const auto candidates = gammas(s, w);
  for (const bool constant : {false, true}) {  // plain constants first: they need the least luck
    for (const double gamma : candidates) {
      for (const Rule& rule : right_rules)
        if (right(rule, gamma, constant)) return true;
      for (const Rule& rule : s.group.empty() ? std::span<const Rule>{} : right_group_rules)
        if (right(rule, gamma, constant)) return true;
    }
    if (s.weights == "advantage" && right_for_a_critic(candidates.front(), constant)) return true;
    if (!s.gamma && right(right_rules[0], 0, constant)) {
      diagnosis.facts.push_back(
          "weights: each is the reward of its own step; write '# gamma: ...' to have that checked");
      return true;
    }
    if (!s.episodes_known && right(own_reward, 0, constant)) {
      diagnosis.facts.push_back("weights: right if every row is an episode of its own; a column episode would tell");
      return true;
    }
    for (const double gamma : candidates)
      if (wrong(gamma, constant)) return true;
    if (s.gamma && wrong(1, constant)) return true;  // a mistake, and gamma forgotten besides
    if (!constant && another_gamma()) return true;
  }
  for (const double gamma : candidates)
    if (bootstrapped(gamma)) return true;
  for (const double gamma : candidates)
    for (const Rule& rule : right_rules)
      if (right_with_baseline(rule, gamma)) return true;
  return false;
}

std::vector<NamedSeries> right_weights(const Samples& s) {
  std::vector<NamedSeries> result;
  for (const double gamma : gammas(s, {}))
    for (const auto& rules : {right_rules, s.group.empty() ? std::span<const Rule>{} : right_group_rules})
      for (const Rule& rule : rules)
        result.push_back({fmt::format("{}{}", rule.name, in_words(s, gamma)), predict(s, rule, gamma), gamma});
  if (!s.episodes_known || !s.gamma) result.push_back({"reward of each step", s.reward, 0});
  return result;
}

bool weights_are_known(const Samples& s, const Series& weights) {
  Diagnosis ignored;
  return Weights{s, weights, true, ignored}.explain() && ignored.weights_open.empty();
}

}  // namespace rl
