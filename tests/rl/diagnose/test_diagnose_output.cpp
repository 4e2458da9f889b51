/// Mistakes planted in the injected vector are named; right vectors are never accused.
#include <doctest/doctest.h>
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "tests/rl/diagnose/cases.hpp"
#include "tests/support.hpp"

namespace test_diagnose_output {

using nn::Random;
using nn::Scalar;
using tests::Learner;
using tests::Print;
using Row = std::vector<Scalar>;

namespace {

const std::size_t case_count = tests::case_count(tests::count(200, 25));

Scalar p_a(const Learner& l, std::size_t r) {
  return l.p[r][l.action[r]];
}
Row zeros(const Learner& l) {
  return Row(l.K);
}
/// w (one_hot(label) - p)
Row towards(const Learner& l, std::size_t r, std::size_t label, Scalar w) {
  Row d(l.K);
  for (std::size_t k = 0; k < l.K; ++k) d[k] = -w * l.p[r][k];
  d[label] = w * (1 - l.p[r][label]);
  return d;
}
Row right(const Learner& l, std::size_t r) {
  return towards(l, r, l.action[r], l.weight[r]);
}
Row right_times(const Learner& l, std::size_t r, Scalar factor) {
  return towards(l, r, l.action[r], l.weight[r] * factor);
}
Row only_taken(const Learner& l, std::size_t r, Scalar value) {
  Row d = zeros(l);
  d[l.action[r]] = value;
  return d;
}
Row softmax_of_p(const Learner& l, std::size_t r) {
  Row q(l.K);
  Scalar total = 0;
  for (std::size_t k = 0; k < l.K; ++k) total += q[k] = std::exp(l.p[r][k]);
  for (Scalar& x : q) x /= total;
  return q;
}
/// The whole Jacobian of softmax, row by row.
Row through_jacobian(const Learner& l, std::size_t r, const Row& v) {
  Row d(l.K);
  for (std::size_t k = 0; k < l.K; ++k)
    for (std::size_t j = 0; j < l.K; ++j)
      d[k] += (j == k ? l.p[r][k] * (1 - l.p[r][k]) : -l.p[r][k] * l.p[r][j]) * v[j];
  return d;
}
std::size_t first_row(const Learner& l, std::size_t r) {
  return r - l.time[r];
}
std::size_t length(const Learner& l, std::size_t r) {
  return l.lengths[l.episode[r]];
}
bool in_last_episode(const Learner& l, std::size_t r) {
  return l.episode[r] + 1 == l.lengths.size();
}

struct Plant {
  const char* name;
  Row (*inject)(const Learner& l, std::size_t row);
  bool logits = false;  // the file has z instead of p
};

const Plant plants[] = {
    {"taken-output-only", [](const Learner& l, std::size_t r) -> Row { return only_taken(l, r, l.weight[r] * (1 - p_a(l, r))); }},
    {"softmax-diagonal-only",
     [](const Learner& l, std::size_t r) -> Row {
       Row at_the_probs = zeros(l), d = zeros(l);
       at_the_probs[l.action[r]] = l.weight[r] / p_a(l, r);
       for (std::size_t k = 0; k < l.K; ++k) d[k] = at_the_probs[k] * (l.p[r][k] * (1 - l.p[r][k]));
       return d;
     }},
    {"value-instead-of-gradient", [](const Learner& l, std::size_t r) -> Row { return only_taken(l, r, l.weight[r] * std::log(p_a(l, r))); }},
    {"one-hot-without-probs", [](const Learner& l, std::size_t r) -> Row { return only_taken(l, r, l.weight[r]); }},
    {"gradient-at-the-probs", [](const Learner& l, std::size_t r) -> Row { return only_taken(l, r, l.weight[r] / p_a(l, r)); }},
    {"probability-at-the-action", [](const Learner& l, std::size_t r) -> Row { return only_taken(l, r, l.weight[r] * p_a(l, r)); }},
    {"return-regressed-on-probs", [](const Learner& l, std::size_t r) -> Row { return only_taken(l, r, l.weight[r] - p_a(l, r)); }},
    {"return-regressed-on-logits",
     [](const Learner& l, std::size_t r) -> Row { return only_taken(l, r, l.weight[r] - l.z[r][l.action[r]]); }, true},
    {"others-only",
     [](const Learner& l, std::size_t r) -> Row {
       Row d = right(l, r);
       d[l.action[r]] = 0;
       return d;
     }},
    {"probabilities-injected",
     [](const Learner& l, std::size_t r) -> Row {
       Row d = l.p[r];
       for (Scalar& x : d) x *= l.weight[r];
       return d;
     }},
    {"log-probs-injected",
     [](const Learner& l, std::size_t r) -> Row {
       Row d = l.p[r];
       for (Scalar& x : d) x = std::log(x) * l.weight[r];
       return d;
     }},
    {"all-actions-pushed-alike",
     [](const Learner& l, std::size_t r) -> Row {
       Row d = zeros(l);
       for (std::size_t j = 0; j < l.K; ++j) {
         const Row one = towards(l, r, j, l.weight[r]);
         for (std::size_t k = 0; k < l.K; ++k) d[k] += one[k];
       }
       return d;
     }},
    {"one-in-every-column",
     [](const Learner& l, std::size_t r) -> Row {
       Row d = l.p[r];
       for (Scalar& x : d) x = l.weight[r] * (1 - x);
       return d;
     }},
    {"gradient-of-p",
     [](const Learner& l, std::size_t r) -> Row {
       Row at_the_probs = zeros(l);
       at_the_probs[l.action[r]] = l.weight[r];
       return through_jacobian(l, r, at_the_probs);
     }},
    {"softmax-twice",
     [](const Learner& l, std::size_t r) -> Row {
       Row v = softmax_of_p(l, r);
       for (std::size_t k = 0; k < l.K; ++k) v[k] = l.weight[r] * (Scalar(k == l.action[r]) - v[k]);
       return through_jacobian(l, r, v);
     }},
    {"softmax-of-probs",
     [](const Learner& l, std::size_t r) -> Row {
       Row v = softmax_of_p(l, r);
       for (std::size_t k = 0; k < l.K; ++k) v[k] = l.weight[r] * (Scalar(k == l.action[r]) - v[k]);
       return v;
     }},
    {"score-through-softmax", [](const Learner& l, std::size_t r) -> Row { return through_jacobian(l, r, right(l, r)); }},
    {"output-derivative-twice",
     [](const Learner& l, std::size_t r) -> Row {
       Row d = right(l, r);
       for (std::size_t k = 0; k < l.K; ++k) d[k] *= l.p[r][k] * (1 - l.p[r][k]);
       return d;
     }},
    {"absolute-errors",
     [](const Learner& l, std::size_t r) -> Row {
       Row d = towards(l, r, l.action[r], 1);
       for (Scalar& x : d) x = l.weight[r] * std::abs(x);
       return d;
     }},
    {"one-unit-only",
     [](const Learner& l, std::size_t r) -> Row {
       Row d = zeros(l);
       const std::size_t unit = l.rows() % 2 == 0 ? 0 : l.K - 1;
       d[unit] = l.weight[r] * (Scalar(l.action[r] == unit) - l.p[r][unit]);
       return d;
     }},
    {"return-as-label",
     [](const Learner& l, std::size_t r) -> Row {
       Row d = l.p[r];
       for (Scalar& x : d) x = -x;
       d[l.action[r]] += l.weight[r];
       return d;
     }},
    {"weight-on-the-probs-only",
     [](const Learner& l, std::size_t r) -> Row {
       Row d = l.p[r];
       for (Scalar& x : d) x *= -l.weight[r];
       d[l.action[r]] += 1;
       return d;
     }},
    {"label-is-the-likeliest",
     [](const Learner& l, std::size_t r) -> Row {
       return towards(l, r, std::size_t(std::ranges::max_element(l.p[r]) - l.p[r].begin()), l.weight[r]);
     }},
    {"label-is-the-unlikeliest",
     [](const Learner& l, std::size_t r) -> Row {
       return towards(l, r, std::size_t(std::ranges::min_element(l.p[r]) - l.p[r].begin()), l.weight[r]);
     }},
    {"label-of-the-step-before",
     [](const Learner& l, std::size_t r) -> Row { return towards(l, r, l.action[(r + l.rows() - 1) % l.rows()], l.weight[r]); }},
    {"label-of-the-next-step", [](const Learner& l, std::size_t r) -> Row { return towards(l, r, l.action[(r + 1) % l.rows()], l.weight[r]); }},
    {"probabilities-of-the-next-state",
     [](const Learner& l, std::size_t r) -> Row {
       const bool ends = r + 1 == l.rows() || l.time[r + 1] == 0;  // the last state of an episode is not in the file
       Row d = l.p[ends ? 0 : r + 1];
       for (Scalar& x : d) x *= -l.weight[r];
       d[l.action[r]] += l.weight[r];
       return d;
     }},
    {"label-one-too-high", [](const Learner& l, std::size_t r) -> Row { return towards(l, r, (l.action[r] + 1) % l.K, l.weight[r]); }},
    {"label-one-too-low", [](const Learner& l, std::size_t r) -> Row { return towards(l, r, (l.action[r] + l.K - 1) % l.K, l.weight[r]); }},
    {"label-is-always-the-first", [](const Learner& l, std::size_t r) -> Row { return towards(l, r, 0, l.weight[r]); }},
    {"label-is-always-the-last", [](const Learner& l, std::size_t r) -> Row { return towards(l, r, l.K - 1, l.weight[r]); }},
    {"label-is-another-draw",
     [](const Learner& l, std::size_t r) -> Row { return towards(l, r, (7 * r + r / 3 + l.action[0]) % l.K, l.weight[r]); }},
    {"return-forgotten", [](const Learner& l, std::size_t r) -> Row { return towards(l, r, l.action[r], 1); }},
    {"log-prob-times-score", [](const Learner& l, std::size_t r) -> Row { return right_times(l, r, std::log(p_a(l, r))); }},
    {"divided-by-p-twice", [](const Learner& l, std::size_t r) -> Row { return right_times(l, r, 1 / p_a(l, r)); }},
    {"weight-squared", [](const Learner& l, std::size_t r) -> Row { return right_times(l, r, l.weight[r]); }},
    {"absolute-weight", [](const Learner& l, std::size_t r) -> Row { return right_times(l, r, l.weight[r] < 0 ? -1 : 1); }},
    {"sign-of-the-weight", [](const Learner& l, std::size_t r) -> Row { return towards(l, r, l.action[r], l.weight[r] < 0 ? -1 : 1); }},
    {"negative-weights-dropped", [](const Learner& l, std::size_t r) -> Row { return right_times(l, r, l.weight[r] < 0 ? 0 : 1); }},
    {"weights-in-reverse",
     [](const Learner& l, std::size_t r) -> Row {
       return towards(l, r, l.action[r], l.weight[first_row(l, r) + length(l, r) - 1 - l.time[r]]);
     }},
    {"return-one-step-late",
     [](const Learner& l, std::size_t r) -> Row { return towards(l, r, l.action[r], r + 1 < l.rows() ? l.weight[r + 1] : 0); }},
    {"weight-of-the-step-before", [](const Learner& l, std::size_t r) -> Row { return towards(l, r, l.action[r], r > 0 ? l.weight[r - 1] : 0); }},
    {"mean-log-prob-times-sum",
     [](const Learner& l, std::size_t r) -> Row {
       Scalar sum = 0;
       for (const Scalar w : l.weight) sum += w;
       return towards(l, r, l.action[r], sum / Scalar(l.rows()));
     }},
    {"mean-within-each-episode", [](const Learner& l, std::size_t r) -> Row { return right_times(l, r, 1 / Scalar(length(l, r))); }},
    {"discount-undone", [](const Learner& l, std::size_t r) -> Row { return right_times(l, r, std::pow(l.gamma, -Scalar(l.time[r]))); }},
    {"last-step-only", [](const Learner& l, std::size_t r) -> Row { return right_times(l, r, r + 1 == l.rows()); }},
    {"last-episode-only", [](const Learner& l, std::size_t r) -> Row { return right_times(l, r, in_last_episode(l, r)); }},
    {"first-episode-only", [](const Learner& l, std::size_t r) -> Row { return right_times(l, r, l.episode[r] == 0); }},
    {"weight-not-the-one-given", [](const Learner& l, std::size_t r) -> Row { return right_times(l, r, Scalar(1.5 + std::sin(double(r * r)))); }},
    {"entropy-sign-wrong",
     [](const Learner& l, std::size_t r) -> Row {
       Row d = right(l, r);
       Scalar H = 0;
       for (const Scalar p : l.p[r]) H -= p * std::log(p);
       for (std::size_t k = 0; k < l.K; ++k) d[k] += Scalar(0.3) * l.p[r][k] * (std::log(l.p[r][k]) + H);
       return d;
     }},
    {"entropy-gradient-at-the-probs",
     [](const Learner& l, std::size_t r) -> Row {
       Row d = right(l, r);
       for (std::size_t k = 0; k < l.K; ++k) d[k] -= Scalar(0.3) * (std::log(l.p[r][k]) + 1);
       return d;
     }},
    {"entropy-term-missing",
     [](const Learner& l, std::size_t r) -> Row {
       Row d = right(l, r);
       for (std::size_t k = 0; k < l.K; ++k) d[k] -= Scalar(0.3) * l.p[r][k] * std::log(l.p[r][k]);
       return d;
     }},
    {"epsilon-inside-the-log", [](const Learner& l, std::size_t r) -> Row { return right_times(l, r, p_a(l, r) / (p_a(l, r) + Scalar(0.05))); }},
    {"rare-actions-clipped",
     [](const Learner& l, std::size_t r) -> Row {
       Row sorted;
       for (std::size_t t = 0; t < l.rows(); ++t) sorted.push_back(p_a(l, t));
       std::ranges::sort(sorted);
       return right_times(l, r, p_a(l, r) > sorted[sorted.size() / 4]);
     }},
    {"all-zero", [](const Learner& l, std::size_t) -> Row { return zeros(l); }},
    {"sign-flipped", [](const Learner& l, std::size_t r) -> Row { return right_times(l, r, -1); }},
    {"not-finite",
     [](const Learner& l, std::size_t r) -> Row { return right_times(l, r, r == 2 ? std::numeric_limits<Scalar>::quiet_NaN() : 1); }},
};

/// A batch in which every mistake of the list can show: weights of both signs, and actions that differ.
Learner learner(std::uint64_t seed, std::uint64_t number, std::size_t K) {
  for (std::uint64_t attempt = 0;; ++attempt) {
    Random rng({seed, number, attempt});
    Learner l = tests::random_learner(rng, K);
    const auto negative = std::ranges::count_if(l.weight, [](Scalar w) { return w < 0; });
    double lowest = 1;
    std::ptrdiff_t unlikely = 0;
    for (std::size_t r = 0; r < l.rows(); ++r) {
      lowest = std::min(lowest, double(p_a(l, r)));
      unlikely += p_a(l, r) < *std::ranges::max_element(l.p[r]);
    }
    if (unlikely >= 2 && unlikely + 2 <= std::ptrdiff_t(l.rows()) && negative >= 2 &&
        negative + 2 <= std::ptrdiff_t(l.rows()) && lowest > 1e-3)
      return l;
  }
}

Print print_of(std::size_t number) {
  return static_cast<Print>(number / 4 % tests::prints);
}

}  // namespace

/// A Gaussian's mistakes: what is injected at mu and at log sigma (or sigma), from a, mu, sigma and w.
struct GaussianPlant {
  const char* name;
  Scalar (*at_mu)(Scalar a, Scalar mu, Scalar sigma);
  Scalar (*at_sigma)(Scalar a, Scalar mu, Scalar sigma);
  bool dsigma = false;  // the output is sigma
  double bonus = 0;     // of the entropy: its gradient is 1 along log sigma
};
Scalar mu_gradient(Scalar a, Scalar mu, Scalar sigma) {
  return (a - mu) / (sigma * sigma);
}
Scalar log_sigma_gradient(Scalar a, Scalar mu, Scalar sigma) {
  return (a - mu) * (a - mu) / (sigma * sigma) - 1;
}
Scalar sigma_gradient(Scalar a, Scalar mu, Scalar sigma) {
  return (a - mu) * (a - mu) / (sigma * sigma * sigma) - 1 / sigma;
}
Scalar none(Scalar, Scalar, Scalar) {
  return 0;
}
const GaussianPlant gaussian_plants[] = {
    {"correct", mu_gradient, log_sigma_gradient},
    {"correct", mu_gradient, sigma_gradient, true},
    {"correct", mu_gradient, log_sigma_gradient, false, 0.05},
    {"correct", mu_gradient, sigma_gradient, true, 0.05},
    {"mu-minus-action", [](Scalar a, Scalar mu, Scalar s) { return (mu - a) / (s * s); }, log_sigma_gradient},
    {"sigma-sign-flipped", mu_gradient,
     [](Scalar a, Scalar mu, Scalar s) { return 1 - (a - mu) * (a - mu) / (s * s); }},
    {"divided-by-sigma-once", [](Scalar a, Scalar mu, Scalar s) { return (a - mu) / s; }, log_sigma_gradient},
    {"not-divided-by-the-variance", [](Scalar a, Scalar mu, Scalar) { return a - mu; }, log_sigma_gradient},
    {"divided-by-the-variance-twice", [](Scalar a, Scalar mu, Scalar s) { return (a - mu) / (s * s * s * s); },
     log_sigma_gradient},
    {"mean-not-subtracted", [](Scalar a, Scalar, Scalar s) { return a / (s * s); }, log_sigma_gradient},
    {"sigma-gradient-for-log-sigma", mu_gradient, sigma_gradient},
    {"log-sigma-gradient-for-sigma", mu_gradient, log_sigma_gradient, true},
    {"log-sigma-term-forgotten", mu_gradient,
     [](Scalar a, Scalar mu, Scalar s) { return (a - mu) * (a - mu) / (s * s); }},
    {"log-sigma-term-with-the-wrong-sign", mu_gradient,
     [](Scalar a, Scalar mu, Scalar s) { return (a - mu) * (a - mu) / (s * s) + 1; }},
    {"reparameterised-sample", none, [](Scalar, Scalar, Scalar) { return Scalar(-1); }},
    {"mean-gets-no-gradient", none, log_sigma_gradient},
    {"sigma-gets-no-gradient", mu_gradient, none},
    {"return-forgotten", mu_gradient, log_sigma_gradient},
    {"return-regressed-on-mu", mu_gradient, log_sigma_gradient},
    {"first-dimension-only", mu_gradient, log_sigma_gradient},
    {"clipped-action", mu_gradient, log_sigma_gradient},
    {"log-density-injected", none, none},
    {"gradient-of-the-density", mu_gradient, log_sigma_gradient},
    {"sigma-not-positive", mu_gradient, log_sigma_gradient},
};

void inject(const GaussianPlant& plant, Learner& l) {
  const std::string name = plant.name;
  for (std::size_t r = 0; r < l.rows(); ++r) {
    Scalar log_density = 0;
    for (std::size_t i = 0; i < l.K; ++i) {
      const Scalar x = (l.actions[r][i] - l.mu[r][i]) / l.sigma[r][i];
      log_density += -x * x / 2 - std::log(l.sigma[r][i]) - Scalar(0.5 * std::log(2 * std::numbers::pi));
    }
    for (std::size_t i = 0; i < l.K; ++i) {
      const Scalar mu = l.mu[r][i], sigma = l.sigma[r][i];
      const Scalar a =
          name == "clipped-action" ? std::clamp(l.actions[r][i], Scalar(-0.8), Scalar(0.7)) : l.actions[r][i];
      const Scalar w = name == "return-forgotten" ? 1 : l.weight[r];
      Scalar &at_mu = l.d[r][i], &at_sigma = l.d[r][l.K + i];
      at_mu = w * plant.at_mu(a, mu, sigma), at_sigma = w * plant.at_sigma(a, mu, sigma);
      at_sigma += Scalar(plant.bonus) / (plant.dsigma ? sigma : Scalar(1));
      if (name == "return-regressed-on-mu") at_mu = w - mu;
      if (name == "first-dimension-only" && i > 0) at_mu = at_sigma = 0;
      if (name == "log-density-injected") at_mu = at_sigma = w * log_density;
      if (name == "gradient-of-the-density") at_mu *= std::exp(log_density), at_sigma *= std::exp(log_density);
    }
  }
  if (name == "sigma-not-positive") l.sigma[1][0] = -l.sigma[1][0];
}

TEST_CASE(
    "every mistake in the injected vector is named, 200 random learners each, in all digits, in six, and rounded") {
  std::size_t cases = 0, wrong = 0, alone = 0;
  std::string confusions;
  std::vector<Learner> learners;
  for (std::size_t number = 0; number < case_count; ++number) learners.push_back(learner(90, number, 2 + number % 9));
  for (const Plant& plant : plants) {
    std::size_t missed = 0;
    for (std::size_t number = 0; number < case_count; ++number) {
      // With two actions every row that sums to 0 is proportional to the right one: there the name would be no
      // evidence.
      const bool needs_three = plant.name == std::string("weight-not-the-one-given") && learners[number].K == 2;
      Learner l = learners[!needs_three ? number : number > 0 ? number - 1 : 1];
      const double scale = number % 4 == 0 ? 1. / double(l.rows()) : number % 4 == 1 ? -1 : 1;
      const bool declared = plant.name == std::string("sign-flipped");
      for (std::size_t r = 0; r < l.rows(); ++r) {
        l.d[r] = plant.inject(l, r);
        for (Scalar& x : l.d[r]) x *= declared ? 1 : Scalar(scale);
      }
      const std::string keys =
          "# gamma: " + fmt::format("{:.2f}", double(l.gamma)) + (declared ? "\n# sign: ascent\n" : "\n");
      const auto verdict = tests::verdict_of(tests::csv(l, print_of(number), {.logits = plant.logits}, keys));
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

TEST_CASE(
    "every mistake at a Gaussian's outputs is named, and the right gradients are told so, 200 random learners each") {
  std::size_t cases = 0, wrong = 0;
  std::string confusions;
  for (const GaussianPlant& plant : gaussian_plants) {
    std::size_t missed = 0;
    for (std::size_t number = 0; number < case_count; ++number) {
      Random rng({94, number});
      Learner l =
          tests::random_gaussian_learner(rng, plant.name == std::string("first-dimension-only") ? 2 : 1 + number % 3);
      inject(plant, l);
      const Scalar scale = number % 4 == 0 ? Scalar(1) / Scalar(l.rows()) : number % 4 == 1 ? Scalar(-1) : Scalar(1);
      for (auto& row : l.d)
        for (Scalar& x : row) x *= scale;
      const auto verdict =
          tests::verdict_of(tests::csv(l, print_of(number), {.reward = false, .dsigma = plant.dsigma}));
      ++cases;
      if (tests::names(verdict, plant.name)) continue;
      ++wrong;
      if (missed++ == 0) confusions += fmt::format("\n{} (case {}): {}", plant.name, number, verdict);
    }
    if (missed > 0) confusions += fmt::format(" [{} of {}]", missed, case_count);
  }
  MESSAGE(std::size(gaussian_plants), " kinds, ", cases, " cases", confusions);
  CHECK(wrong == 0);
}

TEST_CASE("two mistakes at once are at least called wrong") {
  std::size_t correct = 0, cases = 0;
  std::string acquitted;
  for (std::size_t number = 0; number < 5 * case_count; ++number) {
    Random rng({95, number});
    const auto one_of = [&](std::size_t count) { return static_cast<std::size_t>(rng.uniform() * double(count)); };
    Learner l = learner(96, number, 2 + number % 9);
    const Plant &first = plants[one_of(std::size(plants))], &second = plants[one_of(std::size(plants))];
    // One on top of the other: what the first injects is what the second takes for the weight, or for half of the rows.
    const bool halves = number % 2 == 0;
    const std::string name = first.name;
    for (std::size_t r = 0; r < l.rows(); ++r) l.d[r] = (halves && r % 2 == 1 ? second : first).inject(l, r);
    if (!halves) {
      l.weight = tests::returns_by_hand(l, l.gamma / 3);  // the weights are wrong as well
      for (std::size_t r = 0; r < l.rows(); ++r) l.d[r] = first.inject(l, r);
    }
    const auto verdict = tests::verdict_of(
        tests::csv(l, print_of(number), {.logits = first.logits || (halves && second.logits)},
                   fmt::format("# gamma: {:.2f}\n# sign: ascent\n# weights: reward_to_go\n", double(l.gamma))));
    ++cases;
    if (!tests::acquits(verdict)) continue;
    if (++correct <= 10)
      acquitted += fmt::format("\n{}: {} and {}", number, first.name, halves ? second.name : "another gamma");
  }
  MESSAGE(cases, " pairs, ", correct, " called correct", acquitted);
  CHECK(correct == 0);
}

}  // namespace test_diagnose_output
