/// The number in front of each row against the rewards: is it a return, and of which kind?
///                                                         docs/00-the-question.md, section 4
/// What is not declared gets the benefit of the doubt: a gamma that fits, a constant in front, a constant baseline, and
/// weights that nothing explains (they may have a learned baseline in them) are no mistakes.

#include <fmt/core.h>

#include <algorithm>

#include "rl/diagnose_hypotheses.hpp"

namespace rl {
namespace {

/// Predicts the weights of the whole file from its rewards.
struct Rule {
  std::string_view name, formula;
  void (*predict)(const Samples& s, double gamma, Row w);
};

ConstRow rewards_of(const Samples& s, const Span& e) {
  return ConstRow(s.reward).subspan(e.first, e.length);
}

void returns(ConstRow r, double gamma, Row w) {
  Number following;
  for (std::size_t t = r.size(); t-- > 0;) w[t] = following = r[t] + gamma * following;
}
Number mean(ConstRow x) {
  Number sum;
  for (const Number& v : x) sum += v;
  return sum / static_cast<double>(x.size());
}
void subtract_mean(Row w) {
  const Number m = mean(w);
  for (Number& x : w) x = x - m;
}
/// Mean 0, and the standard deviation 1: with 1 / (n - less).
void whiten(Row w, std::size_t less) {
  subtract_mean(w);
  Number squares;
  for (const Number& x : w) squares += x * x;
  const Number deviation = sqrt(squares / static_cast<double>(w.size() - less));
  for (Number& x : w) x = deviation.value > 0 ? x / deviation : w.size() > 1 ? Number(0) : impossible;
}

/// Applies a rule of one episode, edit(rewards, gamma, weights), to every episode.
template <class Edit>
void each_episode(const Samples& s, double gamma, Row w, Edit edit) {
  for (const Span& e : s.episodes) edit(rewards_of(s, e), gamma, w.subspan(e.first, e.length));
}
void to_go(const Samples& s, double gamma, Row w) {
  each_episode(s, gamma, w, returns);
}
/// r_0 + ... + gamma^t r_t
void forwards(ConstRow r, double gamma, Row w) {
  Number sum;
  double discount = 1;
  for (std::size_t t = 0; t < r.size(); ++t, discount *= gamma) w[t] = sum += discount * r[t];
}
void discount_by_time(Row w, double gamma) {
  double discount = 1;
  for (Number& x : w) x = discount * x, discount *= gamma;
}

/// What an edit of the returns of each step t, over all episodes that have one, makes of them.
template <class Edit>
void each_time(const Samples& s, double gamma, Row w, Edit edit) {
  to_go(s, gamma, w);
  std::size_t longest = 0;
  for (const Span& e : s.episodes) longest = std::max(longest, e.length);
  for (std::size_t t = 0; t < longest; ++t) {
    Number total;
    std::size_t running = 0;
    for (const Span& e : s.episodes)
      if (t < e.length) total += w[e.first + t], ++running;
    for (const Span& e : s.episodes)
      if (t < e.length) w[e.first + t] = edit(w[e.first + t], total, running);
  }
}

const Rule right_rules[] = {
    {"reward-to-go", "r_t + gamma r_{t+1} + ...", to_go},
    {"total return of the episode", "the return of step 0, at every step",
     [](const Samples& s, double gamma, Row out) {
       each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
         returns(r, g, w);
         std::ranges::fill(w, w[0]);
       });
     }},
    {"reward-to-go times gamma^t", "gamma^t r_t + gamma^(t+1) r_{t+1} + ...",
     [](const Samples& s, double gamma, Row out) {
       each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
         returns(r, g, w);
         discount_by_time(w, g);
       });
     }},
    {"reward-to-go minus the mean of the other episodes", "G_t minus the mean G_t of the others",
     [](const Samples& s, double gamma, Row out) {
       each_time(s, gamma, out, [&](Number own, Number total, std::size_t) {
         return s.episodes.size() > 1 ? own - (total - own) / static_cast<double>(s.episodes.size() - 1) : own;
       });
     }},
    {"reward-to-go minus the mean over the episodes", "G_t minus the mean G_t of all",
     [](const Samples& s, double gamma, Row out) {
       each_time(s, gamma, out, [&](Number own, Number total, std::size_t) {
         return s.episodes.size() > 1 ? own - total / static_cast<double>(s.episodes.size()) : own;
       });
     }},
};

const Rule wrong_rules[] = {
    {"immediate-reward-only", "r_t", [](const Samples& s, double, Row w) { std::ranges::copy(s.reward, w.begin()); }},
    {"sum-reset-at-rewards", "the sum from behind, started anew at every reward that is not 0",
     [](const Samples& s, double gamma, Row out) {
       each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
         Number following;
         for (std::size_t t = r.size(); t-- > 0;) w[t] = following = r[t].value != 0 ? r[t] : g * following;
       });
     }},
    {"rewards-not-summed", "gamma^t r_t",
     [](const Samples& s, double gamma, Row out) {
       each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
         std::ranges::copy(r, w.begin());
         discount_by_time(w, g);
       });
     }},
    {"rewards-summed-forwards", "r_0 + gamma r_1 + ... + gamma^t r_t",
     [](const Samples& s, double gamma, Row out) { each_episode(s, gamma, out, forwards); }},
    {"rewards-summed-forwards", "r_t + gamma r_{t-1} + ...",
     [](const Samples& s, double gamma, Row out) {
       each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
         Number before;
         for (std::size_t t = 0; t < r.size(); ++t) w[t] = before = r[t] + g * before;
       });
     }},
    {"first-rewards-instead-of-last", "the discounted sum of the first T - t rewards",
     [](const Samples& s, double gamma, Row out) {
       each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
         forwards(r, g, w);
         std::ranges::reverse(w);
       });
     }},
    {"weights-in-reverse", "the rewards-to-go of the episode, last first",
     [](const Samples& s, double gamma, Row out) {
       each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
         returns(r, g, w);
         std::ranges::reverse(w);
       });
     }},
    {"reversed-inside-the-loop", "the rewards-to-go in the order that reverse() inside the loop leaves",
     [](const Samples& s, double gamma, Row out) {
       each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
         std::vector<Number> G(r.size());
         returns(r, g, G);
         std::size_t front = 0, back = r.size();  // the last one appended ends up first, the one before it last, ...
         for (std::size_t t = 0; t < r.size(); ++t) (t % 2 == 0 ? w[front++] : w[--back]) = G[t];
       });
     }},
    {"return-one-step-late", "G_{t+1}, and 0 at the end",
     [](const Samples& s, double gamma, Row out) {
       each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
         returns(r, g, w);
         for (std::size_t t = 0; t < w.size(); ++t) w[t] = t + 1 < w.size() ? w[t + 1] : Number(0);
       });
     }},
    {"own-reward-missing", "gamma r_{t+1} + gamma^2 r_{t+2} + ...",
     [](const Samples& s, double gamma, Row out) {
       each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
         returns(r, g, w);
         for (std::size_t t = 0; t < w.size(); ++t) w[t] = w[t] - r[t];
       });
     }},
    {"last-reward-missing", "the rewards-to-go without the last reward of the episode",
     [](const Samples& s, double gamma, Row out) {
       each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
         std::vector<Number> cut(r.begin(), r.end());
         cut.back() = 0;
         returns(cut, g, w);
       });
     }},
    {"return-crosses-episodes", "the rewards-to-go over all rows, across the ends of episodes",
     [](const Samples& s, double gamma, Row w) { returns(s.reward, gamma, w); }},
    {"mean-log-prob-times-sum", "the mean of all rewards-to-go, at every step",
     [](const Samples& s, double gamma, Row w) {
       to_go(s, gamma, w);
       std::ranges::fill(w, mean(w));
     }},
    {"mean-log-prob-times-sum", "the mean of the episode's rewards-to-go, at every step",
     [](const Samples& s, double gamma, Row out) {
       each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
         returns(r, g, w);
         std::ranges::fill(w, mean(w));
       });
     }},
    {"whitened-per-episode", "mean 0 and standard deviation 1 within each episode",
     [](const Samples& s, double gamma, Row out) {
       each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
         returns(r, g, w);
         whiten(w, 0);
       });
     }},
    {"whitened-per-episode", "mean 0 and standard deviation 1 within each episode, with n - 1",
     [](const Samples& s, double gamma, Row out) {
       each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
         returns(r, g, w);
         whiten(w, w.size() > 1 ? 1 : 0);
       });
     }},
    {"own-mean-as-baseline", "the rewards-to-go minus their mean within the episode",
     [](const Samples& s, double gamma, Row out) {
       each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
         returns(r, g, w);
         subtract_mean(w);
       });
     }},
    {"mean-within-each-episode", "the rewards-to-go divided by the length of their episode",
     [](const Samples& s, double gamma, Row out) {
       each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
         returns(r, g, w);
         for (Number& x : w) x = x / static_cast<double>(w.size());
       });
     }},
    {"integer-return", "the rewards-to-go, cut to a whole number at every step",
     [](const Samples& s, double gamma, Row out) {
       each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
         Number following;
         for (std::size_t t = r.size(); t-- > 0;) w[t] = following = std::trunc((r[t] + g * following).value);
       });
     }},
    {"integer-return", "the rewards-to-go, cut to whole numbers",
     [](const Samples& s, double gamma, Row w) {
       to_go(s, gamma, w);
       for (Number& x : w) x = std::trunc(x.value);
     }},
    {"total-discounted-by-time", "gamma^t times the return of the whole episode",
     [](const Samples& s, double gamma, Row out) {
       each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
         returns(r, g, w);
         std::ranges::fill(w, w[0]);
         discount_by_time(w, g);
       });
     }},
    {"discount-undone", "the rewards-to-go divided by gamma^t",
     [](const Samples& s, double gamma, Row out) {
       each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
         returns(r, g, w);
         discount_by_time(w, g > 0 ? 1 / g : 1);
       });
     }},
    {"discount-applied-twice", "the rewards-to-go of gamma^2",
     [](const Samples& s, double gamma, Row w) { to_go(s, gamma * gamma, w); }},
    {"discount-forgotten", "the rewards-to-go without discount",
     [](const Samples& s, double, Row w) { to_go(s, 1, w); }},
    {"return-forgotten", "1", [](const Samples&, double, Row w) { std::ranges::fill(w, Number(1)); }},
};

Series predict(const Samples& s, const Rule& rule, double gamma) {
  Series w(s.steps);
  rule.predict(s, gamma, w);
  return w;
}

constexpr double usual_gammas[] = {1, 0.99, 0.999, 0.995, 0.98, 0.97, 0.95, 0.9, 0.8, 0.5};

/// The declared gamma, or the usual ones and the one that fits best.
std::vector<double> gammas(const Samples& s, const Series& w) {
  if (s.gamma) return {*s.gamma};
  std::vector<double> result(std::begin(usual_gammas), std::end(usual_gammas));
  // w_t = c r_t + gamma w_{t+1}, by least squares
  double rr = 0, rw = 0, ww = 0, ry = 0, wy = 0;
  for (const Span& e : s.episodes)
    for (std::size_t t = e.first; t + 1 < e.first + e.length && !w.empty(); ++t) {
      const double r = s.reward[t].value, next = w[t + 1].value, y = w[t].value;
      rr += r * r, rw += r * next, ww += next * next, ry += r * y, wy += next * y;
    }
  const double determinant = rr * ww - rw * rw;
  for (const double fitted : {(rr * wy - rw * ry) / determinant, (wy - rw) / ww})  // any c, and c = 1
    if (fitted > 0 && fitted < 1) result.push_back(fitted);
  return result;
}

std::string in_words(const Samples& s, double gamma) {
  return fmt::format(", gamma = {:.6g}{}", gamma, s.gamma && gamma == *s.gamma ? "" : " (guessed)");
}

struct Weights {
  const Samples& s;
  Series w;
  bool sign_free;
  Diagnosis& diagnosis;

  bool plain(const Match& m) const { return known_constant(s, m.c) && (sign_free || m.c.value > 0); }

  bool right(const Rule& rule, double gamma, bool constant) {
    const Match m = match(w, predict(s, rule, gamma), s.rounding);
    if (!m.agrees || plain(m) == constant || (m.c.value < 0 && !sign_free)) return false;
    const Number c{std::abs(m.c.value), m.c.error};
    diagnosis.facts.push_back(
        fmt::format("weights: the {}{}{}", rule.name, in_words(s, gamma),
                    std::abs(c.value - 1) <= c.error + 1e-9 ? "" : ", times " + constant_in_words(s, c)));
    return true;
  }

  /// The weights are c times the return plus a constant.
  bool right_with_baseline(const Rule& rule, double gamma) {
    const Match2 m = match2(column(w), column(predict(s, rule, gamma)), column(Series(s.steps, Number(1))), s.rounding);
    if (!m.agrees || m.vague || m.c == 0 || (m.c < 0 && !sign_free)) return false;
    diagnosis.facts.push_back(fmt::format("weights: the {}{}, minus a constant baseline of {:.4g}, times {:.4g}",
                                          rule.name, in_words(s, gamma), -m.e / m.c, std::abs(m.c)));
    return true;
  }

  /// Where a right program could have the same numbers.
  bool no_evidence(const Rule& rule, double gamma, bool constant) const {
    if (rule.name == "discount-applied-twice") return !s.gamma;
    for (const char* name : {"sum-reset-at-rewards", "whitened-per-episode", "own-mean-as-baseline"})
      if (rule.name == name) return !s.episodes_known;  // these depend on where the episodes end
    if (rule.name != "return-forgotten" && rule.name != "mean-log-prob-times-sum") return false;
    const Series G = predict(s, right_rules[0], gamma);
    const bool equal = std::ranges::all_of(G, [&](Number x) { return std::abs((x - G[0]).value) <= (x - G[0]).error; });
    return constant || equal;
  }

  bool wrong(double gamma, bool constant) {
    Finding finding{"weights", {}, {}};
    for (const Rule& rule : wrong_rules) {
      const Match m = match(w, predict(s, rule, gamma), s.rounding);
      if (!m.agrees || m.vague || plain(m) == constant || (m.c.value < 0 && !sign_free) ||
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

  void show_difference(double gamma, Finding& finding) const {
    const Series expected = predict(s, right_rules[0], gamma);
    for (std::size_t t = 0; t < s.steps; ++t)
      if (std::abs(expected[t].value - w[t].value) > 1e-3 * std::abs(w[t].value)) {
        finding.evidence.push_back(fmt::format("row {}: got {:.6g}, the return from there on is {:.6g}", t + 1,
                                               w[t].value, expected[t].value));
        return;
      }
  }

  bool another_gamma() {
    if (!s.gamma) return false;
    Samples guessing = s;
    guessing.gamma.reset();
    for (const double gamma : gammas(guessing, w)) {
      const Match m = match(w, predict(s, right_rules[0], gamma), s.rounding);
      if (!m.agrees || m.vague || !plain(m)) continue;
      Finding finding{
          "weights",
          {"another-gamma"},
          {fmt::format("{} of {} weights are the reward-to-go with gamma = {:.6g}; the file says gamma: {:.6g}",
                       s.steps, s.steps, gamma, *s.gamma)}};
      show_difference(*s.gamma, finding);
      diagnosis.findings.push_back(std::move(finding));
      return true;
    }
    return false;
  }

  /// A critic that still says 0 everywhere leaves r_t, or with lambda the reward-to-go of gamma lambda.
  bool right_for_a_critic(double highest, bool constant) {
    Samples guessing = s;
    guessing.gamma.reset();
    for (const double gamma : gammas(guessing, w))
      if (gamma <= highest && right(right_rules[0], gamma, constant)) return true;
    return right(right_rules[0], 0, constant);
  }

  /// True when the weights have been explained, one way or the other.
  bool explain() {
    const auto candidates = gammas(s, w);
    for (const bool constant : {false, true}) {  // plain constants first: they need the least luck
      for (const double gamma : candidates)
        for (const Rule& rule : right_rules)
          if (right(rule, gamma, constant)) return true;
      if (s.weights == "advantage" && right_for_a_critic(candidates.front(), constant)) return true;
      if (!s.gamma && right(right_rules[0], 0, constant)) {
        diagnosis.facts.push_back(
            "weights: each is the reward of its own step; write '# gamma: ...' to have that checked");
        return true;
      }
      if (!s.episodes_known && right(wrong_rules[0], 0, constant)) {
        diagnosis.facts.push_back("weights: right if every row is an episode of its own; a column episode would tell");
        return true;
      }
      for (const double gamma : candidates)
        if (wrong(gamma, constant)) return true;
      if (s.gamma && wrong(1, constant)) return true;  // a mistake, and gamma forgotten besides
      if (!constant && another_gamma()) return true;
    }
    for (const double gamma : candidates)
      for (const Rule& rule : right_rules)
        if (right_with_baseline(rule, gamma)) return true;
    return false;
  }
};

/// The right vector, times something else than the column weight.
void another_weight(const Samples& s, const Series& used, Diagnosis& diagnosis) {
  Finding finding{"output",
                  {"weight-not-the-one-given"},
                  {fmt::format("{} of {} rows are proportional to the right vector, with numbers in front that are no "
                               "constant times the column weight",
                               s.steps, s.steps)}};
  for (std::size_t t = 0; t < s.steps; ++t)
    if (used[t].known() && std::abs(used[t].value - s.weight[t].value) > 1e-3 * std::abs(s.weight[t].value)) {
      finding.evidence.push_back(fmt::format("row {}: the number in front is {:.6g}, expected {:.6g}", t + 1,
                                             used[t].value, s.weight[t].value));
      break;
    }
  diagnosis.findings.push_back(std::move(finding));
}

}  // namespace

std::vector<NamedSeries> right_weights(const Samples& s) {
  std::vector<NamedSeries> result;
  for (const double gamma : gammas(s, {}))
    for (const Rule& rule : right_rules)
      result.push_back({fmt::format("{}{}", rule.name, in_words(s, gamma)), predict(s, rule, gamma)});
  if (!s.episodes_known || !s.gamma) result.push_back({"reward of each step", s.reward});
  return result;
}

bool weights_are_known(const Samples& s, const Series& weights) {
  Diagnosis ignored;
  return Weights{s, weights, true, ignored}.explain();
}

void explain_weights(const Samples& s, const Injected& injected, Diagnosis& diagnosis) {
  if (injected.weights.empty()) return;
  if (s.reward.empty()) {
    if (!s.weight.empty() && !injected.given) return another_weight(s, injected.weights, diagnosis);
    const bool ones = std::ranges::all_of(s.weight, [](Number w) { return w.value == 1; });
    diagnosis.facts.push_back(injected.given && ones
                                  ? "weights: every one is 1. Is that the return? A column reward would tell"
                                  : "weights: not checked, there is no column reward");
    return;
  }
  if (s.steps == 1) return diagnosis.facts.push_back("weights: one step says too little about them");
  Weights weights{s, injected.weights, !injected.given && !s.sign, diagnosis};
  if (!injected.given && s.sign)
    for (Number& w : weights.w) w = *s.sign * w;
  const bool given = !s.weight.empty();
  const bool explained = weights.explain();
  if (given && !injected.given) {
    if (!explained)
      another_weight(s, weights.w, diagnosis);
    else
      diagnosis.facts.push_back("the vector was not multiplied by the column weight, but by what is named here");
    return;
  }
  if (explained) return;
  if (s.episodes_known && s.gamma && (s.weights == "return" || s.weights == "reward_to_go")) {
    Finding finding{"weights", {}, {fmt::format("the file says weights: {}, and these are none", s.weights)}};
    weights.show_difference(*s.gamma, finding);
    diagnosis.findings.push_back(std::move(finding));
  } else {
    diagnosis.facts.push_back("weights: neither a return nor a known mistake, as with a learned baseline; not judged");
  }
}

}  // namespace rl
