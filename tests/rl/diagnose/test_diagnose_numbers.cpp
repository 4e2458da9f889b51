/// Numbers that are none, probabilities that are none, and actions that nobody sampled are named; long batches of very
/// certain policies are not accused.
#include <doctest/doctest.h>
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/rl/diagnose/cases.hpp"
#include "tests/support.hpp"

namespace test_diagnose_numbers {

using nn::Random;
using nn::Scalar;
using tests::Columns;
using tests::Learner;
using tests::Print;
using Row = std::vector<Scalar>;

namespace {

const std::size_t case_count = tests::case_count(tests::count(200, 25));
const std::size_t certain_count = tests::case_count(tests::count(300, 100));
constexpr Scalar nan_number = std::numeric_limits<Scalar>::quiet_NaN(),
                 infinity = std::numeric_limits<Scalar>::infinity();

std::size_t one_of(Random& rng, std::size_t count) {
  return static_cast<std::size_t>(rng.uniform() * double(count));
}
void inject(Learner& l) {
  for (std::size_t r = 0; r < l.rows(); ++r)
    for (std::size_t k = 0; k < l.K; ++k) l.d[r][k] = (Scalar(k == l.action[r]) - l.p[r][k]) * l.weight[r];
}
bool finite(const Row& row) {
  return std::ranges::all_of(row, [](Scalar x) { return std::isfinite(x); });
}
/// Softmax of `sharpness` times the logits, as one should write it; and the likeliest action.
std::size_t likeliest(const Row& p) {
  return static_cast<std::size_t>(std::ranges::max_element(p) - p.begin());
}
void sharpen(Learner& l, Scalar sharpness) {
  for (std::size_t r = 0; r < l.rows(); ++r) {
    const Scalar highest = *std::ranges::max_element(l.z[r]);
    Scalar total = 0;
    for (std::size_t k = 0; k < l.K; ++k) total += l.p[r][k] = std::exp(sharpness * (l.z[r][k] - highest));
    for (Scalar& p : l.p[r]) p /= total;
  }
}
/// Minus log10 of the chance that these actions were drawn.
double surprise(const Learner& l) {
  double sum = 0;
  for (std::size_t r = 0; r < l.rows(); ++r) sum -= std::log10(std::max(1e-3, double(l.p[r][l.action[r]])));
  return sum;
}
/// (G - mean) / spread of the rows [first, first + count), as most programs write it: nothing guards the division.
void whiten(Learner& l, std::size_t first, std::size_t count, std::size_t degrees) {
  Scalar mean = 0, square = 0;
  for (std::size_t r = first; r < first + count; ++r) mean += l.weight[r];
  mean /= Scalar(count);
  for (std::size_t r = first; r < first + count; ++r) square += (l.weight[r] - mean) * (l.weight[r] - mean);
  const Scalar spread = std::sqrt(square / Scalar(count - degrees));
  for (std::size_t r = first; r < first + count; ++r) l.weight[r] = (l.weight[r] - mean) / spread;
}

/// Plants a mistake in a learner; false where this one cannot show it, and another is drawn.
struct Plant {
  const char* name;
  bool (*spoil)(Learner& l, Random& rng);
  std::size_t episodes = 0;
  Columns needs{.weight = false, .reward = false, .episode = false};
};

const Plant plants[] = {
    {"softmax-overflows",
     [](Learner& l, Random&) {
       for (std::size_t r = 0; r < l.rows(); ++r) {
         Scalar total = 0;
         for (std::size_t k = 0; k < l.K; ++k) total += l.p[r][k] = std::exp(800 * l.z[r][k]);
         for (Scalar& p : l.p[r]) p /= total;
       }
       inject(l);
       return !std::ranges::all_of(l.p, finite);
     }},
    {"logits-for-probabilities",
     [](Learner& l, Random& rng) {
       for (std::size_t r = 0; r < l.rows(); ++r)
         for (std::size_t k = 0; k < l.K; ++k) l.p[r][k] = l.K % 2 == 0 ? l.z[r][k] : std::exp(l.z[r][k]);
       if (one_of(rng, 2) == 0) inject(l);
       return std::ranges::any_of(
           l.p, [](const Row& p) { return std::ranges::any_of(p, [](Scalar x) { return x < -0.01 || x > 1.01; }); });
     }},
    {"softmax-over-the-batch",
     [](Learner& l, Random&) {
       for (std::size_t k = 0; k < l.K; ++k) {
         Scalar total = 0;
         for (std::size_t r = 0; r < l.rows(); ++r) total += std::exp(l.z[r][k]);
         for (std::size_t r = 0; r < l.rows(); ++r) l.p[r][k] = std::exp(l.z[r][k]) / total;
       }
       inject(l);
       return true;
     }},
    {"probabilities-do-not-sum-to-one",
     [](Learner& l, Random&) {
       for (std::size_t r = 0; r < l.rows(); ++r) {
         const Scalar highest = *std::ranges::max_element(l.z[r]);
         for (std::size_t k = 0; k < l.K; ++k)
           l.p[r][k] = l.rows() % 2 == 0 ? 1 / (1 + std::exp(-l.z[r][k])) : std::exp(l.z[r][k] - highest);
       }
       inject(l);
       return true;
     }},
    {"log-of-zero",  // 0 log 0 in an entropy bonus, or log 0 itself
     [](Learner& l, Random& rng) {
       sharpen(l, 600);
       for (std::size_t r = 0; r < l.rows(); ++r) l.action[r] = likeliest(l.p[r]);
       inject(l);
       const bool entropy = one_of(rng, 2) == 0;
       for (std::size_t r = 0; r < l.rows(); ++r) {
         Scalar H = 0;
         for (const Scalar p : l.p[r]) H -= p * std::log(p);
         for (std::size_t k = 0; k < l.K; ++k)
           l.d[r][k] = entropy ? l.d[r][k] - Scalar(0.05) * l.p[r][k] * (std::log(l.p[r][k]) + H)
                               : l.weight[r] * std::log(l.p[r][k]);
       }
       return !std::ranges::all_of(l.d, finite);
     }},
    {"not-finite",
     [](Learner& l, Random& rng) {
       inject(l);
       const std::size_t row = one_of(rng, l.rows());
       const Scalar bad[] = {nan_number, infinity, -infinity};
       l.d[row][one_of(rng, l.K)] = bad[one_of(rng, 3)];
       return *std::ranges::min_element(l.p[row]) > 1e-5;
     }},
    {"reward-not-finite",
     [](Learner& l, Random& rng) {
       const Scalar bad[] = {nan_number, infinity, -infinity};
       l.reward[one_of(rng, l.rows())] = bad[one_of(rng, 3)];
       l.weight = tests::returns_by_hand(l, l.gamma);
       inject(l);
       return true;
     },
     0,
     {.weight = false, .reward = true, .episode = false}},
    {"weight-not-finite",  // a return that overflows, or a NaN in the middle of an episode
     [](Learner& l, Random& rng) {
       const bool overflow = one_of(rng, 2) == 0;
       const std::size_t first = overflow ? 0 : one_of(rng, l.rows()), last = overflow ? one_of(rng, l.rows()) : first;
       for (std::size_t r = first; r <= last; ++r) l.weight[r] = overflow ? infinity : nan_number;
       inject(l);
       return true;
     },
     0,
     {.weight = true, .reward = false, .episode = true}},
    {"whitened-one-step",
     [](Learner& l, Random&) {
       for (std::size_t r = 1; r < l.rows(); ++r) ++l.episode[r];  // the first step becomes an episode
       l.lengths.insert(l.lengths.begin() + 1, l.lengths[0] - 1), l.lengths[0] = 1;
       l.weight = tests::returns_by_hand(l, l.gamma);
       for (std::size_t e = 0, first = 0; e < l.lengths.size(); first += l.lengths[e++])
         whiten(l, first, l.lengths[e], l.rows() % 2);
       inject(l);
       return true;
     },
     0,
     {.weight = true, .reward = false, .episode = true}},
    {"whitened-equal-returns",
     [](Learner& l, Random& rng) {
       const bool paid = one_of(rng, 2) == 0;  // only at the end, and always the same; or never
       l.gamma = 1;
       for (std::size_t r = 0; r < l.rows(); ++r)
         l.reward[r] = paid && (r + 1 == l.rows() || l.episode[r + 1] != l.episode[r]) ? Scalar(l.K) : 0;
       l.weight = tests::returns_by_hand(l, l.gamma);
       whiten(l, 0, l.rows(), l.rows() % 2);
       inject(l);
       return true;
     },
     0,
     {.weight = true, .reward = false, .episode = false}},
    {"acting-by-argmax",
     [](Learner& l, Random&) {
       for (std::size_t r = 0; r < l.rows(); ++r) l.action[r] = likeliest(l.p[r]);
       inject(l);
       return surprise(l) > 12.1;
     },
     10},
    {"same-action-for-ever",
     [](Learner& l, Random& rng) {
       std::ranges::fill(l.action, one_of(rng, l.K));
       inject(l);
       return surprise(l) > 12.1;
     },
     6},
};

}  // namespace

TEST_CASE(
    "every mistake in numbers and samples is named, 200 random learners each, in all digits, in six, and rounded") {
  std::size_t cases = 0, wrong = 0, alone = 0, drawn = 0;
  std::string confusions;
  for (const Plant& plant : plants) {
    std::size_t missed = 0;
    for (std::size_t number = 0; number < case_count; ++number) {
      Learner l;
      Random rng({101, number});
      do l = tests::random_learner(rng, 2 + number % 9, plant.episodes), ++drawn;
      while (!plant.spoil(l, rng));
      const Columns columns{.weight = plant.needs.weight || one_of(rng, 2) == 0,
                            .reward = plant.needs.reward || one_of(rng, 2) == 0,
                            .episode = plant.needs.episode || one_of(rng, 2) == 0};
      const std::string keys = one_of(rng, 2) == 0 ? fmt::format("# gamma: {:.2f}\n", double(l.gamma)) : "";
      const auto verdict = tests::verdict_of(tests::csv(l, Print(number % tests::prints), columns, keys));
      ++cases, alone += verdict == plant.name;
      if (tests::names(verdict, plant.name)) continue;
      ++wrong;
      if (missed++ == 0) confusions += fmt::format("\n{} (case {}): {}", plant.name, number, verdict);
    }
    if (missed > 0) confusions += fmt::format(" [{} of {}]", missed, case_count);
  }
  MESSAGE(std::size(plants), " mistakes, ", cases, " cases of ", drawn, " drawn, ", alone, " named alone", confusions);
  CHECK(wrong == 0);
}

TEST_CASE("a mean, a spread or an action of a Gaussian that is no number is named") {
  std::size_t wrong = 0;
  for (std::size_t number = 0; number < case_count; ++number) {
    Random rng({102, number});
    Learner l = tests::random_gaussian_learner(rng, 1 + number % 3);
    auto& numbers = number % 3 == 0 ? l.mu : number % 3 == 1 ? l.sigma : l.actions;
    numbers[one_of(rng, l.rows())][0] = one_of(rng, 2) == 0 ? nan_number : infinity;
    wrong += tests::verdict_of(tests::csv(l, Print(one_of(rng, tests::prints)), {.reward = false})) != "not-finite";
  }
  CHECK(wrong == 0);
}

TEST_CASE("right programs with long batches and policies up to certainty are accused of no way of acting") {
  std::size_t accused = 0, same = 0;
  std::string accusations;
  for (std::size_t number = 0; number < certain_count; ++number) {
    Random rng({103, number});
    Learner l = tests::random_learner(rng, 2 + number % 9, 1 + one_of(rng, 10));
    const Scalar favourite = number % 3 == 0 ? 4 : 0;  // the same in every state
    for (Row& z : l.z) z[0] += favourite;
    sharpen(l, static_cast<Scalar>(rng.uniform(0, 12)));
    for (std::size_t r = 0; r < l.rows(); ++r) {
      const double u = rng.uniform();
      double sum = 0;
      l.action[r] = likeliest(l.p[r]);
      for (std::size_t k = l.K; k-- > 0;)
        if (u >= 1 - (sum += double(l.p[r][k]))) {
          l.action[r] = k;
          break;
        }
    }
    inject(l);
    same += std::ranges::count(l.action, l.action[0]) == std::ptrdiff_t(l.rows());
    const auto verdict = tests::verdict_of(tests::csv(l, Print(one_of(rng, tests::prints)), {.reward = number % 2 == 0},
                                                      fmt::format("# gamma: {:.2f}\n", double(l.gamma))));
    if (!tests::accuses(verdict)) continue;
    if (++accused <= 5) accusations += fmt::format("\n{} ({} rows): {}", number, l.rows(), verdict);
  }
  MESSAGE(certain_count, " right programs, ", same, " of them with one action only, ", accused, " accused",
          accusations);
  CHECK(accused == 0);
}

}  // namespace test_diagnose_numbers
