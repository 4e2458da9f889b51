#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "nn/arithmetic/vector_ops.hpp"
#include "nn/gradient_check.hpp"
#include "rl/baseline.hpp"
#include "rl/ppo.hpp"
#include "rl/returns.hpp"
#include "tests/support.hpp"

namespace test_returns {

using namespace nn;
using tests::random_vector;
using tests::within;

TEST_CASE("the backward recursion is the double sum of discounted rewards") {
  Random rng(51);
  for (const double gamma : {0., 0.5, 0.95, 1.}) {
    const Vector rewards = random_vector(30, rng);
    Vector returns(30);
    rl::discounted_returns(rewards, static_cast<Scalar>(gamma), returns);
    double worst = 0;
    for (std::size_t t = 0; t < 30; ++t) {
      double G = 0;
      for (std::size_t k = t; k < 30; ++k) G += std::pow(gamma, double(k - t)) * double(rewards[k]);
      worst = std::max(worst, std::abs(G - double(returns[t])));
    }
    CHECK(worst < within(1e-14, 1e-5));
  }
}

TEST_CASE("one reward at the end reaches every earlier step, discounted") {
  Vector returns = {0, 0, 0, 0, 1};
  rl::discounted_returns(returns, Scalar(0.95), returns);  // in place
  const double expected[] = {0.81450625, 0.857375, 0.9025, 0.95, 1};
  for (std::size_t t = 0; t < 5; ++t) CHECK(double(returns[t]) == doctest::Approx(expected[t]).epsilon(1e-6));
}

TEST_CASE("a discount outside 0 to 1 is refused") {
  Vector rewards = {1, 2};
  CHECK_THROWS_WITH(rl::discounted_returns(rewards, Scalar(1.5), rewards),
                    "discounted_returns: expected gamma from 0 to 1, got 1.5");
  CHECK_THROWS_AS(rl::discounted_returns(rewards, Scalar(NAN), rewards), std::invalid_argument);
}

TEST_CASE("leave-one-out subtracts what the other episodes had from the same step on") {
  const std::vector<rl::Episode> episodes = {{0, 3}, {3, 2}, {5, 1}};
  Vector returns = {3, 2, 1, 20, 10, 100};
  rl::subtract_leave_one_out(episodes, returns);
  CHECK(returns == Vector{3 - 60, 2 - 5, 1 - 0, 20 - Scalar(51.5), 10 - 1, 100 - Scalar(11.5)});
}

TEST_CASE("episodes that did equally well get weights of exactly 0, and a single episode keeps its returns") {
  std::vector<rl::Episode> episodes;
  Vector returns;
  for (std::size_t e = 0; e < 7; ++e) {
    episodes.push_back({e * 500, 500});
    for (int t = 0; t < 500; ++t) returns.push_back(static_cast<Scalar>(500 - t));
  }
  rl::subtract_leave_one_out(episodes, returns);
  CHECK(std::ranges::all_of(returns, [](Scalar w) { return w == 0; }));
  Vector one = {3, 2, 1};
  rl::subtract_leave_one_out(std::vector<rl::Episode>{{0, 3}}, one);
  CHECK(one == Vector{3, 2, 1});
}

TEST_CASE("the total return is that of the first step, for every step") {
  Vector returns = {1, 2, 4};
  rl::total_returns(returns, Scalar(0.5), returns);
  CHECK(returns == Vector{3, 3, 3});
}

TEST_CASE("a value stands for what a time limit cuts off, and never for what a termination ends") {
  const Vector rewards = {1, 2, 3, 4, 5}, next_values = {100, 200, 300, 400, 500}, values = {10, 20, 30, 40, 50};
  const std::vector<int> terminated = {0, 1, 0, 0, 0}, truncated = {0, 0, 0, 1, 0};
  const rl::Steps steps = {rewards, next_values, terminated, truncated};
  const Scalar half = Scalar(0.5);
  Vector got(5);
  rl::bootstrapped_returns(steps, half, got);
  CHECK(got == Vector{1 + half * 2, 2, 3 + half * 204, 4 + half * 400, 5 + half * 500});
  const Vector returns = got;
  rl::gae(steps, values, half, 0, got);  // the TD errors
  CHECK(got == Vector{1 + 50 - 10, 2 - 20, 3 + 150 - 30, 4 + 200 - 40, 5 + 250 - 50});
  rl::gae(steps, values, half, half, got);
  CHECK(got == Vector{41 - half * half * 18, -18, 123 + half * half * 164, 164, 205});
  // With lambda 1 the values between cancel, as long as each next value is the value of the next step.
  const Vector following = {20, 200, 40, 400, 500};
  rl::gae({rewards, following, terminated, truncated}, values, half, 1, got);
  for (std::size_t t = 0; t < 5; ++t) CHECK(got[t] == returns[t] - values[t]);
}

TEST_CASE("advantages of nothing sensible are refused, with what was expected and what came") {
  Vector x(2), three(3);
  const std::vector<int> flags(2), more(3);
  CHECK_THROWS_WITH(rl::gae({x, x, flags, flags}, x, 1, Scalar(1.5), x), "gae: expected lambda from 0 to 1, got 1.5");
  CHECK_THROWS_WITH(rl::gae({x, x, flags, flags}, x, -1, 1, x), "gae: expected gamma from 0 to 1, got -1");
  CHECK_THROWS_WITH(rl::gae({x, x, flags, flags}, three, 1, 1, x), "gae: expected 2 values, one per reward, got 3");
  CHECK_THROWS_WITH(rl::bootstrapped_returns({x, x, flags, more}, 1, x),
                    "bootstrapped_returns: expected 2 truncated, one per reward, got 3");
  CHECK_THROWS_WITH(rl::bootstrapped_returns({x, x, flags, flags}, Scalar(NAN), x),
                    "bootstrapped_returns: expected gamma from 0 to 1, got nan");
  CHECK_THROWS_WITH(rl::standardize({}), "standardize: expected at least one number, got 0");
  CHECK_THROWS_WITH(rl::RunningMean(0), "RunningMean: expected a rate above 0 and at most 1, got 0");
  CHECK_THROWS_WITH(rl::clipped_surrogate(x, x, x, 0, x), "clipped_surrogate: expected epsilon > 0, got 0");
  CHECK_THROWS_WITH(rl::clipped_surrogate({}, {}, {}, 1, {}), "clipped_surrogate: expected at least one step, got 0");
}

TEST_CASE("standardized numbers have mean 0 and deviation 1, and equal ones become 0, even one alone") {
  Vector x = {1, 2, 3, 6};
  rl::standardize(x);
  CHECK(std::abs(double(sum(x))) < within(1e-15, 1e-6));
  CHECK(std::abs(double(dot(x, x)) - 4) < within(1e-7, 1e-6));
  CHECK(double(x[0]) == doctest::Approx(-2 / std::sqrt(3.5)).epsilon(1e-6));
  Vector equal = {3, 3}, alone = {7};
  rl::standardize(equal), rl::standardize(alone);
  CHECK(equal == Vector{0, 0});
  CHECK(alone == Vector{0});
}

TEST_CASE("the running mean knows the past only: no return is in its own baseline") {
  rl::RunningMean baseline(Scalar(0.5));
  Vector first = {4, 8}, second = {10, 20}, third = {1};
  baseline.subtract(first);
  CHECK(first == Vector{4, 8});  // no past yet
  CHECK(baseline.value() == 6);
  baseline.subtract(second);
  CHECK(second == Vector{4, 14});
  CHECK(baseline.value() == Scalar(10.5));  // half way from 6 to 15
  baseline.subtract(third);
  CHECK(third == Vector{Scalar(-9.5)});
  rl::RunningMean other(Scalar(0.5));  // another outcome of the same step moves its weight by as much, nothing else
  Vector same = {4, 8}, better = {11, 20};
  other.subtract(same), other.subtract(better);
  CHECK(better == Vector{5, 14});
}

TEST_CASE("PPO's weight is the difference quotient of its objective along log_prob, step by step") {
  Random rng(52);
  Vector log_prob = random_vector(60, rng), weights(60), scratch(60);
  const Vector old = random_vector(60, rng), advantages = random_vector(60, rng);
  const auto epsilon = Scalar(0.2);
  rl::clipped_surrogate(log_prob, old, advantages, epsilon, weights);
  const auto J = [&] { return rl::clipped_surrogate(log_prob, old, advantages, epsilon, scratch).objective * 60; };
  CHECK(max_gradient_error(log_prob, weights, J, is_double ? Scalar(1e-5) : Scalar(1e-3)) < within(1e-9, 5e-3));
  CHECK(std::ranges::count(weights, Scalar(0)) > 5);
  CHECK(std::ranges::count(weights, Scalar(0)) < 50);
  // With nothing moved, the weights are the advantages: the first pass of PPO is REINFORCE with a baseline.
  const rl::Surrogate still = rl::clipped_surrogate(old, old, advantages, epsilon, weights);
  CHECK(weights == advantages);
  CHECK(still.clip_fraction == 0);
  CHECK(still.approx_kl == 0);
}

}  // namespace test_returns
