/// Mistakes that people reported of their programs, planted in 200 random learners each: every one is named.
#include <doctest/doctest.h>
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "tests/rl/diagnose/cases.hpp"
#include "tests/support.hpp"

namespace test_diagnose_people {

using nn::Random;
using nn::Scalar;
using tests::Columns;
using tests::Learner;
using tests::Print;
using Row = std::vector<Scalar>;

namespace {

const std::size_t case_count = tests::case_count(tests::count(200, 25));

Row softmax(Row z) {
  const Scalar highest = *std::ranges::max_element(z);
  Scalar total = 0;
  for (Scalar& x : z) total += x = std::exp(x - highest);
  for (Scalar& x : z) x /= total;
  return z;
}
Scalar p_a(const Learner& l, std::size_t r) {
  return l.p[r][l.action[r]];
}
/// Adds factor (e - p) to every row.
void add_score(Learner& l, auto factor) {
  for (std::size_t r = 0; r < l.rows(); ++r)
    for (std::size_t k = 0; k < l.K; ++k) l.d[r][k] += factor(r) * (Scalar(k == l.action[r]) - l.p[r][k]);
}
void add_right(Learner& l) {
  add_score(l, [&](std::size_t r) { return l.weight[r]; });
}
void weigh(Learner& l, auto weight) {
  for (std::size_t e = 0, first = 0; e < l.lengths.size(); first += l.lengths[e++])
    for (std::size_t t = 0; t < l.lengths[e]; ++t) l.weight[first + t] = weight(first, t, l.lengths[e]);
  add_right(l);
}
/// A policy that differs from p.
void refer(Learner& l, Random& rng) {
  for (std::size_t r = 0; r < l.rows(); ++r) {
    Row z = l.z[r];
    for (Scalar& x : z) x += Scalar(rng.uniform(-1, 1));
    l.ref.push_back(softmax(z));
  }
}
/// beta times the gradient of KL(p | ref).
void add_distance(Learner& l, Scalar beta) {
  for (std::size_t r = 0; r < l.rows(); ++r) {
    Scalar distance = 0;
    for (std::size_t k = 0; k < l.K; ++k) distance += l.p[r][k] * std::log(l.p[r][k] / l.ref[r][k]);
    for (std::size_t k = 0; k < l.K; ++k)
      l.d[r][k] += beta * l.p[r][k] * (std::log(l.p[r][k] / l.ref[r][k]) - distance);
  }
}

/// The ratio to a policy that acted, times the weight, and 0 where cut(ratio, weight) says so.
void add_ratio(Learner& l, Random& rng, bool (*cut)(Scalar ratio, Scalar w)) {
  refer(l, rng);
  for (std::size_t r = 0; r < l.rows(); r += 2) l.weight[r] = -l.weight[r];  // advantages of both signs
  for (const std::size_t r : {0u, 2u, 4u}) {  // two rows that went the wrong way, and one with a ratio of 1
    l.weight[r] = r == 2 ? Scalar(1) : Scalar(-1.5), l.ref[r] = l.p[r];
    const Scalar half = r == 2 ? 0 : p_a(l, r) / 2;
    for (std::size_t k = 0; k < l.K; ++k) l.ref[r][k] += k == l.action[r] ? -half : half / Scalar(l.K - 1);
  }
  add_score(l, [&](std::size_t r) {
    const Scalar ratio = p_a(l, r) / l.ref[r][l.action[r]];
    return cut(ratio, l.weight[r]) ? 0 : ratio * l.weight[r];
  });
}

struct Plant {
  const char* name;
  void (*inject)(Learner& l, Random& rng);
  std::size_t least_actions = 2;
  std::size_t episodes = 3;
};

const Plant plants[] = {
    {"entropy-of-the-action-taken",
     [](Learner& l, Random&) {
       add_right(l);
       add_score(l, [&](std::size_t r) { return Scalar(-0.1) * p_a(l, r) * (std::log(p_a(l, r)) + 1); });
     }},
    {"temperature-on-one-side",
     [](Learner& l, Random& rng) {
       const auto T = static_cast<Scalar>(rng.uniform(0.4, 0.8));
       for (std::size_t r = 0; r < l.rows(); ++r) {
         Row z = l.z[r];
         for (Scalar& x : z) x /= T;
         const Row q = softmax(z);
         for (std::size_t k = 0; k < l.K; ++k) l.d[r][k] = l.weight[r] * (Scalar(k == l.action[r]) - q[k]);
       }
     }},
    {"epsilon-not-in-the-loss",
     [](Learner& l, Random& rng) {
       const auto epsilon = static_cast<Scalar>(rng.uniform(0.1, 0.4));
       add_right(l);
       for (Row& p : l.p)
         for (Scalar& x : p) x = (1 - epsilon) * x + epsilon / Scalar(l.K);
     }},
    {"label-smoothed",
     [](Learner& l, Random&) {
       add_right(l);
       for (std::size_t r = 0; r < l.rows(); ++r)
         for (std::size_t k = 0; k < l.K; ++k)
           l.d[r][k] += Scalar(0.1) * l.weight[r] * (1 / Scalar(l.K) - Scalar(k == l.action[r]));
     }},
    {"mask-forgotten-in-the-update",
     [](Learner& l, Random&) {
       add_right(l);
       for (std::size_t r = 0; r < l.rows(); ++r) {
         const std::size_t masked = (l.action[r] + 1) % l.K;
         const Scalar share = l.p[r][masked];
         for (std::size_t k = 0; k < l.K; ++k) l.p[r][k] = k == masked ? 0 : l.p[r][k] / (1 - share);
       }
     },
     3},
    {"kl-sign-wrong",
     [](Learner& l, Random& rng) {
       refer(l, rng), add_right(l);
       if (l.rows() % 2 == 0)
         add_distance(l, Scalar(0.2));
       else
         add_score(l, [&](std::size_t r) { return Scalar(0.2) * std::log(p_a(l, r) / l.ref[r][l.action[r]]); });
     }},
    {"correct", [](Learner& l, Random& rng) { refer(l, rng), add_right(l), add_distance(l, Scalar(-0.2)); }},
    {"kl-k1-in-the-loss",
     [](Learner& l, Random& rng) {
       refer(l, rng), add_right(l);
       add_score(l, [](std::size_t) { return Scalar(-0.2); });
     }},
    {"kl-k3-in-the-loss",
     [](Learner& l, Random& rng) {
       refer(l, rng), add_right(l);
       add_score(l, [&](std::size_t r) { return Scalar(-0.2) * (1 - l.ref[r][l.action[r]] / p_a(l, r)); });
     }},
    {"correct", [](Learner& l, Random& rng) { add_ratio(l, rng, [](Scalar, Scalar) { return false; }); }},
    {"correct",  // PPO
     [](Learner& l, Random& rng) {
       add_ratio(l, rng, [](Scalar q, Scalar w) { return w > 0 ? q > Scalar(1.2) : q < Scalar(0.8); });
     }},
    {"min-before-the-advantage",
     [](Learner& l, Random& rng) { add_ratio(l, rng, [](Scalar q, Scalar) { return q > Scalar(1.2); }); }},
    {"ratio-times-advantage-clipped",
     [](Learner& l, Random& rng) {
       add_ratio(l, rng, [](Scalar q, Scalar w) { return q * w > Scalar(1.2) || q * w < Scalar(0.8); });
     },
     2, 8},
    {"clip-without-the-min",
     [](Learner& l, Random& rng) {
       add_ratio(l, rng, [](Scalar q, Scalar) { return q > Scalar(1.2) || q < Scalar(0.8); });
     }},
    {"weights-in-another-order",
     [](Learner& l, Random&) { add_score(l, [&](std::size_t r) { return l.weight[(r + 2) % l.rows()]; }); }, 3, 5},
    {"ratio-times-log-prob",
     [](Learner& l, Random&) { add_score(l, [&](std::size_t r) { return l.weight[r] * (1 + std::log(p_a(l, r))); }); }},
    {"softmax-over-the-batch",
     [](Learner& l, Random&) {
       for (std::size_t k = 0; k < l.K; ++k) {
         Scalar total = 0, of_action = 0;
         for (std::size_t r = 0; r < l.rows(); ++r)
           total += std::exp(l.z[r][k]), of_action += l.action[r] == k ? l.weight[r] : 0;
         for (std::size_t r = 0; r < l.rows(); ++r)
           l.d[r][k] = (l.action[r] == k ? l.weight[r] : 0) - std::exp(l.z[r][k]) / total * of_action;
       }
     }},
    {"clipped-entry-by-entry",
     [](Learner& l, Random&) {
       add_right(l);
       std::vector<Scalar> largest;
       for (const Row& d : l.d)
         largest.push_back(std::abs(*std::ranges::max_element(d, {}, [](Scalar x) { return std::abs(x); })));
       std::ranges::sort(largest);
       const Scalar bound = largest[largest.size() / 2];
       for (Row& d : l.d)
         for (Scalar& x : d) x = std::clamp(x, -bound, bound);
     },
     3},
    {"rewards-whitened-first",
     [](Learner& l, Random&) {
       Scalar mean = 0, square = 0;
       for (const Scalar r : l.reward) mean += r / Scalar(l.rows());
       for (const Scalar r : l.reward) square += (r - mean) * (r - mean) / Scalar(l.rows());
       Learner white = l;
       for (Scalar& r : white.reward) r = (r - mean) / std::sqrt(square);
       l.weight = tests::returns_by_hand(white, l.gamma);
       add_right(l);
     }},
    {"n-step-without-bootstrap",
     [](Learner& l, Random&) {
       weigh(l, [&](std::size_t first, std::size_t t, std::size_t T) {
         Scalar sum = 0;
         for (std::size_t k = t; k < std::min(t + 3, T); ++k)
           sum += std::pow(l.gamma, Scalar(k - t)) * l.reward[first + k];
         return sum;
       });
     }},
    {"not-the-declared-weights",
     [](Learner& l, Random&) {
       const std::vector<Scalar> G = l.weight;
       weigh(l, [&](std::size_t first, std::size_t, std::size_t) { return G[first]; });
     }},
    {"done-one-step-early",
     [](Learner& l, Random&) {
       Scalar following = 0;
       for (std::size_t r = l.rows(); r-- > 0;) {
         const bool early = l.time[r] + 2 == l.lengths[l.episode[r]];
         l.weight[r] = following = l.reward[r] + (early ? 0 : l.gamma * following);
       }
       add_right(l);
     }},
};

/// Actions that are drawn, weights of both signs, probabilities that are not tiny.
Learner learner(std::uint64_t number, const Plant& plant) {
  for (std::uint64_t attempt = 0;; ++attempt) {
    Random rng({tests::case_seed(120), number, attempt});
    Learner l = tests::random_learner(rng, plant.least_actions + number % 8, plant.episodes);
    const auto negative = std::ranges::count_if(l.weight, [](Scalar w) { return w < 0; });
    Scalar lowest = 1;
    for (std::size_t r = 0; r < l.rows(); ++r) lowest = std::min(lowest, *std::ranges::min_element(l.p[r]));
    if (negative >= 2 && negative + 2 <= std::ptrdiff_t(l.rows()) && lowest > 1e-3) return l;
  }
}

}  // namespace

TEST_CASE("mistakes that people reported are named, 200 random learners each, and a KL penalty is right") {
  std::size_t cases = 0, wrong = 0, alone = 0;
  std::string confusions;
  for (const Plant& plant : plants) {
    std::size_t missed = 0;
    for (std::size_t number = 0; number < case_count; ++number) {
      Random rng({tests::case_seed(121), number});
      Learner l = learner(number, plant);
      plant.inject(l, rng);
      std::string keys = fmt::format("# gamma: {:.2f}\n", double(l.gamma));
      if (plant.name == std::string("not-the-declared-weights")) keys += "# weights: reward_to_go\n";
      const Columns columns{.format = number % 4 == 1 ? "%.8f" : number % 4 == 2 ? "%.8g" : nullptr};
      const auto verdict = tests::verdict_of(tests::csv(l, Print::all_digits, columns, keys));
      ++cases, alone += verdict == plant.name;
      if (tests::names(verdict, plant.name)) continue;
      ++wrong;
      if (missed++ == 0) confusions += fmt::format("\n{} (case {}): {}", plant.name, number, verdict);
    }
    if (missed > 0) confusions += fmt::format(" [{} of {}]", missed, case_count);
  }
  MESSAGE(std::size(plants), " kinds, ", cases, " cases, ", alone, " named alone", confusions);
  CHECK(wrong == 0);
}

TEST_CASE("a number is found in the valley of its own, though far from it a wrong one seems to fit better") {
  std::size_t missed = 0;
  const auto& plant = *std::ranges::find(plants, std::string("epsilon-not-in-the-loss"), &Plant::name);
  for (std::size_t number = 0; number < 2 * case_count; ++number) {
    Random rng({tests::case_seed(121), number}), four({tests::case_seed(122), number});
    Learner l = tests::random_learner(four, 4);
    plant.inject(l, rng);
    missed += !tests::names(tests::verdict_of(tests::csv(l, Print::all_digits, {.format = "%.8g"})), plant.name);
  }
  CHECK(missed == 0);
}

/// One row a sample, and groups of samples that share a baseline: right ones, and one that is whitened.
TEST_CASE("samples of a group: its mean is a right baseline, its spread is named, 200 random learners each") {
  std::size_t wrong = 0;
  std::string confusions;
  for (const std::string kind : {"mean", "others", "whitened-per-group"})
    for (std::size_t number = 0; number < case_count; ++number) {
      Random rng({tests::case_seed(123), number});
      Learner l = tests::random_learner(rng, 2 + number % 8, 4);
      const std::size_t groups = 3, in_each = l.rows() / groups;
      std::string text = "group,action";
      for (const char* stem : {"p", "d"})
        for (std::size_t k = 0; k < l.K; ++k) text += fmt::format(",{}{}", stem, k);
      text += ",reward,weight\n";
      for (std::size_t r = 0; r < groups * in_each; ++r) {
        const std::size_t g = r / in_each;
        double mean = 0, square = 0;
        for (std::size_t k = 0; k < in_each; ++k) mean += double(l.reward[g * in_each + k]) / double(in_each);
        for (std::size_t k = 0; k < in_each; ++k)
          square += std::pow(double(l.reward[g * in_each + k]) - mean, 2) / double(in_each);
        double w = double(l.reward[r]) - mean;
        if (kind == "others") w *= double(in_each) / double(in_each - 1);
        if (kind == "whitened-per-group") w /= std::sqrt(square) + (number % 2 == 0 ? 0 : 1e-4);
        text += fmt::format("{},{}", 7 + g, l.action[r]);
        for (std::size_t k = 0; k < l.K; ++k) text += fmt::format(",{:.8f}", double(l.p[r][k]));
        for (std::size_t k = 0; k < l.K; ++k)
          text += fmt::format(",{:.8f}", w * (double(k == l.action[r]) - double(l.p[r][k])));
        text += fmt::format(",{:.8f},{:.8f}\n", double(l.reward[r]), w);
      }
      const auto verdict = tests::verdict_of(text);
      const std::string expected = kind == "whitened-per-group" ? kind : "correct";
      if (verdict != expected && wrong++ < 4) confusions += fmt::format("\n{} {}: {}", kind, number, verdict);
    }
  MESSAGE("groups", confusions);
  CHECK(wrong == 0);
}

TEST_CASE(
    "a group's advantage divided by the own length is named, whether or not it was divided by a deviation first") {
  for (const std::string kind : {"mean", "others", "deviation", "not divided by the length"}) {
    Random rng(16);
    std::string text = "# gamma: 1\naction,p0,p1,p2,d0,d1,d2,weight,reward,episode,terminated,group\n";
    for (std::size_t episode = 0; episode < 24; ++episode) {
      const std::size_t group = episode / 4, own = episode % 4, length = 1 + (3 * episode + group) % 5;
      const std::size_t solved = 1 + group % 3;  // of four
      const double R = own < solved ? 1 : 0, mean = double(solved) / 4;
      double w = R - mean;
      if (kind == "others") w *= 4. / 3;
      if (kind == "deviation") w /= std::sqrt(4 * mean * (1 - mean) / 3) + 1e-4;
      if (kind != "not divided by the length") w /= double(length);
      for (std::size_t t = 0; t < length; ++t) {
        const auto p = double(rng.uniform(Scalar(0.2), Scalar(0.4)));
        const double probs[] = {p, 0.3, 0.7 - p};
        const auto action = static_cast<std::size_t>(3 * double(rng.uniform()));
        text += fmt::format("{}", action);
        for (const double q : probs) text += fmt::format(",{:.9f}", q);
        for (std::size_t k = 0; k < 3; ++k) text += fmt::format(",{:.9f}", w * ((k == action) - probs[k]));
        const bool last = t + 1 == length;
        text += fmt::format(",{:.9f},{},{},{:d},{}\n", w, last ? R : 0, episode, last, group);
      }
    }
    INFO(kind);
    CHECK(tests::verdict_of(text) == (kind == "not divided by the length" ? "correct" : "mean-within-each-episode"));
  }
}

// A Gaussian -------------------------------------------------------------------------------------------------------

namespace {

struct GaussianPlant {
  const char *name, *other;  // two mistakes at once, or one
  void (*inject)(Scalar w, Scalar a, Scalar mu, Scalar sigma, Scalar& at_mu, Scalar& at_log_sigma);
};
void right(Scalar w, Scalar a, Scalar mu, Scalar sigma, Scalar& at_mu, Scalar& at_log_sigma) {
  const Scalar x = (a - mu) / sigma;
  at_mu = w * x / sigma, at_log_sigma = w * (x * x - 1);
}

const GaussianPlant gaussian_plants[] = {
    {"sigma-cubed", nullptr,
     [](Scalar w, Scalar a, Scalar mu, Scalar s, Scalar& m, Scalar& l) {
       right(w, a, mu, s, m, l);
       m /= s;
     }},
    {"log-sigma-counted-half", nullptr,
     [](Scalar w, Scalar a, Scalar mu, Scalar s, Scalar& m, Scalar& l) {
       right(w, a, mu, s, m, l);
       l += w / 2;
     }},
    {"sigma-used-as-variance", nullptr,
     [](Scalar w, Scalar a, Scalar mu, Scalar s, Scalar& m, Scalar& l) {
       right(w, a, mu, std::sqrt(s), m, l);
       l /= 2;
     }},
    {"variance-used-as-sigma", nullptr,
     [](Scalar w, Scalar a, Scalar mu, Scalar s, Scalar& m, Scalar& l) {
       right(w, a, mu, s * s, m, l);
       l *= 2;
     }},
    {"sigma-of-the-first-dimension", nullptr, right},  // which the loop below hands it
    {"sigma-exponentiated-twice", nullptr,
     [](Scalar w, Scalar a, Scalar mu, Scalar s, Scalar& m, Scalar& l) {
       right(w, a, mu, std::exp(s), m, l);
       l *= s;
     }},
    {"density-of-the-squashed-action", nullptr,
     [](Scalar w, Scalar a, Scalar mu, Scalar s, Scalar& m, Scalar& l) { right(w, std::tanh(a), mu, s, m, l); }},
    {"reparameterised-tanh", nullptr,
     [](Scalar w, Scalar a, Scalar mu, Scalar, Scalar& m, Scalar& l) {
       m = 2 * w * std::tanh(a), l = w * (2 * std::tanh(a) * (a - mu) - 1);
     }},
    {"divided-by-sigma-once", "log-sigma-term-forgotten",
     [](Scalar w, Scalar a, Scalar mu, Scalar s, Scalar& m, Scalar& l) {
       const Scalar x = (a - mu) / s;
       m = w * x, l = w * x * x;
     }},
    {"not-divided-by-the-variance", "sigma-gradient-for-log-sigma",
     [](Scalar w, Scalar a, Scalar mu, Scalar s, Scalar& m, Scalar& l) {
       right(w, a, mu, s, m, l);
       m = w * (a - mu), l /= s;
     }},
    {"clamped-sigma-keeps-its-gradient", nullptr,
     [](Scalar w, Scalar a, Scalar mu, Scalar s, Scalar& m, Scalar& l) {
       right(w, a, mu, std::clamp(s, Scalar(0.6), Scalar(1.2)), m, l);
     }},
    {"correct", nullptr,  // the clamp cuts the gradient
     [](Scalar w, Scalar a, Scalar mu, Scalar s, Scalar& m, Scalar& l) {
       right(w, a, mu, std::clamp(s, Scalar(0.6), Scalar(1.2)), m, l);
       if (s < Scalar(0.6) || s > Scalar(1.2)) l = 0;
     }},
};

}  // namespace

TEST_CASE("mistakes that people reported of a Gaussian are named, also two at once, 200 random learners each") {
  std::size_t cases = 0, wrong = 0;
  std::string confusions;
  for (const GaussianPlant& plant : gaussian_plants) {
    std::size_t missed = 0;
    for (std::size_t number = 0; number < case_count; ++number) {
      Random rng({tests::case_seed(122), number});
      const bool first = plant.name == std::string("sigma-of-the-first-dimension");
      Learner l = tests::random_gaussian_learner(rng, first ? 2 + number % 2 : 1 + number % 3);
      for (std::size_t r = 0; r < l.rows(); ++r)
        for (std::size_t i = 0; i < l.K; ++i)
          plant.inject(l.weight[r], l.actions[r][i], l.mu[r][i], l.sigma[r][first ? 0 : i], l.d[r][i], l.d[r][l.K + i]);
      const Columns columns{.reward = false, .format = number % 3 == 1 ? "%.8f" : nullptr};
      const auto verdict = tests::verdict_of(tests::csv(l, Print::all_digits, columns));
      ++cases;
      if (tests::names(verdict, plant.name) && (!plant.other || tests::names(verdict, plant.other))) continue;
      ++wrong;
      if (missed++ == 0) confusions += fmt::format("\n{} (case {}): {}", plant.name, number, verdict);
    }
    if (missed > 0) confusions += fmt::format(" [{} of {}]", missed, case_count);
  }
  MESSAGE(std::size(gaussian_plants), " kinds, ", cases, " cases", confusions);
  CHECK(wrong == 0);
}

}  // namespace test_diagnose_people
