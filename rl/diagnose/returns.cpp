/// From rewards to weights, right and wrong: what each way of adding them up gives.
///                                                         docs/00-the-question.md, section 4

#include <algorithm>

#include "rl/diagnose/hypotheses.hpp"

namespace rl {
namespace {

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
/// Mean 0, and the standard deviation 1: with 1 / (n - less), and plus epsilon.
void whiten(Row w, std::size_t less, double epsilon = 0) {
  subtract_mean(w);
  Number squares;
  for (const Number& x : w) squares += x * x;
  const Number deviation = sqrt(squares / static_cast<double>(w.size() - less)) + Number(epsilon);
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

/// Whitened within each episode, with one of the numbers that programs add against a division by 0.
template <std::size_t less, std::size_t which>
void whitened(const Samples& s, double gamma, Row out) {
  static constexpr double epsilons[] = {0, 1e-9, 1e-8, 0x1p-23, 1e-5};
  each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
    returns(r, g, w);
    whiten(w, w.size() > 1 ? less : 0, epsilons[which]);
  });
}

const Rule right_list[] = {
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

const Rule wrong_list[] = {
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
    {"whitened-per-episode", "mean 0 and standard deviation 1 within each episode", whitened<0, 0>},
    {"whitened-per-episode", "mean 0 and standard deviation 1 within each episode, with n - 1", whitened<1, 0>},
    {"whitened-per-episode", "(G - mean) / (std + 1e-9) within each episode", whitened<0, 1>},
    {"whitened-per-episode", "(G - mean) / (std + 1e-9) within each episode, std with n - 1", whitened<1, 1>},
    {"whitened-per-episode", "(G - mean) / (std + 1e-8) within each episode", whitened<0, 2>},
    {"whitened-per-episode", "(G - mean) / (std + 1e-8) within each episode, std with n - 1", whitened<1, 2>},
    {"whitened-per-episode", "(G - mean) / (std + eps of float32) within each episode", whitened<0, 3>},
    {"whitened-per-episode", "(G - mean) / (std + eps of float32) within each episode, std with n - 1", whitened<1, 3>},
    {"whitened-per-episode", "(G - mean) / (std + 1e-5) within each episode", whitened<0, 4>},
    {"whitened-per-episode", "(G - mean) / (std + 1e-5) within each episode, std with n - 1", whitened<1, 4>},
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
         std::ranges::fill(w, g == 1 ? impossible : w[0]);  // without a discount it is the total return, which is right
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
    {"discount-forgotten", "the return of the whole episode without discount, at every step",
     [](const Samples& s, double gamma, Row out) {
       each_episode(s, 1, out, [&](ConstRow r, double g, Row w) {
         returns(r, g, w);
         std::ranges::fill(w, gamma == 1 ? impossible : w[0]);
       });
     }},
    {"return-forgotten", "1", [](const Samples&, double, Row w) { std::ranges::fill(w, Number(1)); }},
};

}  // namespace

const std::span<const Rule> right_rules = right_list, wrong_rules = wrong_list;

}  // namespace rl
