/// Never falsely sure: right programs in every format are accused of nothing, garbage in every format is never called
/// correct, and a match is counted as evidence by what it foretells.
#include <doctest/doctest.h>
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "rl/diagnose/match.hpp"
#include "rl/diagnose/weights.hpp"
#include "tests/rl/diagnose/cases.hpp"
#include "tests/support.hpp"

namespace test_diagnose_evidence {

using nn::Random;
using nn::Scalar;
using tests::Columns;
using tests::Learner;
using tests::Print;

namespace {

const std::size_t file_count = tests::case_count(tests::count(1000, 200));

std::size_t one_of(Random& rng, std::size_t count) {
  return static_cast<std::size_t>(rng.uniform() * static_cast<double>(count));
}
const char* const formats[] = {"%.2f", "%.3f", "%.4f", "%.6f", "%.8f", "%.3g", "%.4g", "%.6g", "%.8g", "%.6e", "%.17g"};

/// A learner with everything in it, right: what is injected is the score times the weight.
Learner learner(Random& rng, std::string& keys) {
  const bool gaussian = one_of(rng, 4) == 0;
  Learner l = gaussian ? tests::random_gaussian_learner(rng, 1 + one_of(rng, 3))
                       : tests::random_learner(rng, 2 + one_of(rng, 19));
  if (one_of(rng, 3) == 0)
    for (Scalar& r : l.reward) r = static_cast<Scalar>(std::round(double(r) * 10) / 10);
  l.weight = tests::returns_by_hand(l, l.gamma);
  const std::size_t kind = one_of(rng, 4);
  for (std::size_t r = 0; r < l.rows(); ++r)
    if (kind == 1) l.weight[r] -= Scalar(rng.uniform(0, 2));  // a learned baseline
  if (one_of(rng, 2) == 0) keys += fmt::format("# gamma: {:.2f}\n", double(l.gamma));
  if (kind > 1 && one_of(rng, 3) == 0) keys += "# weights: reward_to_go\n";
  for (std::size_t r = 0; r < l.rows(); ++r)
    for (std::size_t k = 0; k < l.K; ++k) {
      if (!gaussian) {
        l.d[r][k] = (Scalar(k == l.action[r]) - l.p[r][k]) * l.weight[r];
        continue;
      }
      const Scalar sigma = l.sigma[r][k], x = (l.actions[r][k] - l.mu[r][k]) / sigma;
      l.d[r][k] = l.weight[r] * x / sigma, l.d[r][l.K + k] = l.weight[r] * (x * x - 1);
    }
  const double scales[] = {1, -1, 1. / double(l.rows()), 1};
  const double scale = scales[one_of(rng, 4)];
  for (auto& row : l.d)
    for (Scalar& x : row) x *= Scalar(scale);
  return l;
}

std::string printed(Random& rng, const Learner& l, const std::string& keys) {
  const Columns columns{.weight = one_of(rng, 3) > 0,
                        .reward = one_of(rng, 3) > 0,
                        .episode = one_of(rng, 4) > 0,
                        .logits = l.mu.empty() && one_of(rng, 4) == 0,
                        .format = formats[one_of(rng, std::size(formats))]};
  return tests::csv(l, Print::all_digits, columns, keys);
}

/// Makes what is injected wrong, in one of the ways in which no right program is.
const char* spoil(Random& rng, Learner& l) {
  const auto all = [&](auto edit) {
    for (std::size_t r = 0; r < l.rows(); ++r)
      for (std::size_t k = 0; k < l.d[r].size(); ++k) l.d[r][k] = edit(r, k);
  };
  switch (one_of(rng, 7)) {
    case 0: all([&](std::size_t, std::size_t) { return Scalar(rng.uniform(-2, 2)); }); return "garbage";
    case 1: all([&](std::size_t, std::size_t) { return Scalar(rng.uniform(0, 1)); }); return "all positive";
    case 2: all([&](std::size_t, std::size_t) { return Scalar(0.1); }); return "one number everywhere";
    case 3:
      all([&](std::size_t r, std::size_t k) { return l.d[r][k] * Scalar(1 + 0.5 * double(k)); });
      return "scaled by column";
    case 4: all([&](std::size_t r, std::size_t k) { return l.d[l.rows() - 1 - r][k]; }); return "rows reversed";
    case 5: all([&](std::size_t r, std::size_t k) { return l.d[r][(k + 1) % l.d[r].size()]; }); return "columns turned";
    default:  // rows that sum to 0
      for (auto& row : l.d) {
        Scalar sum = 0;
        for (Scalar& x : row) sum += x = Scalar(rng.uniform(-2, 2));
        for (Scalar& x : row) x -= sum / Scalar(row.size());
      }
      return "garbage that sums to 0";
  }
}

}  // namespace

TEST_CASE("unrelated numbers agree with a prediction once in ten to the power of the evidence, Eq. (13.1)") {
  Random rng({110, 0});
  const std::size_t trials = tests::case_count(100000);
  std::size_t agreed[4] = {};
  for (std::size_t trial = 0; trial < trials; ++trial) {
    rl::Series got, predicted;
    for (int i = 0; i < 2; ++i) {
      got.emplace_back(rng.uniform(-1, 1), 0.05), predicted.emplace_back(rng.uniform(-1, 1), 0);
    }
    const rl::Match m = rl::match(got, predicted, 0x1p-53, rl::Scale::one);
    for (int digits = 0; digits < 4; ++digits) agreed[digits] += m.agrees && m.digits >= digits;
  }
  CHECK(agreed[0] > 0);
  for (int digits = 1; digits < 4; ++digits)
    CHECK(double(agreed[digits]) <= 2 * double(trials) * std::pow(10., -digits));
  // The more digits, the more evidence; and a free constant takes the best of them.
  const rl::Series one = {{0.5, 1e-3}, {0.7, 1e-3}, {-0.2, 1e-3}}, fine = {{0.5, 1e-6}, {0.7, 1e-6}, {-0.2, 1e-6}};
  CHECK(rl::match(fine, fine, 0x1p-53).digits - rl::match(one, one, 0x1p-53).digits ==
        doctest::Approx(9).epsilon(0.01));
  CHECK(rl::match(fine, fine, 0x1p-53).best > 5);
}

TEST_CASE("right programs in every format, %.2f to %.17g, with and without columns, are accused of nothing") {
  std::size_t accused = 0, sure = 0, open = 0;
  std::string accusations;
  for (std::size_t number = 0; number < file_count; ++number) {
    Random rng({tests::case_seed(111), number});
    std::string keys;
    const Learner l = learner(rng, keys);
    const std::string text = printed(rng, l, keys), verdict = tests::verdict_of(text);
    sure += verdict == "correct", open += verdict.starts_with("cannot tell: ");
    if (!tests::accuses(verdict) || ++accused > 8) continue;
    accusations += fmt::format("\n{}: {}\n{}", number, verdict, text.substr(0, 700));
  }
  MESSAGE(file_count, " right programs: ", sure, " correct, ", file_count - sure - open - accused,
          " correct but for weights that cannot be judged, ", open, " cannot tell, ", accused, " accused", accusations);
  CHECK(accused == 0);
  CHECK(4 * sure > file_count);
}

TEST_CASE("garbage in every format, with and without columns, is never called correct") {
  std::size_t correct = 0, named = 0, misnamed = 0, unknown = 0, files = 0;
  std::string faults;
  for (std::size_t number = 0; number < file_count; ++number) {
    Random rng({tests::case_seed(112), number});
    std::string keys;
    Learner l = learner(rng, keys);
    const auto before = l.d;
    const char* kind = spoil(rng, l);
    double difference = 0, size = 0;  // some of it changes nothing, or only the constant in front
    for (std::size_t r = 0; r < l.rows(); ++r)
      for (std::size_t k = 0; k < l.d[r].size(); ++k) {
        difference = std::max(difference, std::min(std::abs(double(l.d[r][k] - before[r][k])),
                                                   std::abs(double(l.d[r][k] + before[r][k]))));
        size = std::max(size, std::abs(double(before[r][k])));
      }
    if (difference < 0.1 * size) continue;
    const std::string text = printed(rng, l, keys), verdict = tests::verdict_of(text);
    ++files, unknown += verdict == "wrong, cause unknown";
    const bool name = tests::accuses(verdict) && verdict != "wrong, cause unknown";
    const bool wrong_name = name && std::string(kind).find("garbage") != std::string::npos;
    const bool bad_name = wrong_name || (name && kind == std::string("one number everywhere"));
    named += name, misnamed += bad_name, correct += tests::acquits(verdict);
    if (!(tests::acquits(verdict) || bad_name) || correct + misnamed > 8) continue;
    faults += fmt::format("\n{}, {}: {}\n{}", number, kind, verdict, text.substr(0, 700));
  }
  MESSAGE(files, " wrong files: ", unknown, " wrong with an unknown cause, ", named, " named, ",
          files - unknown - named - correct, " cannot tell, ", correct, " correct", faults);
  CHECK(correct == 0);
  CHECK(misnamed == 0);  // random numbers are none of the mistakes
  CHECK(2 * unknown > files);
}

TEST_CASE("an entropy bonus that is known badly is a free number of every row, and proves nothing of its weights") {
  const std::string reversed =  // a right file whose rows of d were turned round
      "# weights: reward_to_go\n"
      "x,episode,action,p0,p1,p2,p3,d0,d1,d2,d3,reward\n"
      "left,0,2,0.13,0.40,0.45,0.01,-0.19,-0.02,-0.02,0.23,1.91\n"
      "left,0,2,0.29,0.22,0.22,0.27,-1.19,-0.11,1.69,-0.39,0.22\n"
      "left,0,0,0.83,0.06,0.08,0.04,-1.16,-0.54,-0.52,2.22,-0.79\n"
      "left,0,3,0.02,0.15,0.11,0.71,-0.01,0.50,-0.47,-0.02,0.13\n"
      "left,1,0,0.68,0.12,0.17,0.03,0.45,-0.17,-0.23,-0.04,0.90\n"
      "left,1,1,0.01,0.43,0.53,0.02,-0.01,0.50,-0.47,-0.02,-0.87\n"
      "left,1,3,0.40,0.19,0.18,0.24,-1.16,-0.54,-0.52,2.22,1.82\n"
      "left,1,2,0.66,0.06,0.06,0.21,-1.19,-0.11,1.69,-0.39,1.40\n"
      "left,1,3,0.28,0.03,0.03,0.66,-0.19,-0.02,-0.02,0.23,0.68\n";
  const std::string open = "cannot tell: too few digits without a column weight";
  CHECK(tests::verdict_of(reversed).starts_with(open));
}

TEST_CASE("rows that do not sum to 0 are wrong, however badly the probabilities are known") {
  Random rng({112, 1521});  // columns scaled: within the error of p, every row finds a weight and a bonus that suit it
  std::string keys;
  Learner l = learner(rng, keys);
  REQUIRE(spoil(rng, l) == std::string("scaled by column"));
  CHECK(tests::verdict_of(printed(rng, l, keys)) == "wrong, cause unknown");
}

TEST_CASE("an epsilon inside the log is named by the rows that foretell it, and not by those that chose it") {
  const std::string chosen =  // two rows choose the line, and the third is too vague to be off it
      "action,p0,p1,d0,d1,weight\n"
      "0,0.8000,0.2000,1.8000,-1.8000,10.0000\n"
      "0,0.4000,0.6000,4.8000,-4.8000,10.0000\n"
      "0,0.6012,0.3988,0.0002,-0.0002,0.0006\n";
  CHECK(tests::verdict_of(chosen) == "wrong, cause unknown");
  const std::string foretold =  // w p_a / (p_a + 0.05) (e - p); the likeliest and the rarest action are known badly
      "action,p0,p1,d0,d1,weight\n"
      "0,0.8000,0.2000,0.3765,-0.3765,2.0000\n"
      "1,0.3000,0.7000,0.4200,-0.4200,-1.5000\n"
      "0,0.5000,0.5000,0.5455,-0.5455,1.2000\n"
      "1,0.5500,0.4500,-1.5345,1.5345,3.1000\n"
      "0,0.6500,0.3500,-0.7150,0.7150,-2.2000\n"
      "1,0.0020,0.9980,-0.0048,0.0048,2.5000\n"
      "0,0.3500,0.6500,0.9669,-0.9669,1.7000\n"
      "0,0.0012,0.9988,0.0211,-0.0211,0.9000\n";
  CHECK(tests::verdict_of(foretold) == "epsilon-inside-the-log");
}

TEST_CASE("a few rows and episodes of a long file refute no mistake that is there") {
  Random rng({tests::case_seed(113), 0});
  Learner l = tests::random_learner(rng, 3, 40);
  REQUIRE(l.rows() > 4 * rl::rows_that_refute);
  for (const char* const format : {"%.17g", "%.4f", "%.3g"}) {
    rl::Samples s = rl::read_samples(tests::csv(l, Print::all_digits, {.format = format}), "long.csv");
    std::size_t asked = 0, few_suffice = 0;
    for (const auto& rules : {rl::right_rules, std::span<const rl::Rule>(rl::catalogue().formulas.weights)})
      for (const rl::Rule& rule : rules) {
        rl::Series w(s.steps);
        rule.predict(s, double(l.gamma), w);
        if (w[0].agrees_with_nothing()) continue;
        const rl::SomeEpisodes some(s, w);
        CHECK_MESSAGE(!some.refute(rule, double(l.gamma)), rule.name, ", ", rule.formula, " in ", format);
        ++asked, few_suffice += some.refute(rl::own_reward, 0);
      }
    CHECK(asked > 30);
    CHECK(2 * few_suffice > asked);
  }
  // Behind the vectors the whole of diagnose is asked.
  std::size_t named = 0;
  for (const rl::Hypothesis& h : rl::catalogue().formulas.output) {
    const rl::Samples s = rl::read_samples(tests::csv(l, Print::all_digits, {.logits = true}), "long.csv");
    const rl::Grid d = rl::predict(s, s.weight, h);
    if (!std::ranges::all_of(d.cells, &rl::Number::known)) continue;
    for (std::size_t r = 0; r < l.rows(); ++r)
      for (std::size_t k = 0; k < l.K; ++k) l.d[r][k] = Scalar(d(r, k).value);
    const auto verdict = tests::verdict_of(tests::csv(l, Print::all_digits, {.logits = true}));
    CHECK_MESSAGE(tests::names(verdict, std::string(h.name)), h.name, ", ", h.formula, ": ", verdict);
    ++named;
  }
  CHECK(named > 40);
}

}  // namespace test_diagnose_evidence
