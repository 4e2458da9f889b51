#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "nn/arithmetic/vector_ops.hpp"
#include "nn/gradient_check.hpp"
#include "nn/loss.hpp"
#include "nn/network.hpp"
#include "rl/bernoulli.hpp"
#include "rl/categorical.hpp"
#include "tests/support.hpp"

namespace test_bernoulli {

using namespace nn;
using rl::Bernoulli;
using tests::random_actions;
using tests::random_matrix;
using tests::random_vector;
using tests::within;

TEST_CASE("the score of a Bernoulli is the difference quotient of log_prob, also through the network") {  // Eq. (11.6)
  Random rng(71);
  Matrix z = random_matrix(1, 11, rng, 4), score(1, 11);
  const auto actions = random_actions(11, 2, rng);
  const Vector weights = random_vector(11, rng);
  Vector log_prob(11);
  Bernoulli distribution;
  distribution.weighted_score(z, actions, weights, score);
  const auto J = [&] { return distribution.log_prob(z, actions, log_prob), dot(weights, log_prob); };
  CHECK(max_gradient_error(z.flat(), score.flat(), J) < within(1e-9, 2e-3));
  CHECK(dot(score.flat(), score.flat()) > 0.1);

  Network policy({4, 6, distribution.outputs()}, Activation::tanh, rng);
  const Matrix states = random_matrix(4, 11, rng);
  distribution.weighted_score(policy.feedforward(states), actions, weights, score);
  policy.backpropagate(score);
  const auto J_net = [&] {
    return distribution.log_prob(policy.feedforward(states), actions, log_prob), dot(weights, log_prob);
  };
  CHECK(max_gradient_error(policy.parameters(), policy.gradients(), J_net) < within(1e-9, 1e-2));
  CHECK(dot(policy.gradients(), policy.gradients()) > 0.1);
}

TEST_CASE("the score of a Bernoulli has mean zero under its own policy, exactly") {  // Eq. (11.5)
  Random rng(72);
  Bernoulli distribution;
  double worst = 0;
  for (int i = 0; i < 100; ++i) {
    const Matrix z = random_matrix(1, 1, rng, 8);
    const double p = 1 / (1 + std::exp(-double(z(0, 0))));
    Matrix one(1, 1), zero(1, 1);
    distribution.weighted_score(z, std::vector<int>{1}, Vector{1}, one);
    distribution.weighted_score(z, std::vector<int>{0}, Vector{1}, zero);
    worst = std::max(worst, std::abs(p * double(one(0, 0)) + (1 - p) * double(zero(0, 0))));
  }
  CHECK(worst < within(1e-15, 2e-7));
}

TEST_CASE("the entropy of a Bernoulli is its closed form, and its gradient the difference quotient") {
  Random rng(73);
  Matrix z = random_matrix(1, 30, rng, 6), gradient(1, 30);
  z(0, 0) = 0;
  Vector H(30);
  Bernoulli distribution;
  distribution.entropy(z, H);
  double worst = std::abs(double(H[0]) - std::log(2.));
  for (std::size_t t = 0; t < 30; ++t) {
    const double p = 1 / (1 + std::exp(-double(z(0, t))));
    worst = std::max(worst, std::abs(-p * std::log(p) - (1 - p) * std::log(1 - p) - double(H[t])));
  }
  CHECK(worst < within(1e-14, 1e-6));
  const Vector weights = random_vector(30, rng);
  distribution.entropy_gradient(z, weights, gradient);
  const auto J = [&] { return distribution.entropy(z, H), dot(weights, H); };
  CHECK(max_gradient_error(z.flat(), gradient.flat(), J) < within(1e-9, 2e-3));
  CHECK(dot(gradient.flat(), gradient.flat()) > 0.05);
}

TEST_CASE("a logit of 10000, or the largest there is, gives finite logarithms, entropies and gradients") {
  const Scalar largest = std::numeric_limits<Scalar>::max();
  Matrix z(1, 6), out(1, 6);
  std::ranges::copy(Vector{10000, 10000, -10000, -10000, largest, -largest}, z.flat().begin());
  Vector log_prob(6), H(6);
  const std::vector<int> actions = {1, 0, 1, 0, 1, 1};
  Bernoulli distribution;
  distribution.log_prob(z, actions, log_prob);
  CHECK(log_prob == Vector{0, -10000, -10000, 0, 0, -largest});
  distribution.entropy(z, H);
  CHECK(std::ranges::all_of(H, [](Scalar h) { return h == 0; }));
  distribution.weighted_score(z, actions, Vector(6, 1), out);
  CHECK(std::ranges::equal(out.flat(), Vector{0, -1, 1, 0, 0, 1}));
  distribution.entropy_gradient(z, Vector(6, 1), out);
  CHECK(std::ranges::equal(out.flat(), Vector{0, -1, 1, 0, 0, 1}));  // adds 0
  std::vector<int> drawn(6);
  distribution.sample(z, std::vector<double>{0, 0, 1 - 0x1p-53, 0, 0, 1 - 0x1p-53}, drawn);
  CHECK(drawn == std::vector<int>{1, 1, 0, 0, 1, 0});  // never one of probability 0
  distribution.mode(z, drawn);
  CHECK(drawn == std::vector<int>{1, 1, 0, 0, 1, 0});
}

TEST_CASE("the mode of a Bernoulli is the more probable action, 0 of equals") {
  Matrix z(1, 3);
  z(0, 0) = -Scalar(0.1), z(0, 2) = Scalar(0.1);
  std::vector<int> actions(3);
  Bernoulli().mode(z, actions);
  CHECK(actions == std::vector<int>{0, 0, 1});
}

TEST_CASE("sampled actions of a Bernoulli have its frequencies: chi-square of 300,000 draws") {
  constexpr std::size_t count = 100'000;
  Random rng(74);
  Bernoulli distribution;
  double chi_square = 0;
  for (const double p : {0.1, 0.5, 0.8}) {
    Matrix z(1, count);
    fill(z.flat(), static_cast<Scalar>(std::log(p / (1 - p))));
    std::vector<double> u(count);
    std::ranges::generate(u, [&] { return rng.uniform(); });
    std::vector<int> actions(count);
    distribution.sample(z, u, actions);
    const double off = double(std::ranges::count(actions, 1)) - p * count;
    chi_square += off * off / (count * p * (1 - p));
  }
  CHECK(chi_square < 27.9);  // 3 degrees of freedom: exceeded once in 260,000
}

TEST_CASE("a Bernoulli is the softmax policy with logits (0, z): the same draws, probabilities and scores") {
  constexpr std::size_t T = 500;
  Random rng(75);
  const Matrix z = random_matrix(1, T, rng, 6);
  Matrix logits(2, T), score(1, T), scores(2, T);
  std::ranges::copy(z.flat(), logits.row(1).begin());
  std::vector<double> u(T);
  std::ranges::generate(u, [&] { return rng.uniform(); });
  std::vector<int> actions(T), same(T);
  const Vector weights = random_vector(T, rng);
  Vector a(T), b(T);
  Bernoulli distribution;
  rl::Categorical softmax;
  double worst = 0;
  const auto compare = [&](ConstVectorView x, ConstVectorView y) {
    for (std::size_t t = 0; t < x.size(); ++t) worst = std::max(worst, std::abs(double(x[t]) - double(y[t])));
  };
  distribution.sample(z, u, actions), softmax.sample(logits, u, same);
  CHECK(actions == same);
  CHECK(std::ranges::count(actions, 1) > 100);
  distribution.mode(z, actions), softmax.mode(logits, same);
  CHECK(actions == same);
  softmax.sample(logits, u, actions);
  distribution.log_prob(z, actions, a), softmax.log_prob(logits, actions, b), compare(a, b);
  distribution.entropy(z, a), softmax.entropy(logits, b), compare(a, b);
  distribution.weighted_score(z, actions, weights, score), softmax.weighted_score(logits, actions, weights, scores);
  compare(score.row(0), scores.row(1));  // the other row is minus this one
  compare(Vector{logistic_loss(z, actions, weights)}, Vector{cross_entropy(logits, actions, weights)});
  CHECK(worst < within(1e-13, 3e-5));
}

TEST_CASE("the gradient of the weighted logistic loss is its difference quotient") {
  Random rng(77);
  Matrix z = random_matrix(1, 9, rng, 3), dZ(1, 9);
  const auto labels = random_actions(9, 2, rng);
  const Vector weights = random_vector(9, rng);
  logistic_loss_gradient(z, labels, weights, dZ);
  CHECK(max_gradient_error(z.flat(), dZ.flat(), [&] { return logistic_loss(z, labels, weights); }) <
        within(1e-9, 2e-3));
  CHECK(dot(dZ.flat(), dZ.flat()) > 0.1);
}

TEST_CASE("an action or a label that is neither 0 nor 1 is refused") {
  const Matrix z(1, 2);
  Matrix out(1, 2);
  Vector result(2);
  Bernoulli distribution;
  CHECK_THROWS_WITH(distribution.weighted_score(z, std::vector<int>{0, 2}, Vector(2), out),
                    "Bernoulli::weighted_score: expected actions 0 or 1, got 2 in column 1");
  CHECK_THROWS_AS(distribution.log_prob(z, std::vector<int>{-1, 0}, result), std::invalid_argument);
  CHECK_THROWS_WITH(logistic_loss(z, std::vector<int>{0, 2}, Vector(2)),
                    "logistic_loss: expected labels from 0 to 1, got 2 in column 1");
}

}  // namespace test_bernoulli
