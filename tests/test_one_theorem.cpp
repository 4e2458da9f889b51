#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "nn/elementary.hpp"
#include "nn/loss.hpp"
#include "nn/network.hpp"
#include "nn/optimizer.hpp"
#include "nn/vector_ops.hpp"
#include "rl/bernoulli.hpp"
#include "rl/categorical.hpp"
#include "rl/gaussian.hpp"
#include "tests/support.hpp"

using namespace nn;
using rl::Gaussian;
using rl::Spread;
using tests::random_actions;
using tests::random_matrix;
using tests::random_vector;
using tests::within;

namespace {

const double pi = std::acos(-1.);

/// Trains two copies of a network, one up with the score times the return, one down with the gradient of a loss that
/// takes the action as label; true while all parameters are the same, bit for bit.
template <class Head, class Draw, class Loss>
bool same_training(Head head, Draw draw, Loss loss_gradient, Random& rng) {
  for (const bool adam : {false, true}) {
    Network policy({4, 16, head.outputs()}, Activation::tanh, rng);
    Network learner = policy;
    const auto optimizer = [adam]() -> std::unique_ptr<Optimizer> {
      if (adam) return std::make_unique<Adam>(AdamOptions{Scalar(0.01)});
      return std::make_unique<Sgd>(SgdOptions{.learning_rate = Scalar(0.01), .momentum = Scalar(0.5)});
    };
    const auto up = optimizer(), down = optimizer();
    for (int update = 0; update < 6; ++update) {
      const Matrix states = random_matrix(4, 40, rng);
      const typename Head::Actions actions = draw();
      const Vector returns = random_vector(40, rng);
      Matrix injected(head.outputs(), 40), dY(head.outputs(), 40);
      policy.zero_gradients(), learner.zero_gradients();
      head.weighted_score(policy.feedforward(states), actions, returns, injected);
      policy.backpropagate(injected);
      up->ascend(policy.parameters(), policy.gradients());

      loss_gradient(learner.feedforward(states), actions, returns, dY);
      learner.backpropagate(dY);
      down->descend(learner.parameters(), learner.gradients());
      if (!std::ranges::equal(policy.parameters(), learner.parameters())) return false;
    }
  }
  return true;
}

/// Sums over a fine row of actions, mu +- 12 sigma, one density each: integrals, exact to the last digits.
struct Row {
  static constexpr std::size_t count = 2400;
  static constexpr double step = 0.01;  // of sigma
  Matrix outputs{2, count}, actions{1, count}, score{2, count};
  Vector density = Vector(count), log_prob = Vector(count);
  Gaussian head{1, Spread::from_network};
  Row(double mu, double sigma) {
    fill(outputs.row(0), static_cast<Scalar>(mu)), fill(outputs.row(1), static_cast<Scalar>(std::log(sigma)));
    for (std::size_t i = 0; i < count; ++i)
      actions(0, i) = static_cast<Scalar>(mu + sigma * step * (double(i) - count / 2.));
    head.log_prob(outputs, actions, log_prob);
    head.weighted_score(outputs, actions, Vector(count, 1), score);
    for (std::size_t i = 0; i < count; ++i)
      density[i] = static_cast<Scalar>(std::exp(double(log_prob[i])) * step * sigma);
  }
};

double mean(ConstVectorView x) {
  return double(sum(x)) / double(x.size());
}

}  // namespace

TEST_CASE("one theorem, three instances, bit for bit: climbing weight times score is descending a weighted loss") {
  Random rng(65);
  // softmax and cross-entropy
  CHECK(same_training(
      rl::Categorical(3), [&] { return random_actions(40, 3, rng); }, cross_entropy_gradient, rng));
  // Bernoulli and the logistic loss
  CHECK(same_training(
      rl::Bernoulli(), [&] { return random_actions(40, 2, rng); }, logistic_loss_gradient, rng));
  // Gaussian and the squared error, weight return / sigma^2
  const auto log_sigma = static_cast<Scalar>(std::log(0.7));
  const auto squared = [&](ConstMatrixView Y, const Matrix& actions, Vector weights, MatrixView dY) {
    scale(nn::exp(-log_sigma) * nn::exp(-log_sigma), weights);
    squared_error_gradient(Y, actions, weights, dY);
  };
  const auto draw = [&] { return random_matrix(3, 40, rng, 2); };
  CHECK(same_training(Gaussian(3, Spread::fixed, log_sigma), draw, squared, rng));
}

TEST_CASE("with a bound at mu, the score of the clipped action pulls by -0.399 without any reward") {
  constexpr std::size_t count = 200'000;
  Random rng(66);
  Gaussian head(1, Spread::from_network);
  const Matrix outputs(2, count);  // mu = 0, sigma = 1
  Matrix drawn(1, count), clipped(1, count), score(2, count);
  std::vector<double> u(count);
  std::ranges::generate(u, [&] { return rng.uniform(); });
  head.sample(outputs, u, drawn);
  std::ranges::transform(drawn.flat(), clipped.flat().begin(), [](Scalar a) { return std::min(a, Scalar(0)); });
  const Vector ones(count, 1);
  const double five_errors = 5 / std::sqrt(double(count));
  head.weighted_score(outputs, drawn, ones, score);
  CHECK(std::abs(mean(score.row(0))) < five_errors * 1);
  CHECK(std::abs(mean(score.row(1))) < five_errors * std::sqrt(2.));
  head.weighted_score(outputs, clipped, ones, score);
  CHECK(std::abs(mean(score.row(0)) + 1 / std::sqrt(2 * pi)) < five_errors * std::sqrt(0.5 - 0.5 / pi));
  CHECK(std::abs(mean(score.row(1)) + 0.5) < five_errors * std::sqrt(1.25));
}

TEST_CASE("for mu = 0.3, sigma = 0.5 and the action 1.1 the slopes are 3.2 and 1.56") {
  Matrix outputs(2, 1), action(1, 1), out(2, 1);
  outputs(0, 0) = Scalar(0.3), outputs(1, 0) = static_cast<Scalar>(std::log(0.5)), action(0, 0) = Scalar(1.1);
  Gaussian head(1, Spread::from_network);
  head.weighted_score(outputs, action, Vector{1}, out);
  CHECK(double(out(0, 0)) == doctest::Approx(3.2).epsilon(1e-6));
  CHECK(double(out(1, 0)) == doctest::Approx(1.56).epsilon(1e-6));
  head.weighted_score(outputs, action, Vector{-2}, out);  // a bad outcome turns both
  CHECK(double(out(0, 0)) == doctest::Approx(-6.4).epsilon(1e-6));
  CHECK(double(out(1, 0)) == doctest::Approx(-3.12).epsilon(1e-6));
}

TEST_CASE("a density integrates to 1, its score to 0, and minus its log to the entropy") {
  Row row(0.3, 0.5);
  Vector entropy(Row::count);
  row.head.entropy(row.outputs, entropy);
  CHECK(std::abs(double(sum(row.density)) - 1) < within(1e-13, 2e-6));
  CHECK(std::abs(double(dot(row.density, row.score.row(0)))) < within(1e-13, 2e-6));
  CHECK(std::abs(double(dot(row.density, row.score.row(1)))) < within(1e-13, 2e-6));
  CHECK(std::abs(double(dot(row.density, row.log_prob)) + double(entropy[0])) < within(1e-13, 4e-6));
}

TEST_CASE("the log of a density may be positive: 1.384 at the mean of sigma = 0.1") {
  Gaussian head(1, Spread::fixed, static_cast<Scalar>(std::log(0.1)));
  Vector log_prob(1);
  head.log_prob(Matrix(1, 1), Matrix(1, 1), log_prob);
  CHECK(double(log_prob[0]) == doctest::Approx(-std::log(0.1 * std::sqrt(2 * pi))).epsilon(1e-6));
  CHECK(log_prob[0] > 1);
}
