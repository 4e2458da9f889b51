#include <doctest/doctest.h>

#include <cmath>

#include "nn/arithmetic/vector_ops.hpp"
#include "nn/optimizer.hpp"
#include "tests/support.hpp"

namespace test_optimizer {

using namespace nn;
using tests::within;

namespace {

/// theta after ten steps down the gradient of sum (theta_i - i)^2 / 2.
Vector slide(Optimizer& optimizer) {
  Vector theta(5, Scalar(-1)), g(5);
  for (int step = 0; step < 10; ++step) {
    for (std::size_t i = 0; i < 5; ++i) g[i] = theta[i] - static_cast<Scalar>(i);
    optimizer.descend(theta, g);
  }
  return theta;
}

}  // namespace

TEST_CASE("ascending a gradient is descending its negative, bit for bit") {
  Random rng(31);
  const SgdOptions options{.learning_rate = Scalar(0.1), .momentum = Scalar(0.9)};
  Sgd sgd_up(options), sgd_down(options);
  Adam adam_up({Scalar(0.01)}), adam_down({Scalar(0.01)});
  const std::pair<Optimizer*, Optimizer*> pairs[] = {{&sgd_up, &sgd_down}, {&adam_up, &adam_down}};
  for (const auto& [up, down] : pairs) {
    Vector a = tests::random_vector(20, rng), b = a;
    for (int step = 0; step < 5; ++step) {
      const Vector g = tests::random_vector(20, rng);
      Vector minus = g;
      scale(-1, minus);
      up->ascend(a, g);
      down->descend(b, minus);
    }
    CHECK(a == b);
  }
}

TEST_CASE("momentum remembers, by hand") {
  Sgd sgd({.learning_rate = Scalar(0.5), .momentum = Scalar(0.25)});
  Vector theta = {Scalar(1)};
  const Vector g = {Scalar(2)};
  sgd.descend(theta, g);  // m = 2
  CHECK(theta[0] == 0);
  sgd.descend(theta, g);  // m = 0.25 * 2 + 2
  CHECK(theta[0] == Scalar(-1.25));
}

TEST_CASE("Adam's first step is the learning rate in the direction of the gradient, whatever its size") {
  for (const double size : {1e-4, 1., 1e4}) {
    Adam adam({Scalar(0.01)});
    Vector theta = {Scalar(0), Scalar(0)};
    const Vector g = {static_cast<Scalar>(size), static_cast<Scalar>(-size)};
    adam.ascend(theta, g);
    CHECK(double(theta[0]) == doctest::Approx(0.01).epsilon(1e-3));
    CHECK(double(theta[1]) == doctest::Approx(-0.01).epsilon(1e-3));
  }
}

TEST_CASE("both optimizers go down a bowl") {
  Sgd sgd({.learning_rate = Scalar(0.3)});
  Adam adam({Scalar(0.5)});
  CHECK(std::abs(slide(sgd)[4] - 4) < 0.2);
  CHECK(slide(adam)[4] > 2);
}

TEST_CASE("clip_norm shortens a long gradient to the bound and leaves a short one alone") {
  Vector g = {3, 4};
  CHECK(clip_norm(g, 10) == 5);
  CHECK(g == Vector{3, 4});
  CHECK(clip_norm(g, 1) == 5);
  CHECK(double(norm(g)) == doctest::Approx(1).epsilon(1e-6));
  CHECK(double(g[0] / g[1]) == doctest::Approx(0.75).epsilon(1e-6));
}

TEST_CASE("an optimizer refuses bad settings, lengths and gradients, and then has changed nothing") {
  CHECK_THROWS_WITH(Sgd({.learning_rate = -1}), "Sgd: expected learning_rate >= 0, got -1");
  CHECK_THROWS_AS(Sgd({.momentum = 1}), std::invalid_argument);
  CHECK_THROWS_WITH(Sgd({.nesterov = true}), "Sgd: expected momentum > 0 with nesterov, got 0");
  CHECK_THROWS_AS(Sgd({.weight_decay = -1}), std::invalid_argument);
  CHECK_THROWS_AS(Adam({Scalar(NAN)}), std::invalid_argument);
  CHECK_THROWS_AS(Adam({Scalar(0.1), 1}), std::invalid_argument);
  CHECK_THROWS_WITH(Adam({.weight_decay = -1}), "Adam: expected weight_decay >= 0, got -1");
  Vector still = {1, 2};
  Adam({0}).ascend(still, Vector{1, -1});  // a rate of 0 is one
  Sgd({0}).ascend(still, Vector{1, -1});
  CHECK(still == Vector{1, 2});
  Adam adam({Scalar(0.1)});
  Vector theta = {1, 2}, g = {1, Scalar(NAN)}, three = {1, 2, 3};
  CHECK_THROWS_WITH(adam.ascend(theta, g), "Optimizer: expected finite gradients, got nan for parameter 1");
  CHECK(theta == Vector{1, 2});
  CHECK_THROWS_WITH(adam.ascend(theta, three), "Optimizer: expected 2 gradients for 2 parameters, got 3 for 2");
  g[1] = 1;
  adam.ascend(theta, g);
  Vector other = three;
  CHECK_THROWS_AS(adam.ascend(other, three), std::invalid_argument);  // it belongs to two parameters now
  CHECK_THROWS_AS(clip_norm(g, 0), std::invalid_argument);
  g[0] = Scalar(INFINITY);
  CHECK_THROWS_AS(clip_norm(g, 1), std::invalid_argument);
}

TEST_CASE(
    "what an optimizer remembers of a parameter that no gradient reaches any more decays to zero, and not to a "
    "subnormal") {
  const auto check = [](auto optimizer) {
    Vector theta = {1}, g = {1};
    optimizer.ascend(theta, g);
    g[0] = 0;
    for (int i = 0; i < 10'000; ++i) optimizer.ascend(theta, g);
    CHECK(theta[0] > 1);
    CHECK(optimizer.state()[0] == 0);
    return optimizer.state();
  };
  check(Sgd({.momentum = Scalar(0.9)}));
  CHECK(check(Adam({.beta2 = Scalar(0.9)}))[1] == 0);
}

TEST_CASE("an optimizer that remembers the memory of another goes on as that one would, bit for bit") {
  const auto check = [](auto first, auto second) {
    Random rng(31);
    CHECK(first.state().empty());
    Vector x = tests::random_vector(5, rng), y;
    for (int i = 0; i < 3; ++i) first.ascend(x, tests::random_vector(5, rng));
    second.load_state(first.state(), 5);
    y = x;
    for (int i = 0; i < 3; ++i) {
      const Vector g = tests::random_vector(5, rng);
      first.descend(x, g);
      second.descend(y, g);
    }
    CHECK(std::ranges::equal(x, y));
    CHECK(first.state() == second.state());
    auto fresh = second;
    CHECK_THROWS_AS(fresh.load_state(std::vector<double>(4), 5), std::invalid_argument);
    CHECK_THROWS_AS(fresh.descend(std::span(x).first(4), std::span(y).first(4)), std::invalid_argument);
    fresh.load_state({}, 4);
    CHECK(fresh.state().empty());
    fresh.descend(std::span(x).first(4), std::span(y).first(4));  // a new start
  };
  const SgdOptions sgd{.learning_rate = Scalar(0.1), .momentum = Scalar(0.9)};
  check(Sgd(sgd), Sgd(sgd));
  check(Adam({}), Adam({}));
}

}  // namespace test_optimizer
