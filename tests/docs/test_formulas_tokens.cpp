/// The formulas of docs/16-tokens-are-actions.md, one by one.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <vector>

#include "nn/arithmetic/vector_ops.hpp"
#include "nn/gradient_check.hpp"
#include "nn/softmax.hpp"
#include "rl/categorical.hpp"
#include "rl/oracle/token_estimators.hpp"
#include "tests/support.hpp"

namespace test_formulas_tokens {

using nn::Scalar, nn::Vector;
using rl::Advantage, rl::TokenSequence;
using tests::distance;

namespace {

nn::Network tabular(std::uint64_t seed) {
  nn::Random rng(seed);
  return {{7, 3}, nn::Activation::identity, rng, 2};
}
rl::TokenOracle oracle_of(std::size_t reward) {
  return {tabular(3), tabular(4), rl::token_rewards()[reward].of};
}
/// The mean of  sum_t weight(x, t) * grad log pi  over sequences with the log-ratios x.
std::vector<double> mean_of(const rl::TokenOracle& oracle,
                            const std::function<double(const Vector&, std::size_t)>& weight) {
  return oracle
      .moments(1,
               [&](const rl::TokenGroup& group, rl::VectorView w) {
                 for (std::size_t t = 0; t < w.size(); ++t) w[t] = static_cast<Scalar>(weight(group.log_ratios, t));
               })
      .mean;
}
Vector advantages(Vector returns, std::size_t group, Advantage kind) {
  rl::group_advantages(returns, group, kind, returns);
  return returns;
}
double sum_from(const Vector& x, std::size_t t, rl::KlEstimator estimator) {
  double sum = 0;
  for (; t < x.size(); ++t) sum += double(rl::kl_estimate(estimator, x[t]));
  return sum;
}

}  // namespace

TEST_CASE("what pretraining injects is the derivative of the log-likelihood, one_hot minus probs") {  // Eq. (16.1)
  Vector z = {Scalar(0.3), -1, Scalar(0.8)}, injected(3);
  const int letter = 1;
  const Scalar one = 1;
  const auto log_prob = [&] {
    Vector log_p = z;
    nn::log_softmax({z.data(), 3, 1}, {log_p.data(), 3, 1});
    return log_p[1];
  };
  rl::Categorical().weighted_score({z.data(), 3, 1}, {&letter, 1}, {&one, 1}, {injected.data(), 3, 1});
  CHECK(nn::max_gradient_error(z, injected, log_prob) < 1e-9);
}

// Eq. (16.2)
TEST_CASE("the gradient of the expected reward is the mean of the reward times the scores of all tokens") {
  for (const std::size_t reward : {0u, 1u, 2u}) {
    const rl::TokenOracle oracle = oracle_of(reward);
    const auto mean = oracle.moments(1, [](const rl::TokenGroup& group, rl::VectorView w) {
      nn::fill(w, group.rewards.back());  // the same for every token
    });
    CHECK(distance(mean.mean, oracle.gradient()) < 1e-14);
  }
}

// Eq. (16.3), (16.4)
TEST_CASE("the mean of the others is n / (n - 1) times the mean of all, and in a group mean a share of 1 / n is lost") {
  const Vector R = {2, Scalar(-0.5), 1, Scalar(0.25)};
  const Vector rloo = advantages(R, 4, Advantage::rloo), mean = advantages(R, 4, Advantage::group_mean);
  for (std::size_t i = 0; i < 4; ++i) {
    double others = 0;
    for (std::size_t j = 0; j < 4; ++j) others += j == i ? 0 : double(R[j]) / 3;
    CHECK(double(rloo[i]) == doctest::Approx(double(R[i]) - others).epsilon(1e-14));
    CHECK(double(rloo[i]) == doctest::Approx(4. / 3 * double(mean[i])).epsilon(1e-14));
  }
}

TEST_CASE(
    "GRPO divides by the standard deviation of the group, and groups know nothing of one another") {  // Eq. (16.5)
  const Vector A = advantages({3, 1, 10, 10}, 2, Advantage::grpo);
  const double s = std::sqrt(2.);  // of 3 and 1, with n - 1
  CHECK(double(A[0]) == doctest::Approx(1 / (s + 1e-4)).epsilon(1e-14));
  CHECK(double(A[1]) == doctest::Approx(-1 / (s + 1e-4)).epsilon(1e-14));
  CHECK(A[2] == 0);
  CHECK(A[3] == 0);
}

// Eq. (16.6)
TEST_CASE("with a reward of 0 or 1 any function of the group's returns gives the gradient times one number") {
  const rl::TokenOracle oracle = oracle_of(0);
  const double p = oracle.J();
  for (const std::size_t n : {2u, 3u, 4u}) {
    double c = 0, ways = 1;  // E[A | 1] - E[A | 0], over the k of the n - 1 others that succeed
    for (std::size_t k = 0; k < n; ++k) {
      Vector fails(n), succeeds(n);
      for (std::size_t i = 1; i <= k; ++i) fails[i] = succeeds[i] = 1;
      succeeds[0] = 1;
      const double chance = ways * std::pow(p, double(k)) * std::pow(1 - p, double(n - 1 - k));
      c += chance * double(advantages(succeeds, n, Advantage::grpo)[0] - advantages(fails, n, Advantage::grpo)[0]);
      ways *= double(n - 1 - k) / double(k + 1);
    }
    std::vector<double> mean;
    for (const rl::TokenEstimator& estimator : rl::token_estimators())
      if (estimator.name == "GRPO, n - 1, without the length") mean = rl::moments(oracle, estimator, n).mean;
    std::vector<double> expected = oracle.gradient();
    for (double& value : expected) value *= c;
    CHECK(distance(mean, expected) < 1e-13);
    CHECK(c > 0.5);
  }
}

TEST_CASE("the four divisors of a token: episodes, own length, tokens of the batch, a constant") {  // Eq. (16.7)
  const std::vector<rl::Episode> words = {{0, 1, true, false}, {1, 3, true, false}};
  const auto shares = [&](rl::LengthNormalisation kind) {
    Vector result(4);
    rl::length_shares(words, kind, 5, result);
    return result;
  };
  CHECK(shares(rl::LengthNormalisation::none) == Vector(4, Scalar(1) / 2));
  CHECK(shares(rl::LengthNormalisation::own) == Vector{Scalar(1) / 2, Scalar(1) / 6, Scalar(1) / 6, Scalar(1) / 6});
  CHECK(shares(rl::LengthNormalisation::batch) == Vector(4, Scalar(1) / 4));
  CHECK(shares(rl::LengthNormalisation::constant) == Vector(4, Scalar(1) / 10));
}

TEST_CASE(
    "k1 and k3 are KL on average, k3 is never negative, and k2 is near KL where the policies are") {  // Eq. (16.8)
  const rl::TokenOracle oracle = oracle_of(0);
  double k1 = 0, k2 = 0, k3 = 0;
  for (const TokenSequence& y : oracle.sequences())
    for (std::size_t t = 0; t < y.length; ++t) {
      const Scalar x = y.log_prob[t] - y.ref_log_prob[t];
      k1 += y.probability * double(rl::kl_estimate(rl::KlEstimator::k1, x));
      k2 += y.probability * double(rl::kl_estimate(rl::KlEstimator::k2, x));
      k3 += y.probability * double(rl::kl_estimate(rl::KlEstimator::k3, x));
      CHECK(rl::kl_estimate(rl::KlEstimator::k3, x) >= 0);
    }
  CHECK(k1 == doctest::Approx(oracle.kl()).epsilon(1e-13));
  CHECK(k3 == doctest::Approx(oracle.kl()).epsilon(1e-13));
  CHECK(std::abs(k2 - oracle.kl()) > 0.01);
  for (const double h : {0.1, 0.01})  // of third order
    CHECK(std::abs(double(rl::kl_estimate(rl::KlEstimator::k2, Scalar(h)) -
                          rl::kl_estimate(rl::KlEstimator::k3, Scalar(h)))) < h * h * h);
}

TEST_CASE(
    "who divides by the own length climbs the mean of (R - b) / T, with b fixed at the mean reward") {  // Eq. (16.7)
  for (const std::size_t reward : {0u, 2u}) {
    const rl::TokenOracle oracle = oracle_of(reward);
    const rl::TokenOracle per_token(tabular(3), tabular(4), [&](const TokenSequence& y) {
      return (rl::token_rewards()[reward].of(y) - oracle.J()) / double(y.length);
    });
    for (const rl::TokenEstimator& estimator : rl::token_estimators())
      if (estimator.name == "RLOO / own length")
        CHECK(distance(rl::moments(oracle, estimator, 3).mean, per_token.gradient()) < 1e-14);
    CHECK(distance(oracle.gradient(), per_token.gradient()) > 0.02);
  }
}

// Eq. (16.9)
TEST_CASE("the gradient of KL is the mean of the log-ratios from the token on, times its score") {
  const rl::TokenOracle oracle = oracle_of(0);
  const auto to_go =
      mean_of(oracle, [](const Vector& x, std::size_t t) { return sum_from(x, t, rl::KlEstimator::k1); });
  const auto whole = mean_of(oracle, [](const Vector& x, std::size_t) { return sum_from(x, 0, rl::KlEstimator::k1); });
  CHECK(distance(to_go, oracle.kl_gradient()) < 1e-14);
  CHECK(distance(whole, oracle.kl_gradient()) < 1e-14);
}

TEST_CASE("the slope of an estimate is its derivative along the log-ratio: 1, x and 1 - exp(-x)") {  // Eq. (16.10)
  for (const auto estimator : {rl::KlEstimator::k1, rl::KlEstimator::k2, rl::KlEstimator::k3})
    for (const double x : {-2., -0.3, 0., 0.7, 3.}) {
      const double h = 1e-5;
      const double quotient =
          double(rl::kl_estimate(estimator, Scalar(x + h)) - rl::kl_estimate(estimator, Scalar(x - h))) / (2 * h);
      CHECK(double(rl::kl_slope(estimator, Scalar(x))) == doctest::Approx(quotient).epsilon(1e-8));
    }
}

// Eq. (16.11)
TEST_CASE(
    "the gradient of a mean has two halves: k3 in the reward and k3 in the loss together are right, alone neither") {
  const rl::TokenOracle oracle = oracle_of(0);
  const auto reward = [](const Vector& x, std::size_t t) { return sum_from(x, t, rl::KlEstimator::k3); };
  const auto loss = [](const Vector& x, std::size_t t) { return double(rl::kl_slope(rl::KlEstimator::k3, x[t])); };
  const auto both = mean_of(oracle, [&](const Vector& x, std::size_t t) { return reward(x, t) + loss(x, t); });
  CHECK(distance(both, oracle.kl_gradient()) < 1e-14);
  CHECK(distance(mean_of(oracle, reward), oracle.kl_gradient()) > 0.05);
  CHECK(distance(mean_of(oracle, loss), oracle.kl_gradient()) > 0.02);
}

}  // namespace test_formulas_tokens
