/// What a right program has beside, or in place of, the plain score: a bonus, a distance to a reference, a ratio, a
/// clamp. In every format and with whatever columns, it is accused of nothing; and what is not right is not acquitted
/// by the numbers that such a term is free to choose.
#include <doctest/doctest.h>
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "rl/diagnose/diagnose.hpp"
#include "tests/rl/diagnose/cases.hpp"
#include "tests/support.hpp"

namespace test_diagnose_beside {

using nn::Random;
using nn::Scalar;
using tests::Learner;
using tests::Print;

namespace {

const std::size_t file_count = tests::case_count(tests::count(400, 100));
const char* const formats[] = {"%.2f", "%.3f", "%.4f", "%.5g", "%.6f", "%.8g", "%.17g", "%.6e"};

std::size_t one_of(Random& rng, std::size_t count) {
  return static_cast<std::size_t>(rng.uniform() * static_cast<double>(count));
}

void inject_score(Learner& l) {
  for (std::size_t r = 0; r < l.rows(); ++r)
    for (std::size_t k = 0; k < l.K; ++k) l.d[r][k] = (Scalar(k == l.action[r]) - l.p[r][k]) * l.weight[r];
}

/// Softmax of the logits, each moved by a number up to `size`.
std::vector<std::vector<Scalar>> near_policy(const Learner& l, Random& rng, double size) {
  auto result = l.z;
  for (auto& row : result) {
    Scalar sum = 0;
    for (Scalar& x : row) sum += x = std::exp(x + Scalar(rng.uniform(-size, size)));
    for (Scalar& x : row) x /= sum;
  }
  return result;
}

void add_bonus(Learner& l, Random& rng) {
  const double bonus = one_of(rng, 2) == 0 ? 0.05 : 0.01;
  for (std::size_t r = 0; r < l.rows(); ++r) {
    double H = 0;
    for (const Scalar p : l.p[r]) H -= p > 0 ? double(p) * std::log(double(p)) : 0;
    for (std::size_t k = 0; k < l.K; ++k)
      if (const double p = double(l.p[r][k]); p > 0) l.d[r][k] -= Scalar(bonus * p * (std::log(p) + H));
  }
}
void add_distance(Learner& l, Random& rng) {
  l.ref = near_policy(l, rng, 0.8);
  for (std::size_t r = 0; r < l.rows(); ++r) {
    Scalar distance = 0;
    for (std::size_t k = 0; k < l.K; ++k) distance += l.p[r][k] * std::log(l.p[r][k] / l.ref[r][k]);
    for (std::size_t k = 0; k < l.K; ++k)
      l.d[r][k] -= Scalar(0.1) * l.p[r][k] * (std::log(l.p[r][k] / l.ref[r][k]) - distance);
  }
}
void multiply_by_ratio(Learner& l, Random& rng) {
  l.ref = near_policy(l, rng, 0.4);
  for (std::size_t r = 0; r < l.rows(); ++r) {
    const Scalar ratio = l.p[r][l.action[r]] / l.ref[r][l.action[r]], w = l.weight[r];
    const bool cut = w > 0 ? ratio > Scalar(1.2) : ratio < Scalar(0.8);
    for (Scalar& x : l.d[r]) x *= (cut ? 0 : ratio) / Scalar(l.rows());
  }
}
/// Of a Gaussian: sigma is clamped to [0.5, 1], and gets no gradient where that changes it; or a bonus.
void inject_gaussian(Learner& l, bool clamp) {
  for (std::size_t r = 0; r < l.rows(); ++r)
    for (std::size_t i = 0; i < l.K; ++i) {
      const Scalar raw = l.sigma[r][i], sigma = clamp ? std::clamp(raw, Scalar(0.5), Scalar(1)) : raw;
      l.actions[r][i] = l.mu[r][i] + (l.actions[r][i] - l.mu[r][i]) * sigma / raw;
      const Scalar x = (l.actions[r][i] - l.mu[r][i]) / sigma;
      l.d[r][i] = l.weight[r] * x / sigma;
      l.d[r][l.K + i] = sigma != raw ? 0 : l.weight[r] * (x * x - 1) + (clamp ? 0 : Scalar(0.05));
    }
}

Learner right_learner(Random& rng, std::size_t kind) {
  const bool gaussian = kind > 2;
  Learner l = gaussian ? tests::random_gaussian_learner(rng, 1 + one_of(rng, 3))
                       : tests::random_learner(rng, 2 + one_of(rng, 5));
  l.weight = tests::returns_by_hand(l, l.gamma);
  if (gaussian) {
    inject_gaussian(l, kind == 3);
    return l;
  }
  inject_score(l);
  kind == 0 ? add_bonus(l, rng) : kind == 1 ? add_distance(l, rng) : multiply_by_ratio(l, rng);
  return l;
}

}  // namespace

TEST_CASE("an entropy bonus, a KL penalty, a ratio, a clamp: right in every format, whatever columns there are") {
  const char* const kinds[] = {"entropy bonus", "KL penalty", "ratio", "clamped sigma", "Gaussian entropy bonus"};
  for (std::size_t kind = 0; kind < std::size(kinds); ++kind) {
    std::size_t accused = 0, sure = 0;
    std::string accusations;
    for (std::size_t number = 0; number < file_count; ++number) {
      Random rng({tests::case_seed(114) + kind, number});
      const Learner l = right_learner(rng, kind);
      const bool weight = kind == 2 || one_of(rng, 2) == 0;  // a ratio is nothing that rewards tell
      const std::string keys = one_of(rng, 2) == 0 ? fmt::format("# gamma: {:.2f}\n", double(l.gamma)) : "";
      const char* const format = formats[one_of(rng, std::size(formats))];
      const std::string text =
          tests::csv(l, Print::all_digits, {.weight = weight, .reward = one_of(rng, 2) == 0, .format = format}, keys);
      const std::string verdict = tests::verdict_of(text);
      sure += tests::acquits(verdict);
      if (!tests::accuses(verdict) || ++accused > 4) continue;
      accusations += fmt::format("\n{}, {}: {}\n{}", number, format, verdict, text.substr(0, 600));
    }
    MESSAGE(std::string(kinds[kind]), ": ", file_count, " right files, ", sure, " acquitted, ", accused, " accused",
            accusations);
    CHECK(accused == 0);
    CHECK(3 * sure > file_count);
  }
}

TEST_CASE("two episodes and two free numbers: a weight that is one number an episode is no return for that") {
  std::size_t files = 0;
  for (std::size_t number = 0; number < file_count; ++number) {
    Random rng({tests::case_seed(119), number});
    Learner l = tests::random_learner(rng, 2 + one_of(rng, 5), 2);
    for (std::size_t r = l.rows(); r-- > 0;)  // the last reward of the episode
      l.weight[r] = r + 1 == l.rows() || l.episode[r + 1] != l.episode[r] ? l.reward[r] : l.weight[r + 1];
    inject_score(l);
    const char* const format = formats[one_of(rng, std::size(formats))];
    const std::string verdict = tests::verdict_of(tests::csv(
        l, Print::all_digits, {.weight = number % 2 == 0, .format = format}, fmt::format("# gamma: {}\n", l.gamma)));
    CHECK_MESSAGE(verdict != "correct", number, " in ", std::string(format));
    ++files;
  }
  CHECK(files == file_count);
}

TEST_CASE("a decay of the logits is no entropy bonus, however few digits there are") {
  std::size_t open = 0;
  for (std::size_t number = 0; number < file_count; ++number) {
    Random rng({tests::case_seed(120), number});
    Learner l = tests::random_learner(rng, 3 + one_of(rng, 4));
    l.weight = tests::returns_by_hand(l, l.gamma);
    inject_score(l);
    double largest = 0;
    for (std::size_t r = 0; r < l.rows(); ++r)
      for (std::size_t k = 0; k < l.K; ++k) {
        l.d[r][k] -= Scalar(0.1) * l.z[r][k];
        largest = std::max(largest, std::abs(0.1 * double(l.z[r][k])));
      }
    const char* const format = formats[one_of(rng, std::size(formats))];
    const std::string verdict = tests::verdict_of(tests::csv(l, Print::all_digits, {.format = format}));
    if (largest > 0.1) CHECK_MESSAGE(!tests::acquits(verdict), number, " in ", std::string(format), ": ", verdict);
    open += !tests::accuses(verdict);
  }
  CHECK(5 * open < file_count);
}

TEST_CASE("rows clipped by their length are not named as clipped entry by entry, which two actions cannot show") {
  std::size_t clipped = 0;
  for (std::size_t number = 0; number < file_count / 4; ++number) {
    Random rng({tests::case_seed(121), number});
    Learner l = tests::random_learner(rng, 2);
    l.weight = tests::returns_by_hand(l, l.gamma);
    inject_score(l);
    for (auto& row : l.d) {
      const Scalar length = std::sqrt(row[0] * row[0] + row[1] * row[1]);
      for (Scalar& x : row) x *= length > Scalar(0.5) ? Scalar(0.5) / length : 1;
      clipped += length > Scalar(0.5);
    }
    CHECK(!tests::names(tests::verdict_of(tests::csv(l, Print::all_digits)), "clipped-entry-by-entry"));
  }
  CHECK(clipped > file_count / 4);
}

TEST_CASE("rows made as long as one another: their length is said, and no rounding assumed that explains nothing") {
  std::size_t judged = 0;
  for (std::size_t number = 0; number < file_count / 4; ++number) {
    Random rng({tests::case_seed(124), number});
    Learner l = tests::random_learner(rng, 3 + one_of(rng, 4));
    for (Scalar& r : l.reward) r = std::round(10 * r) / 10;
    l.weight = tests::returns_by_hand(l, l.gamma);
    inject_score(l);
    for (auto& row : l.d) {
      Scalar square = 0;
      for (const Scalar x : row) square += x * x;
      for (Scalar& x : row) x /= square > 0 ? std::sqrt(square) : 1;
    }
    const std::string text = tests::csv(l, Print::all_digits, {.format = "%.8g"});
    const std::string report = rl::report(rl::diagnose(rl::read_samples(text, "my.csv")));
    if (report.find("verdict: cannot tell") != report.npos) continue;  // of few rows, vague rewards explain many
    CHECK_MESSAGE(report.find("rows have the length 1 ") != report.npos, report);
    CHECK_MESSAGE(report.find("assumed") == report.npos, report);
    ++judged;
  }
  CHECK(10 * judged > 9 * (file_count / 4));
}

TEST_CASE(
    "whole numbers in place of the vector are no penalty, which keeps the sum of a row: no columns ref are asked for") {
  std::size_t asked = 0;
  for (std::size_t number = 0; number < file_count; ++number) {
    Random rng({tests::case_seed(125), number});
    Learner l = tests::random_learner(rng, 3 + one_of(rng, 4));
    for (Scalar& w : l.weight) w *= 10;
    inject_score(l);
    for (auto& row : l.d)
      for (Scalar& x : row) x = std::trunc(x);
    const auto diagnosis = rl::diagnose(rl::read_samples(tests::csv(l, Print::all_digits), "my.csv"));
    CHECK(!tests::acquits(diagnosis.verdict()));
    asked += rl::report(diagnosis).find("ref0, ref1") != std::string::npos;
  }
  CHECK(20 * asked < file_count);  // where they sum to 0 all the same
}

TEST_CASE("the uniform policy in place of p is not a smoothed label, with a number that no program has") {
  for (std::size_t number = 0; number < file_count / 4; ++number) {
    Random rng({tests::case_seed(122), number});
    Learner l = tests::random_learner(rng, 3 + one_of(rng, 4));
    l.weight = tests::returns_by_hand(l, l.gamma);
    for (std::size_t r = 0; r < l.rows(); ++r)
      for (std::size_t k = 0; k < l.K; ++k)
        l.d[r][k] = (Scalar(k == l.action[r]) - Scalar(1) / Scalar(l.K)) * l.weight[r];
    CHECK(!tests::names(tests::verdict_of(tests::csv(l, Print::all_digits, {.format = "%.2f"})), "label-smoothed"));
  }
}

TEST_CASE("a gamma that the digits do not tell from the one of the file accuses nobody, and acquits nobody") {
  std::size_t told = 0;
  for (std::size_t number = 0; number < file_count; ++number) {
    Random rng({tests::case_seed(123), number});
    Learner l = tests::random_learner(rng, 3, 3);
    l.weight = tests::returns_by_hand(l, 1);
    inject_score(l);
    const std::string verdict =
        tests::verdict_of(tests::csv(l, Print::all_digits, {.format = "%.2f"}, "# gamma: 0.99\n"));
    told += tests::accuses(verdict);
    CHECK_MESSAGE(verdict != "correct", number);
  }
  CHECK(told > 0);
}

}  // namespace test_diagnose_beside
