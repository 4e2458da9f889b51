#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "nn/arithmetic/elementary.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "nn/gradient_check.hpp"
#include "nn/loss.hpp"
#include "nn/network.hpp"
#include "nn/optimizer.hpp"
#include "nn/softmax.hpp"
#include "rl/bernoulli.hpp"
#include "rl/categorical.hpp"
#include "rl/gaussian.hpp"
#include "tests/support.hpp"

namespace test_one_theorem {

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
template <class Distribution, class Draw, class Loss>
bool same_training(Distribution distribution, Draw draw, Loss loss_gradient, Random& rng) {
  for (const bool adam : {false, true}) {
    Network policy({4, 16, distribution.outputs()}, Activation::tanh, rng);
    Network learner = policy;
    const auto optimizer = [adam]() -> std::unique_ptr<Optimizer> {
      if (adam) return std::make_unique<Adam>(AdamOptions{Scalar(0.01)});
      return std::make_unique<Sgd>(SgdOptions{.learning_rate = Scalar(0.01), .momentum = Scalar(0.5)});
    };
    const auto up = optimizer(), down = optimizer();
    for (int update = 0; update < 6; ++update) {
      const Matrix states = random_matrix(4, 40, rng);
      const auto actions = draw();
      const Vector returns = random_vector(40, rng);
      Matrix injected(distribution.outputs(), 40), dY(distribution.outputs(), 40);
      policy.zero_gradients(), learner.zero_gradients();
      distribution.weighted_score(policy.feedforward(states), actions, returns, injected);
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
  Gaussian distribution{1, Spread::from_network};
  Row(double mu, double sigma) {
    fill(outputs.row(0), static_cast<Scalar>(mu)), fill(outputs.row(1), static_cast<Scalar>(std::log(sigma)));
    for (std::size_t i = 0; i < count; ++i)
      actions(0, i) = static_cast<Scalar>(mu + sigma * step * (double(i) - count / 2.));
    distribution.log_prob(outputs, actions, log_prob);
    distribution.weighted_score(outputs, actions, Vector(count, 1), score);
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

TEST_CASE("with a bound at mu, the score of the clipped action pulls by -0.399 without any reward") {  // Eq. (11.12)
  constexpr std::size_t count = 200'000;
  Random rng(66);
  Gaussian distribution(1, Spread::from_network);
  const Matrix outputs(2, count);  // mu = 0, sigma = 1
  Matrix drawn(1, count), clipped(1, count), score(2, count);
  std::vector<double> u(count);
  std::ranges::generate(u, [&] { return rng.uniform(); });
  distribution.sample(outputs, u, drawn);
  std::ranges::transform(drawn.flat(), clipped.flat().begin(), [](Scalar a) { return std::min(a, Scalar(0)); });
  const Vector ones(count, 1);
  const double five_errors = 5 / std::sqrt(double(count));
  distribution.weighted_score(outputs, drawn, ones, score);
  CHECK(std::abs(mean(score.row(0))) < five_errors * 1);
  CHECK(std::abs(mean(score.row(1))) < five_errors * std::sqrt(2.));
  distribution.weighted_score(outputs, clipped, ones, score);
  CHECK(std::abs(mean(score.row(0)) + 1 / std::sqrt(2 * pi)) < five_errors * std::sqrt(0.5 - 0.5 / pi));
  CHECK(std::abs(mean(score.row(1)) + 0.5) < five_errors * std::sqrt(1.25));
}

TEST_CASE(
    "for mu = 0.3, sigma = 0.5 and the action 1.1 the derivatives are 3.2 and 1.56") {  // Eq. (0.11), (11.7), (11.8)
  Matrix outputs(2, 1), action(1, 1), out(2, 1);
  outputs(0, 0) = Scalar(0.3), outputs(1, 0) = static_cast<Scalar>(std::log(0.5)), action(0, 0) = Scalar(1.1);
  Gaussian distribution(1, Spread::from_network);
  distribution.weighted_score(outputs, action, Vector{1}, out);
  CHECK(double(out(0, 0)) == doctest::Approx(3.2).epsilon(1e-6));
  CHECK(double(out(1, 0)) == doctest::Approx(1.56).epsilon(1e-6));
  distribution.weighted_score(outputs, action, Vector{-2}, out);  // a bad outcome turns both
  CHECK(double(out(0, 0)) == doctest::Approx(-6.4).epsilon(1e-6));
  CHECK(double(out(1, 0)) == doctest::Approx(-3.12).epsilon(1e-6));
}

TEST_CASE(
    "the score along log sigma is the theorem with T = (a - mu)^2, eta = -1 / (2 sigma^2)") {  // Eq. (11.5), (11.8)
  const double mu = 0.3, sigma = 0.5, h = 1e-6;
  const auto eta = [](double log_sigma) { return -0.5 * std::exp(-2 * log_sigma); };
  const double chain = (eta(std::log(sigma) + h) - eta(std::log(sigma) - h)) / (2 * h);
  CHECK(chain == doctest::Approx(1 / (sigma * sigma)).epsilon(1e-8));
  for (const double a : {-1., 0.1, 1.1}) {
    Matrix outputs(2, 1), action(1, 1), out(2, 1);
    outputs(0, 0) = Scalar(mu), outputs(1, 0) = static_cast<Scalar>(std::log(sigma)), action(0, 0) = Scalar(a);
    Gaussian(1, Spread::from_network).weighted_score(outputs, action, Vector{1}, out);
    CHECK(double(out(1, 0)) == doctest::Approx(((a - mu) * (a - mu) - sigma * sigma) * chain).epsilon(1e-5));
  }
}

TEST_CASE("a density integrates to 1, its score to 0, and minus its log to the entropy") {  // Eq. (11.5)
  Row row(0.3, 0.5);
  Vector entropy(Row::count);
  row.distribution.entropy(row.outputs, entropy);
  CHECK(std::abs(double(sum(row.density)) - 1) < within(1e-13, 2e-6));
  CHECK(std::abs(double(dot(row.density, row.score.row(0)))) < within(1e-13, 2e-6));
  CHECK(std::abs(double(dot(row.density, row.score.row(1)))) < within(1e-13, 2e-6));
  CHECK(std::abs(double(dot(row.density, row.log_prob)) + double(entropy[0])) < within(1e-13, 4e-6));
}

TEST_CASE("the log of a density may be positive: 1.384 at the mean of sigma = 0.1") {  // Eq. (11.1)
  Gaussian distribution(1, Spread::fixed, static_cast<Scalar>(std::log(0.1)));
  Vector log_prob(1);
  distribution.log_prob(Matrix(1, 1), Matrix(1, 1), log_prob);
  CHECK(double(log_prob[0]) == doctest::Approx(-std::log(0.1 * std::sqrt(2 * pi))).epsilon(1e-6));
  CHECK(log_prob[0] > 1);
}

TEST_CASE("the average of return times score over all actions is the gradient of J, for a density too") {  // Eq. (11.2)
  const Row row(0.3, 0.5);
  double along_mu = 0, along_log_sigma = 0, J = 0;
  for (std::size_t i = 0; i < Row::count; ++i) {
    const double G = std::pow(double(row.actions(0, i)), 2), p = double(row.density[i]);
    J += p * G, along_mu += p * G * double(row.score(0, i)), along_log_sigma += p * G * double(row.score(1, i));
  }
  CHECK(std::abs(J - (0.3 * 0.3 + 0.5 * 0.5)) < within(1e-13, 1e-5));
  CHECK(std::abs(along_mu - 2 * 0.3) < within(1e-13, 1e-5));
  CHECK(std::abs(along_log_sigma - 2 * 0.5 * 0.5) < within(1e-13, 1e-5));
}

TEST_CASE("where the support moves with theta, return times score is not the gradient: uniform on (0, theta)") {
  constexpr int count = 1000;
  const double theta = 2;
  double mean_of_a_times_score = 0, J = 0;
  for (int i = 0; i < count; ++i) {
    const double a = theta * (i + 0.5) / count;
    J += a / count, mean_of_a_times_score += a * (-1 / theta) / count;  // log density: -log theta
  }
  CHECK(J == doctest::Approx(theta / 2));
  CHECK(mean_of_a_times_score == doctest::Approx(-0.5));  // and dJ/dtheta is +1/2
}

TEST_CASE(
    "every distribution is eta T(a) - A(eta) + h(a), and the derivative of A is the mean of T") {  // Eq. (11.3), (11.4)
  Random rng(67);
  Vector log_prob(1), other(1);
  Matrix P(4, 1);
  const Matrix z = random_matrix(1, 1, rng, 3);
  for (const int a : {0, 1}) {  // Bernoulli: T = a, A = log(1 + e^z), h = 0
    rl::Bernoulli().log_prob(z, std::vector<int>{a}, log_prob);
    CHECK(double(log_prob[0]) == doctest::Approx(a * double(z(0, 0)) - std::log1p(std::exp(double(z(0, 0))))));
  }
  Matrix logits = random_matrix(4, 1, rng, 2);  // softmax: T = one_hot(a), A = log sum exp
  softmax(logits, P);
  const auto A = [&] {
    double total = 0;
    for (const Scalar x : logits.flat()) total += std::exp(double(x));
    return std::log(total);
  };
  CHECK(max_gradient_error(logits.flat(), P.flat(), A) < within(1e-9, 1e-3));
  rl::Categorical().log_prob(logits, std::vector<int>{2}, log_prob);
  CHECK(double(log_prob[0]) == doctest::Approx(double(logits(2, 0)) - A()));
  // Gaussian: T = a, eta = mu / sigma^2, A = sigma^2 eta^2 / 2, so A' = mu; h must not know mu
  Gaussian distribution(1, Spread::fixed, static_cast<Scalar>(std::log(0.5)));
  const Matrix action = random_matrix(1, 1, rng, 2), mu_1 = random_matrix(1, 1, rng), mu_2 = random_matrix(1, 1, rng);
  distribution.log_prob(mu_1, action, log_prob), distribution.log_prob(mu_2, action, other);
  const auto rest = [&](Scalar log_pi, Scalar mu) {
    const double eta = double(mu) / 0.25;
    return double(log_pi) - (eta * double(action(0, 0)) - 0.25 * eta * eta / 2);
  };
  CHECK(rest(log_prob[0], mu_1(0, 0)) == doctest::Approx(rest(other[0], mu_2(0, 0))));
  const Row row(0.3, 0.5);
  CHECK(double(dot(row.density, row.actions.row(0))) == doctest::Approx(0.3));
}

}  // namespace test_one_theorem
