#include <doctest/doctest.h>

#include <cmath>
#include <iterator>
#include <map>
#include <span>
#include <stdexcept>

#include "nn/arithmetic/vector_ops.hpp"
#include "nn/gradient_check.hpp"
#include "rl/oracle/estimators.hpp"
#include "rl/oracle/oracle.hpp"
#include "rl/returns.hpp"
#include "tests/support.hpp"

namespace test_oracle {

namespace {

using rl::Bias;
using rl::Oracle;
using rl::Scalar;
using tests::distance;
using tests::length;
using tests::within;

constexpr const envs::TinyWorld* worlds[] = {&envs::dense_world, &envs::delayed_world, &envs::early_end_world};
constexpr std::span<const envs::TinyWorld* const> of_three_steps(worlds, 2);
/// Where the 216^2 pairs of episodes are added up: in one world where every instruction is watched.
std::span<const envs::TinyWorld* const> of_pairs(std::span<const envs::TinyWorld* const> all) {
  return all.last(tests::count(all.size(), std::size_t(1)));
}
constexpr Scalar gammas[] = {1, Scalar(0.9)};

/// One number per state and action, and no hidden layer in the way; or a layer of 4.
nn::Network tabular() {
  nn::Random rng(7);
  return {{3, 2}, nn::Activation::identity, rng, 2};
}
nn::Network hidden() {
  nn::Random rng(8);
  return {{3, 4, 2}, nn::Activation::tanh, rng, 2};
}

const rl::Estimator& named(std::string_view name) {
  for (const rl::Estimator& estimator : rl::estimators())
    if (estimator.name == name) return estimator;
  throw std::invalid_argument("no estimator has this name");
}
double variance(Oracle& oracle, std::string_view name) {
  return rl::moments(oracle, named(name)).variance;
}

}  // namespace

TEST_CASE("a tiny world has 216 trajectories, 66 where one action ends them, and their probabilities sum to 1") {
  nn::Network policy = hidden();
  for (const auto* world : worlds) {
    const bool early = world == &envs::early_end_world;
    const auto trajectories = rl::enumerate(*world, policy);
    CHECK(trajectories.size() == (early ? 66 : 216));
    double total = 0;
    for (const rl::Trajectory& tau : trajectories) {
      total += tau.probability;
      std::size_t length = 3;
      for (std::size_t t = 3; early && t-- > 0;)
        if (tau.actions[t] == 1 && t < tau.length) length = t + 1;
      CHECK(tau.length == length);
    }
    CHECK(std::abs(total - 1) < within(1e-14, 1e-6));
  }
}

TEST_CASE("an update that divides by a number of steps climbs the other way where episodes differ in length") {
  nn::Network policy = tabular();
  const auto cosine = [&](const envs::TinyWorld& world, std::string_view name) {
    Oracle oracle(world, policy, 1);
    return rl::judge(rl::moments(oracle, named(name)), oracle.gradient()).cosine;
  };
  const auto close = [](double x) { return doctest::Approx(x).epsilon(1e-3); };
  const char *own = "G_t divided by the episode's length", *batch = "G_t divided by the batch's steps";
  CHECK(cosine(envs::early_end_world, own) == close(-0.896));
  CHECK(cosine(envs::early_end_world, batch) == close(-0.681));
  for (const auto* world : of_pairs(of_three_steps))  // where every episode has three, it is a number and no more
    for (const char* name : {own, batch}) CHECK(cosine(*world, name) == doctest::Approx(1));
}

TEST_CASE("exact advantages, standardized, no longer point along the gradient; in a larger batch more nearly so") {
  nn::Network policy = tabular();
  double one = 0, two = 0;
  for (const auto* world : of_pairs(worlds)) {
    Oracle oracle(*world, policy, 1);
    const auto cosine = [&](std::string_view name) {
      return rl::judge(rl::moments(oracle, named(name)), oracle.gradient()).cosine;
    };
    one = cosine("A_t standardized in the episode"), two = cosine("A_t standardized in the batch");
    CHECK(one < 0.999);
    CHECK(two > one);
    CHECK(two < 0.99999);
  }
  CHECK(one == doctest::Approx(0.925).epsilon(1e-3));  // of the last of them, whose episodes differ in length
  CHECK(two == doctest::Approx(0.991).epsilon(1e-3));
}

TEST_CASE("the exact gradient equals the central differences of J") {
  for (nn::Network policy : {tabular(), hidden()})
    for (const auto* world : worlds)
      for (const Scalar gamma : gammas) {
        const auto gradient = Oracle(*world, policy, gamma).gradient();
        const nn::Vector g(gradient.begin(), gradient.end());
        const auto J = [&] { return rl::expected_return(*world, policy, static_cast<double>(gamma)); };
        CHECK(nn::max_gradient_error(policy.parameters(), g, J) < within(1e-9, 1e-3));
        CHECK(length(gradient) > 0.05);  // zeros would agree with zeros
      }
}

TEST_CASE("j is the value of the first state") {
  nn::Network policy = hidden();
  for (const auto* world : worlds)
    for (const Scalar gamma : gammas) {
      const Oracle oracle(*world, policy, gamma);
      double J = 0;
      for (std::size_t s = 0; s < 3; ++s) J += world->initial[s] * oracle.value(0, s);
      CHECK(std::abs(oracle.J() - J) < within(1e-14, 1e-6));
    }
}

TEST_CASE("the expected score is 0: with the return forgotten, nothing is learned on average") {
  for (nn::Network policy : {tabular(), hidden()})
    for (const auto* world : worlds) {
      Oracle oracle(*world, policy, 1);
      const auto found = rl::moments(oracle, named("1, the return forgotten"));
      CHECK(length(found.mean) < within(1e-15, 1e-6));
      CHECK(found.variance > 0.1);  // though every single episode moves the policy
    }
}

TEST_CASE("every estimator is right or wrong on average as its line in the table says") {
  nn::Network policy = tabular();
  std::map<std::string_view, double> largest[2];  // error of the wrong ones, over the worlds
  for (const auto* world : worlds)
    for (const Scalar gamma : gammas) {
      Oracle oracle(*world, policy, gamma);
      for (const rl::Estimator& estimator : rl::estimators()) {
        if (estimator.episodes > 1 && std::ranges::count(of_pairs(worlds), world) == 0) continue;
        if (estimator.episodes > 1 && ((world == worlds[0] && gamma < 1) || (world == worlds[1] && gamma == 1)))
          continue;  // slow: each world and each gamma once, the small one with both
        const Bias expected = gamma < 1 ? estimator.discounted : estimator.undiscounted;
        const auto found = rl::judge(rl::moments(oracle, estimator), oracle.gradient());
        CAPTURE(world->name);
        CAPTURE(gamma);
        CAPTURE(estimator.name);
        CAPTURE(found.error);
        if (expected == Bias::biased) {
          double& error = largest[gamma < 1 ? 1 : 0][estimator.name];
          error = std::max(error, found.error);
        } else {
          CHECK(rl::name(found.bias) == rl::name(expected));
        }
        if (expected == Bias::unbiased) CHECK(found.error < within(1e-9, 1e-4));
      }
    }
  for (const auto& errors : largest)
    for (const auto& entry : errors) {
      CAPTURE(entry.first);
      CHECK(entry.second > 1e-2);
    }
  CHECK(largest[0].size() == 21);
  CHECK(largest[1].size() == largest[0].size() + 1);  // one more: gamma^t left out
}

TEST_CASE("the error and the variance of every estimator are the numbers that they were") {
  // What is wrong is pinned too: a wrong estimator that changed would be another mistake under the same name.
  struct Row {
    std::string_view name;
    double error, variance;
  };
  const Row rows[] = {
      {"total return R", 0, 2.528723792},
      {"reward-to-go G_t", 0, 1.302763504},
      {"G_t - E[R]", 0, 0.2302546666},
      {"G_t - 10, a constant far off", 0, 90.68340876},
      {"G_t - V(s_t)", 0, 0.1016445531},
      {"G_t - the other episode's G_t", 0, 0.2853319224},
      {"TD error, r_t + gamma V(s') - V(s)", 0, 0.09547133902},
      {"G_t - the mean of both episodes", 0.5, 0.0713329806},
      {"G_t without gamma^t", 0.1689286705, 1.454035333},
      {"G_t - V(s_{t+1})", 4.811244168, 0.7262774741},
      {"G_t - the episode's own mean", 0.8669737274, 0.06294579472},
      {"G_t whitened within the episode", 5.070798989, 0.6850053243},
      {"r_t only", 4.330119752, 0.7994906385},
      {"past rewards, r_0 + ... + r_t", 4.330119752, 2.006253273},
      {"the first T-t rewards", 1.738244972, 1.115321625},
      {"G_{t+1}, one step late", 3.936091102, 0.2153897239},
      {"1, the return forgotten", 1, 1.323969219},
      {"mean log-prob times sum of G_t", 1.831877513, 1.600684363},
      {"G_t divided by the episode's length", 2.987394354, 0.5147229854},
      {"G_t divided by the batch's steps", 1.540159563, 0.3781423207},
      {"A_t - its mean over the episode", 0.8143685787, 0.009633700815},
      {"A_t standardized in the episode", 1.730655517, 0.9152572838},
      {"A_t standardized in the batch", 3.363185042, 1.401024913},
      {"sign flipped", 2, 1.302763504},
      {"taken output only", 7.60596567, 0.5127670856},
      {"one-hot only, without -p", 30.9955265, 3.910287474},
      {"gradient of p, not log p", 2.33825652, 0.2526979347},
      {"1/p at the logit", 51.5338649, 26.4537059},
      {"G_t log p at the taken logit", 11.58251358, 1.738832901},
      {"G_t times the probabilities", 30.55394619, 2.224286118},
      {"softmax applied twice", 0.8841361485, 0.2153360636},
      {"label = likeliest action", 5.675778914, 0.4786746229},
  };
  nn::Network policy = tabular();
  Oracle oracle(envs::early_end_world, policy, Scalar(0.9));
  CHECK(std::size(rows) == rl::estimators().size());
  for (const auto& [name, error, variance] : rows) {
    CAPTURE(name);
    const rl::Moments moments = rl::moments(oracle, named(name));
    CHECK(std::abs(rl::judge(moments, oracle.gradient()).error - error) < within(1e-8, 1e-4) * (1 + error));
    CHECK(std::abs(moments.variance - variance) < within(1e-8, 1e-4) * (1 + variance));
  }
}

TEST_CASE("through a hidden layer the right estimators are right too") {
  nn::Network policy = hidden();
  for (const auto* world : worlds) {
    Oracle oracle(*world, policy, Scalar(0.9));
    for (const rl::Estimator& estimator : rl::estimators())
      if (estimator.discounted == Bias::unbiased && estimator.episodes == 1) {
        CAPTURE(estimator.name);
        CHECK(rl::judge(rl::moments(oracle, estimator), oracle.gradient()).error < within(1e-9, 1e-4));
      }
  }
}

TEST_CASE("same mean, less noise: total return, reward-to-go, minus a constant, minus the value") {
  nn::Network policy = tabular();
  for (const auto* world : of_three_steps)
    for (const Scalar gamma : gammas) {
      Oracle oracle(*world, policy, gamma);
      const double to_go = variance(oracle, "reward-to-go G_t"), value = variance(oracle, "G_t - V(s_t)");
      CHECK(variance(oracle, "total return R") > to_go);
      CHECK(to_go > variance(oracle, "G_t - E[R]"));
      CHECK(variance(oracle, "G_t - E[R]") > value);
      CHECK(value > variance(oracle, "TD error, r_t + gamma V(s') - V(s)"));
      CHECK(variance(oracle, "G_t - 10, a constant far off") > 10 * to_go);
    }
}

TEST_CASE("past rewards are noise and nothing else: their mean is that of r_t alone") {
  nn::Network policy = tabular();
  for (const auto* world : worlds)
    for (const Scalar gamma : gammas) {
      Oracle oracle(*world, policy, gamma);
      const auto past = rl::moments(oracle, named("past rewards, r_0 + ... + r_t"));
      const auto now = rl::moments(oracle, named("r_t only"));
      CHECK(distance(past.mean, now.mean) < within(1e-14, 1e-6));
      CHECK(past.variance > now.variance);
    }
}

TEST_CASE("minus the next state's value is r_t only: it takes away what the action led to") {
  nn::Network policy = tabular();
  for (const auto* world : worlds) {
    Oracle oracle(*world, policy, 1);
    const auto next = rl::moments(oracle, named("G_t - V(s_{t+1})"));
    CHECK(distance(next.mean, rl::moments(oracle, named("r_t only")).mean) < within(1e-14, 1e-6));
  }
}

TEST_CASE("two independent episodes have the variance per episode of one; compared with each other, less") {
  nn::Network policy = tabular();
  Oracle oracle(envs::dense_world, policy, 1);
  rl::Categorical distribution;
  const auto pair = oracle.moments(distribution, 2, [](const rl::Batch& batch, nn::VectorView weights) {
    for (const rl::Episode& e : batch.episodes)
      rl::discounted_returns(nn::ConstVectorView(batch.rewards).subspan(e.first, e.length), 1,
                             weights.subspan(e.first, e.length));
    nn::scale(Scalar(0.5), weights);
  });
  const auto one = rl::moments(oracle, named("reward-to-go G_t"));
  CHECK(variance(oracle, "G_t - the other episode's G_t") < one.variance);
  CHECK(distance(pair.mean, one.mean) < within(1e-12, 1e-5));
  CHECK(std::abs(pair.variance - one.variance) < within(1e-11, 1e-4));
}

TEST_CASE("judge tells a wrong length from a wrong direction") {
  const double gradient[] = {3, 4};
  const auto judged = [&](double x, double y) { return rl::judge({{x, y}, 0}, gradient); };
  CHECK(judged(3, 4).bias == Bias::unbiased);
  CHECK(judged(-1.5, -2).bias == Bias::scaled);
  CHECK(judged(-1.5, -2).scale == doctest::Approx(-0.5));
  CHECK(judged(-1.5, -2).cosine == doctest::Approx(-1));
  CHECK(judged(3, 4.01).bias == Bias::biased);
  CHECK(judged(3, 4.01).error == doctest::Approx(0.002));
  CHECK(judged(0, 0).bias == Bias::zero);
}

TEST_CASE("the oracle says what it expects of gamma and of the policy") {
  nn::Network policy = tabular();
  CHECK_THROWS_WITH_AS(Oracle(envs::dense_world, policy, Scalar(1.5)), "Oracle: expected gamma from 0 to 1, got 1.5",
                       std::invalid_argument);
  nn::Random rng(7);
  nn::Network wide({4, 2}, nn::Activation::tanh, rng);
  CHECK_THROWS_WITH_AS(Oracle(envs::dense_world, wide, 1),
                       "oracle: expected a policy with 3 inputs and 2 outputs, got 4 and 2", std::invalid_argument);
}

}  // namespace test_oracle
