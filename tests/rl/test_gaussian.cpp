#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "nn/arithmetic/vector_ops.hpp"
#include "nn/gradient_check.hpp"
#include "nn/network.hpp"
#include "rl/gaussian.hpp"
#include "tests/support.hpp"

namespace test_gaussian {

using namespace nn;
using rl::Gaussian;
using rl::Spread;
using tests::random_matrix;
using tests::random_vector;
using tests::within;

namespace {

constexpr Spread spreads[] = {Spread::fixed, Spread::learned, Spread::from_network};
const double pi = std::acos(-1.);

/// Three dimensions, each with a sigma of its own.
Gaussian three(Spread spread) {
  const Vector log_sigma = {Scalar(-0.7), Scalar(0.2), Scalar(0.5)};
  return spread == Spread::from_network ? Gaussian(3, spread) : Gaussian(log_sigma, spread);
}
std::vector<double> uniforms(std::size_t count, Random& rng) {
  std::vector<double> u(count);
  std::ranges::generate(u, [&] { return rng.uniform(); });
  return u;
}
}  // namespace

TEST_CASE(
    "the score of a Gaussian is the difference quotient of log_prob, for every spread and dimension") {  // Eq. (11.9)
  Random rng(61);
  for (const Spread spread : spreads) {
    Gaussian distribution = three(spread);
    Matrix outputs = random_matrix(distribution.outputs(), 11, rng), score(distribution.outputs(), 11);
    const Matrix actions = random_matrix(3, 11, rng, 2);
    const Vector weights = random_vector(11, rng);
    Vector log_prob(11);
    distribution.weighted_score(outputs, actions, weights, score);
    const auto J = [&] { return distribution.log_prob(outputs, actions, log_prob), dot(weights, log_prob); };
    CHECK(max_gradient_error(outputs.flat(), score.flat(), J) < within(1e-9, 2e-3));
    CHECK(max_gradient_error(distribution.parameters(), distribution.gradients(), J) < within(1e-9, 2e-3));
    CHECK(dot(score.flat(), score.flat()) > 0.1);
    CHECK(distribution.parameters().size() == (spread == Spread::learned ? 3 : 0));
    CHECK((spread != Spread::learned || dot(distribution.gradients(), distribution.gradients()) > 0.1));
    distribution.weighted_score(outputs, actions, weights, score);  // overwrites one, adds to the other
    scale(Scalar(0.5), distribution.gradients());
    CHECK(max_gradient_error(outputs.flat(), score.flat(), J) < within(1e-9, 2e-3));
    CHECK(max_gradient_error(distribution.parameters(), distribution.gradients(), J) < within(1e-9, 2e-3));
    distribution.zero_gradients();
    CHECK(std::ranges::all_of(distribution.gradients(), [](Scalar g) { return g == 0; }));
  }
}

TEST_CASE("the Gaussian policy gradient through the network is the difference quotient of sum weight * log_prob") {
  Random rng(62);
  for (const Spread spread : spreads) {
    Gaussian distribution = three(spread);
    Network policy({4, 6, 5, distribution.outputs()}, Activation::tanh, rng);
    const Matrix states = random_matrix(4, 40, rng), actions = random_matrix(3, 40, rng, 2);
    const Vector weights = random_vector(40, rng);
    Vector log_prob(40);
    Matrix injected(distribution.outputs(), 40);
    distribution.weighted_score(policy.feedforward(states), actions, weights, injected);
    policy.backpropagate(injected);
    const auto J = [&] {
      return distribution.log_prob(policy.feedforward(states), actions, log_prob), dot(weights, log_prob);
    };
    CHECK(max_gradient_error(policy.parameters(), policy.gradients(), J) < within(1e-8, 2e-2));
    CHECK(max_gradient_error(distribution.parameters(), distribution.gradients(), J) < within(1e-8, 2e-2));
    CHECK(dot(policy.gradients(), policy.gradients()) > 0.1);
  }
}

TEST_CASE("the entropy of a Gaussian is its closed form, and its gradient the difference quotient") {  // Eq. (11.11)
  Random rng(63);
  for (const Spread spread : spreads) {
    Gaussian distribution = three(spread);
    Matrix outputs = random_matrix(distribution.outputs(), 9, rng), gradient(distribution.outputs(), 9);
    const Vector weights = random_vector(9, rng);
    Vector entropy(9);
    distribution.entropy(outputs, entropy);
    double worst = 0;
    for (std::size_t t = 0; t < 9; ++t) {
      double H = 0;
      for (std::size_t d = 0; d < 3; ++d) {
        const double log_sigma =
            spread == Spread::from_network ? double(outputs(3 + d, t)) : std::array{-0.7, 0.2, 0.5}[d];
        H += 0.5 * std::log(2 * pi * std::exp(1.) * std::exp(2 * log_sigma));
      }
      worst = std::max(worst, std::abs(H - double(entropy[t])));
    }
    CHECK(worst < within(1e-14, 2e-6));
    distribution.entropy_gradient(outputs, weights, gradient);
    const auto J = [&] { return distribution.entropy(outputs, entropy), dot(weights, entropy); };
    CHECK(max_gradient_error(outputs.flat(), gradient.flat(), J) < within(1e-9, 2e-3));
    CHECK(max_gradient_error(distribution.parameters(), distribution.gradients(), J) < within(1e-9, 2e-3));
    CHECK((spread != Spread::learned || dot(distribution.gradients(), distribution.gradients()) > 0.1));
    CHECK((spread != Spread::from_network || dot(gradient.flat(), gradient.flat()) > 0.1));
  }
}

TEST_CASE("drawn actions fill the plane as they should: chi-square of 100,000 draws, 5 x 5 cells") {  // Eq. (11.10)
  constexpr std::size_t count = 100'000;
  Random rng(64);
  Gaussian distribution(2, Spread::from_network);
  Matrix outputs(4, count), actions(2, count);
  const double mu[] = {0.3, -2}, sigma[] = {0.5, 3};
  for (std::size_t d = 0; d < 2; ++d) {
    fill(outputs.row(d), static_cast<Scalar>(mu[d]));
    fill(outputs.row(2 + d), static_cast<Scalar>(std::log(sigma[d])));
  }
  REQUIRE(distribution.uniforms_per_action() == 2);
  const auto u = uniforms(2 * count, rng);
  distribution.sample(outputs, u, actions);
  double cells[5][5] = {}, worst = 0;
  for (std::size_t t = 0; t < count; ++t) {
    std::size_t cell[2];
    for (std::size_t d = 0; d < 2; ++d) {
      const double below = std::erfc(-(double(actions(d, t)) - mu[d]) / sigma[d] / std::sqrt(2.)) / 2;
      worst = std::max(worst, std::abs(below - u[d * count + t]));  // row d of u, column t
      cell[d] = static_cast<std::size_t>(std::min(5 * below, 4.999));
    }
    ++cells[cell[0]][cell[1]];
  }
  CHECK(worst < within(1e-14, 1e-6));
  double chi_square = 0;
  for (const auto& row : cells)
    for (const double seen : row) chi_square += (seen - count / 25.) * (seen - count / 25.) / (count / 25.);
  CHECK(chi_square < 68.8);  // 24 degrees of freedom: exceeded once in 260,000
  distribution.mode(outputs, actions);
  CHECK(std::ranges::equal(actions.flat(), outputs.view().flat().first(2 * count)));
}

TEST_CASE("a log sigma far outside counts as the bound: everything stays finite, and its derivative is 0") {
  for (const Spread spread : {Spread::learned, Spread::from_network})
    for (const Scalar far : {Scalar(-1000), Scalar(-21), Scalar(21), Scalar(1000)}) {
      Gaussian distribution(1, spread);
      Matrix outputs(distribution.outputs(), 1), action(1, 1), out(distribution.outputs(), 1);
      (spread == Spread::learned ? distribution.parameters()[0] : outputs(1, 0)) = far;
      Vector log_prob(1), entropy(1);
      action(0, 0) = Scalar(0.5);
      distribution.log_prob(outputs, action, log_prob);
      distribution.entropy(outputs, entropy);
      distribution.weighted_score(outputs, action, Vector{1}, out);
      CHECK(first_not_finite(log_prob) == 1);
      CHECK(first_not_finite(out.flat()) == distribution.outputs());
      CHECK(double(entropy[0]) == doctest::Approx((far < 0 ? -20 : 20) + 0.5 * std::log(2 * pi) + 0.5).epsilon(1e-6));
      CHECK((spread == Spread::learned ? distribution.gradients()[0] : out(1, 0)) == 0);
      distribution.entropy_gradient(outputs, Vector{1}, out);
      CHECK((spread == Spread::learned ? distribution.gradients()[0] : out(1, 0)) == 0);
      distribution.sample(outputs, std::vector<double>{0}, action);
      CHECK(first_not_finite(action.flat()) == 1);
      CHECK(action(0, 0) < 0);  // there is still a spread
    }
}

TEST_CASE("a Gaussian that cannot be is refused, and so is an action that is no number") {
  CHECK_THROWS_WITH(Gaussian(0, Spread::fixed), "Gaussian: expected at least one dimension, got 0");
  CHECK_THROWS_WITH(Gaussian(1, Spread::fixed, 21), "Gaussian: expected log sigma from -20 to 20, got 21");
  CHECK_THROWS_WITH(Gaussian(1, Spread::fixed, -21), "Gaussian: expected log sigma from -20 to 20, got -21");
  for (const Scalar bound : {Scalar(-20), Scalar(20)}) CHECK_NOTHROW(Gaussian(1, Spread::fixed, bound));
  CHECK_THROWS_AS(Gaussian(1, Spread::learned, Scalar(NAN)), std::invalid_argument);
  CHECK_THROWS_WITH(Gaussian(1, Spread::from_network, 1),
                    "Gaussian: expected log sigma from the network, got 1 besides");
  Gaussian distribution(2, Spread::fixed);
  Matrix actions(2, 3), out(2, 3);
  actions(1, 2) = Scalar(INFINITY);
  Vector result(3);
  CHECK_THROWS_WITH(distribution.log_prob(Matrix(2, 3), actions, result),
                    "Gaussian::log_prob: expected finite actions, got inf in column 2");
  CHECK_THROWS_AS(distribution.weighted_score(Matrix(2, 3), actions, Vector(3), out), std::invalid_argument);
  actions(1, 2) = 0, actions(0, 1) = Scalar(NAN);
  CHECK_THROWS_WITH(distribution.log_prob(Matrix(2, 3), actions, result),
                    "Gaussian::log_prob: expected finite actions, got nan in column 1");
  Matrix one(1, 3), injected(1, 3);
  one(0, 2) = Scalar(NAN);
  CHECK_THROWS_WITH(Gaussian(1, Spread::fixed).weighted_score(Matrix(1, 3), one, Vector(3), injected),
                    "Gaussian::weighted_score: expected finite actions, got nan in column 2");
}

TEST_CASE("the log density of an action is the sum over its numbers, whose scores stay their own") {  // Eq. (11.9)
  Random rng(68);
  Gaussian both(2, Spread::from_network), single(1, Spread::from_network);
  const Matrix outputs = random_matrix(4, 7, rng), actions = random_matrix(2, 7, rng, 2);
  const Vector weights = random_vector(7, rng);
  Matrix score(4, 7), own_score(2, 7), own(2, 7), action(1, 7);
  Vector log_prob(7), total(7), part(7);
  both.log_prob(outputs, actions, log_prob);
  both.weighted_score(outputs, actions, weights, score);
  bool same = true;
  for (std::size_t d = 0; d < 2; ++d) {
    std::ranges::copy(outputs.row(d), own.row(0).begin()), std::ranges::copy(outputs.row(2 + d), own.row(1).begin());
    std::ranges::copy(actions.row(d), action.row(0).begin());
    single.log_prob(own, action, part);
    axpy(1, part, total);
    single.weighted_score(own, action, weights, own_score);
    same = same && std::ranges::equal(score.row(d), own_score.row(0)) &&
           std::ranges::equal(score.row(2 + d), own_score.row(1));
  }
  CHECK(same);
  for (std::size_t t = 0; t < 7; ++t) CHECK(double(log_prob[t]) == doctest::Approx(double(total[t])));
}

}  // namespace test_gaussian
