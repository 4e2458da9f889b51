/// Mistakes planted in the weights are named; right programs of many kinds are never accused.
#include <doctest/doctest.h>
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "tests/rl/diagnose/cases.hpp"
#include "tests/support.hpp"

namespace test_diagnose_weights {

using nn::Random;
using nn::Scalar;
using tests::Columns;
using tests::Learner;
using tests::Print;

namespace {

const std::size_t case_count = tests::case_count(tests::count(200, 25));
const std::size_t right_count = tests::case_count(tests::count(2000, 500));

using Weights = std::vector<Scalar>;

void inject_right(Learner& l) {
  for (std::size_t r = 0; r < l.rows(); ++r)
    for (std::size_t k = 0; k < l.K; ++k) l.d[r][k] = (Scalar(k == l.action[r]) - l.p[r][k]) * l.weight[r];
}

std::string keys(const Learner& l) {
  return fmt::format("# gamma: {:.2f}\n", double(l.gamma));
}

/// Calls edit(first row, length, rewards of the episode) for each.
template <class Edit>
Weights per_episode(const Learner& l, Edit edit) {
  Weights w(l.rows());
  for (std::size_t e = 0, first = 0; e < l.lengths.size(); first += l.lengths[e++])
    for (std::size_t t = 0; t < l.lengths[e]; ++t) w[first + t] = edit(first, t, l.lengths[e]);
  return w;
}

struct Plant {
  const char* name;
  Weights (*weigh)(const Learner& l);
};

const Plant plants[] = {
    {"immediate-reward-only", [](const Learner& l) { return l.reward; }},
    {"sum-reset-at-rewards",
     [](const Learner& l) {
       return per_episode(l, [&](std::size_t first, std::size_t t, std::size_t T) {
         Scalar discount = 1;
         for (; t < T; ++t, discount *= l.gamma)
           if (l.reward[first + t] != 0) return discount * l.reward[first + t];
         return Scalar(0);
       });
     }},
    {"rewards-not-summed",
     [](const Learner& l) {
       return per_episode(l, [&](std::size_t first, std::size_t t, std::size_t) {
         return std::pow(l.gamma, Scalar(t)) * l.reward[first + t];
       });
     }},
    {"rewards-summed-forwards",
     [](const Learner& l) {
       return per_episode(l, [&](std::size_t first, std::size_t t, std::size_t) {
         Scalar sum = 0;
         for (std::size_t k = 0; k <= t; ++k)
           sum +=
               (l.rows() % 3 == 0 ? 1 : std::pow(l.gamma, Scalar(l.rows() % 3 == 1 ? k : t - k))) * l.reward[first + k];
         return sum;
       });
     }},
    {"first-rewards-instead-of-last",
     [](const Learner& l) {
       return per_episode(l, [&](std::size_t first, std::size_t t, std::size_t T) {
         Scalar sum = 0;
         for (std::size_t k = 0; k < T - t; ++k) sum += std::pow(l.gamma, Scalar(k)) * l.reward[first + k];
         return sum;
       });
     }},
    {"weights-in-reverse",
     [](const Learner& l) {
       return per_episode(l,
                          [&](std::size_t first, std::size_t t, std::size_t T) { return l.weight[first + T - 1 - t]; });
     }},
    {"reversed-inside-the-loop",
     [](const Learner& l) {
       Weights w;
       for (std::size_t e = 0, first = 0; e < l.lengths.size(); first += l.lengths[e++]) {
         Weights list;
         Scalar G = 0;
         for (std::size_t t = l.lengths[e]; t-- > 0;) {
           G = l.reward[first + t] + l.gamma * G;
           list.push_back(G);
           std::ranges::reverse(list);
         }
         w.insert(w.end(), list.begin(), list.end());
       }
       return w;
     }},
    {"return-one-step-late",
     [](const Learner& l) {
       return per_episode(l, [&](std::size_t first, std::size_t t, std::size_t T) {
         return t + 1 < T ? l.weight[first + t + 1] : Scalar(0);
       });
     }},
    {"own-reward-missing",
     [](const Learner& l) {
       return per_episode(l, [&](std::size_t first, std::size_t t, std::size_t T) {
         return t + 1 < T ? l.gamma * l.weight[first + t + 1] : Scalar(0);
       });
     }},
    {"last-reward-missing",
     [](const Learner& l) {
       return per_episode(l, [&](std::size_t first, std::size_t t, std::size_t T) {
         Scalar sum = 0;
         for (std::size_t k = t; k + 1 < T; ++k) sum += std::pow(l.gamma, Scalar(k - t)) * l.reward[first + k];
         return sum;
       });
     }},
    {"return-crosses-episodes",
     [](const Learner& l) {
       Weights w(l.rows());
       for (std::size_t t = 0; t < l.rows(); ++t)
         for (std::size_t k = t; k < l.rows(); ++k) w[t] += std::pow(l.gamma, Scalar(k - t)) * l.reward[k];
       return w;
     }},
    {"mean-log-prob-times-sum",
     [](const Learner& l) {
       return per_episode(l, [&](std::size_t first, std::size_t, std::size_t T) {
         const bool whole = l.rows() % 2 == 0;
         const std::size_t from = whole ? 0 : first, count = whole ? l.rows() : T;
         Scalar sum = 0;
         for (std::size_t k = 0; k < count; ++k) sum += l.weight[from + k];
         return sum / Scalar(count);
       });
     }},
    {"whitened-per-episode",
     [](const Learner& l) {
       return per_episode(l, [&](std::size_t first, std::size_t t, std::size_t T) {
         Scalar mean = 0, square = 0;
         for (std::size_t k = 0; k < T; ++k) mean += l.weight[first + k] / Scalar(T);
         for (std::size_t k = 0; k < T; ++k) square += (l.weight[first + k] - mean) * (l.weight[first + k] - mean);
         constexpr double epsilons[] = {0, 1e-9, 1e-8, 0x1p-23, 1e-5};
         return (l.weight[first + t] - mean) /
                (std::sqrt(square / Scalar(T - l.rows() % 2)) + Scalar(epsilons[l.rows() / 2 % 5]));
       });
     }},
    {"own-mean-as-baseline",
     [](const Learner& l) {
       return per_episode(l, [&](std::size_t first, std::size_t t, std::size_t T) {
         Scalar mean = 0;
         for (std::size_t k = 0; k < T; ++k) mean += l.weight[first + k] / Scalar(T);
         return l.weight[first + t] - mean;
       });
     }},
    {"mean-within-each-episode",
     [](const Learner& l) {
       return per_episode(
           l, [&](std::size_t first, std::size_t t, std::size_t T) { return l.weight[first + t] / Scalar(T); });
     }},
    {"integer-return",
     [](const Learner& l) {
       Weights w(l.rows());
       for (std::size_t e = 0, first = 0; e < l.lengths.size(); first += l.lengths[e++]) {
         int G = 0;
         for (std::size_t t = l.lengths[e]; t-- > 0;) {
           G = static_cast<int>(l.reward[first + t] + l.gamma * Scalar(G));
           w[first + t] = l.rows() % 2 == 0 ? Scalar(G) : std::trunc(l.weight[first + t]);
         }
       }
       return w;
     }},
    {"total-discounted-by-time",
     [](const Learner& l) {
       return per_episode(l, [&](std::size_t first, std::size_t t, std::size_t) {
         return std::pow(l.gamma, Scalar(t)) * l.weight[first];
       });
     }},
    {"discount-undone",
     [](const Learner& l) {
       return per_episode(l, [&](std::size_t first, std::size_t t, std::size_t) {
         return l.weight[first + t] / std::pow(l.gamma, Scalar(t));
       });
     }},
    {"discount-counted-from-the-end",
     [](const Learner& l) {
       return per_episode(l, [&](std::size_t first, std::size_t t, std::size_t T) {
         Scalar sum = 0;
         for (std::size_t k = t; k < T; ++k) sum += std::pow(l.gamma, Scalar(T - 1 - k)) * l.reward[first + k];
         return sum;
       });
     }},
    {"discount-applied-twice", [](const Learner& l) { return tests::returns_by_hand(l, l.gamma * l.gamma); }},
    {"discount-forgotten", [](const Learner& l) { return tests::returns_by_hand(l, 1); }},
    {"discount-forgotten",
     [](const Learner& l) {
       const Weights G = tests::returns_by_hand(l, 1);
       return per_episode(l, [&](std::size_t first, std::size_t, std::size_t) { return G[first]; });
     }},
    {"another-gamma",
     [](const Learner& l) { return tests::returns_by_hand(l, Scalar(l.rows() % 2 == 0 ? 0.5 : 0.4321)); }},
    {"return-forgotten", [](const Learner& l) { return Weights(l.rows(), 1); }},
};

/// Rewards that let every mistake show: some are 0, some are large; every third time they have one decimal.
Learner learner(std::uint64_t seed, std::uint64_t number) {
  Random rng({seed, number});
  Learner l = tests::random_learner(rng, 2 + number % 9);
  for (std::size_t r = 0; r < l.rows(); ++r) {
    l.reward[r] *= 3;
    if (r % 3 == 1 && rng.uniform() < 0.7) l.reward[r] = 0;
    if (nn::is_double && number % 3 == 0) l.reward[r] = static_cast<Scalar>(std::round(10 * double(l.reward[r])) / 10);
  }
  l.weight = tests::returns_by_hand(l, l.gamma);
  return l;
}

// Right programs ---------------------------------------------------------------------------------------------------

/// Weights that are right, of many kinds; what must be declared for them is added to the keys.
void weigh_right(Learner& l, Random& rng, std::size_t kind, std::string& declared) {
  const Weights G = tests::returns_by_hand(l, l.gamma);
  l.weight = G;
  if (kind == 4 && l.lengths.size() == 1) kind = 0;  // whitened within an episode: that is a mistake
  Scalar mean = 0, square = 0;
  for (const Scalar g : G) mean += g / Scalar(G.size());
  for (const Scalar g : G) square += (g - mean) * (g - mean) / Scalar(G.size());
  for (std::size_t first = 0, e = 0, r = 0; r < l.rows(); ++r) {
    if (l.episode[r] != e) e = l.episode[r], first = r;
    switch (kind) {
      case 1: l.weight[r] = G[first]; break;                                     // the total, at every step
      case 2: l.weight[r] = std::pow(l.gamma, Scalar(l.time[r])) * G[r]; break;  // the exact objective
      case 3: l.weight[r] = G[r] - Scalar(2.5); break;                           // a constant baseline
      case 4:
        l.weight[r] = square > 0 ? (G[r] - mean) / (std::sqrt(square) + Scalar(1e-8)) : 0;
        break;                                                                     // whitened over the batch
      case 5: l.weight[r] = G[r] - static_cast<Scalar>(rng.uniform(0, 3)); break;  // a learned baseline
      case 6: l.weight[r] = G[r] / 17; break;
      case 7: l.weight[r] = l.reward[r], declared += "# weights: advantage\n"; break;  // a critic that still says 0
      default: break;
    }
  }
}

/// Changes the batch into something borderline.
void make_borderline(Learner& l, Random& rng, std::size_t kind) {
  const auto each_p = [&](auto edit) {
    for (std::size_t r = 0; r < l.rows(); ++r) {
      Scalar total = 0;
      for (std::size_t k = 0; k < l.K; ++k) total += l.p[r][k] = edit(r, k);
      for (Scalar& p : l.p[r]) p /= total;
      double u = rng.uniform();
      for (l.action[r] = 0; l.action[r] + 1 < l.K && u >= double(l.p[r][l.action[r]]); ++l.action[r])
        u -= double(l.p[r][l.action[r]]);
      if (l.p[r][l.action[r]] == 0) l.action[r] = std::size_t(std::ranges::max_element(l.p[r]) - l.p[r].begin());
    }
  };
  const auto cut = [&](std::size_t rows) {
    l.episode.resize(rows), l.time.resize(rows), l.reward.resize(rows), l.z.resize(rows), l.p.resize(rows);
    l.d.resize(rows), l.action.resize(rows);
    l.lengths.resize(l.episode.back() + 1);
    l.lengths.back() = l.time.back() + 1;
  };
  switch (kind) {
    case 1: cut(1); break;                                  // one step
    case 2: cut(l.lengths[0]); break;                       // one episode
    case 3: std::ranges::fill(l.reward, Scalar(1)); break;  // CartPole's rewards
    case 4: std::ranges::fill(l.reward, Scalar(0)); break;  // nothing to learn from
    case 5:                                                 // one reward, at the end
      for (std::size_t r = 0; r < l.rows(); ++r) l.reward[r] = l.time[r] + 1 == l.lengths[l.episode[r]] ? Scalar(1) : 0;
      break;
    case 6: each_p([&](std::size_t, std::size_t) { return Scalar(1); }); break;  // uniform, as zero weights give it
    case 7: each_p([&](std::size_t r, std::size_t k) { return std::exp(8 * l.z[r][k]); }); break;  // nearly certain
    case 8:                                                                                        // bandits
      for (std::size_t r = 0; r < l.rows(); ++r) l.episode[r] = r, l.time[r] = 0;
      l.lengths.assign(l.rows(), 1);
      break;
    case 9: l.gamma = 1; break;
    case 10: l.gamma = 0; break;
    case 11: cut(2); break;
    case 12: std::ranges::fill(l.reward, Scalar(-1)), l.gamma = 1; break;
    default: break;
  }
}

}  // namespace

TEST_CASE("every mistake in the weights is named, 200 random learners each, with and without a column weight") {
  std::size_t cases = 0, wrong = 0, alone = 0;
  std::string confusions;
  std::vector<Learner> learners;
  for (std::size_t number = 0; number < case_count; ++number) learners.push_back(learner(91, number));
  for (const Plant& plant : plants) {
    std::size_t missed = 0;
    for (std::size_t number = 0; number < case_count; ++number) {
      Learner l = learners[number];
      l.weight = plant.weigh(l);
      inject_right(l);
      const auto verdict =
          tests::verdict_of(tests::csv(l, Print(number / 2 % tests::prints), {.weight = number % 2 == 0}, keys(l)));
      ++cases, alone += verdict == plant.name;
      if (tests::names(verdict, plant.name)) continue;
      ++wrong;
      if (missed++ == 0) confusions += fmt::format("\n{} (case {}): {}", plant.name, number, verdict);
    }
    if (missed > 0) confusions += fmt::format(" [{} of {}]", missed, case_count);
  }
  MESSAGE(std::size(plants), " mistakes, ", cases, " cases, ", alone, " named alone", confusions);
  CHECK(wrong == 0);
}

TEST_CASE("the gradient of p with a mistake in the weights is never told to be right, though no weights are given") {
  std::size_t cases = 0, correct = 0;
  std::string acquitted;
  for (const Plant& plant : plants)
    for (std::size_t number = 0; number < case_count / 4; ++number) {
      Learner l = learner(95, number);
      if (l.rows() < 8) continue;
      l.weight = plant.weigh(l);
      inject_right(l);
      for (std::size_t r = 0; r < l.rows(); ++r)
        for (Scalar& x : l.d[r]) x *= l.p[r][l.action[r]];
      const auto verdict = tests::verdict_of(tests::csv(l, Print::all_digits, {.weight = false}, keys(l)));
      ++cases;
      if (tests::acquits(verdict) && ++correct <= 10) acquitted += fmt::format("\n{} (case {})", plant.name, number);
    }
  MESSAGE(cases, " cases, ", correct, " called correct", acquitted);
  CHECK(correct == 0);
}

TEST_CASE("right programs of many kinds, ordinary and borderline: none is accused") {
  std::size_t accused = 0, sure = 0, open = 0;
  std::string accusations;
  for (std::size_t number = 0; number < right_count; ++number) {
    Random rng({92, number});
    const auto one_of = [&](std::size_t count) { return static_cast<std::size_t>(rng.uniform() * double(count)); };
    Learner l = tests::random_learner(rng, 2 + one_of(9) % 9);
    if (one_of(4) == 0)
      for (Scalar& r : l.reward) r = static_cast<Scalar>(std::round(10 * double(r)) / 10);
    const std::size_t borderline = one_of(26), kind = one_of(16), scale_kind = one_of(8);
    make_borderline(l, rng, borderline);
    std::string declared;
    weigh_right(l, rng, kind, declared);
    inject_right(l);
    const double scales[] = {1, -1, 1. / double(l.rows()), -1. / double(l.lengths.size()), 2, 0.0371, 1, 1};
    const bool bonus = one_of(8) == 0 && scale_kind != 7;
    for (std::size_t r = 0; r < l.rows(); ++r) {
      double H = 0;
      for (const Scalar p : l.p[r]) H -= p > 0 ? double(p) * std::log(double(p)) : 0;
      for (std::size_t k = 0; k < l.K; ++k) {
        const double p = double(l.p[r][k]);
        if (bonus && p > 0) l.d[r][k] -= Scalar((number % 2 == 0 ? 0.05 : 0.01) * p * (std::log(p) + H));
        l.d[r][k] *= Scalar(scales[scale_kind]);
      }
    }
    if (one_of(2) == 0) declared += keys(l);
    if (one_of(4) == 0) declared += scales[scale_kind] > 0 ? "# sign: ascent\n" : "# sign: descent\n";
    if ((kind == 0 || kind > 7) && one_of(4) == 0) declared += "# weights: reward_to_go\n";
    if (kind == 1 && one_of(2) == 0) declared += "# weights: return\n";
    const auto print = Print(one_of(tests::prints));
    const bool short_print = nn::is_double && (print == Print::all_digits || print == Print::six_significant);
    const Columns columns{.weight = one_of(3) > 0,
                          .reward = one_of(3) > 0,
                          .episode = one_of(4) > 0,
                          .rounded_returns = short_print && one_of(8) == 0};
    const std::string text = tests::csv(l, print, columns, declared);
    const auto verdict = tests::verdict_of(text);
    sure += verdict == "correct", open += verdict.starts_with("cannot tell: ");
    if (!tests::accuses(verdict)) continue;
    if (++accused <= 12)
      accusations += fmt::format(
          "\n{}: borderline {}, weights {}, bonus {}, scale {}, rows {}, K {}, columns {}{}{}{}, print {}, {}: {}",
          number, borderline, kind, bonus, scales[scale_kind], l.rows(), l.K, columns.weight, columns.reward,
          columns.episode, columns.rounded_returns, int(print), declared, verdict);
  }
  MESSAGE(right_count, " right programs: ", sure, " correct, ", right_count - sure - open - accused,
          " correct but for weights that cannot be judged, ", open, " cannot tell, ", accused, " accused", accusations);
  CHECK(accused == 0);
  CHECK(2 * (right_count - open) > right_count);
}

}  // namespace test_diagnose_weights
