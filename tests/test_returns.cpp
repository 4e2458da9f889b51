#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "rl/baseline.hpp"
#include "rl/returns.hpp"
#include "tests/support.hpp"

using namespace nn;
using tests::within;

TEST_CASE("the backward recursion is the double sum of discounted rewards") {
  Random rng(51);
  for (const double gamma : {0., 0.5, 0.95, 1.}) {
    const Vector rewards = tests::random_vector(30, rng);
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
