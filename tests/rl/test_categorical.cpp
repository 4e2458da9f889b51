#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "nn/arithmetic/vector_ops.hpp"
#include "nn/gradient_check.hpp"
#include "nn/loss.hpp"
#include "nn/network.hpp"
#include "nn/optimizer.hpp"
#include "nn/softmax.hpp"
#include "rl/categorical.hpp"
#include "rl/policy_gradient.hpp"
#include "tests/rl/support.hpp"
#include "tests/support.hpp"

namespace test_categorical {

using namespace nn;
using rl::Categorical;
using tests::random_actions;
using tests::random_matrix;
using tests::random_vector;
using tests::within;

namespace {

/// What is injected for p = [0.6, 0.4] and the given action, with weight G.
std::vector<double> injected(int action, double G) {
  Matrix logits(2, 1), out(2, 1);
  logits(0, 0) = static_cast<Scalar>(std::log(0.6));
  logits(1, 0) = static_cast<Scalar>(std::log(0.4));
  const std::vector<int> actions = {action};
  const Vector weights = {static_cast<Scalar>(G)};
  Categorical distribution;
  distribution.weighted_score(logits, actions, weights, out);
  return {double(out(0, 0)), double(out(1, 0))};
}

}  // namespace

TEST_CASE("for p = [0.6, 0.4], action 0 and return 2 the injected vector is (+0.8, -0.8)") {
  CHECK(injected(0, 2)[0] == doctest::Approx(0.8).epsilon(1e-6));
  CHECK(injected(0, 2)[1] == doctest::Approx(-0.8).epsilon(1e-6));
  CHECK(injected(1, 2)[0] == doctest::Approx(-1.2).epsilon(1e-6));
  CHECK(injected(0, -2)[0] == doctest::Approx(-0.8).epsilon(1e-6));  // a bad outcome turns every sign
}

TEST_CASE("the score is the difference quotient of log_prob") {
  Random rng(41);
  Matrix logits = random_matrix(5, 11, rng, 2), score(5, 11);
  const auto actions = random_actions(11, 5, rng);
  const Vector weights = random_vector(11, rng);
  Vector log_prob(11);
  Categorical distribution;
  distribution.weighted_score(logits, actions, weights, score);
  const auto J = [&] { return distribution.log_prob(logits, actions, log_prob), dot(weights, log_prob); };
  CHECK(max_gradient_error(logits.flat(), score.flat(), J) < within(1e-9, 2e-3));
  CHECK(dot(score.flat(), score.flat()) > 0.1);
}

TEST_CASE("the gradient of the entropy is its difference quotient") {
  Random rng(49);
  Matrix logits = random_matrix(5, 11, rng, 2), gradient(5, 11);
  const Vector weights = random_vector(11, rng);
  Vector entropy(11);
  Categorical distribution;
  distribution.entropy_gradient(logits, weights, gradient);
  const auto J = [&] { return distribution.entropy(logits, entropy), dot(weights, entropy); };
  CHECK(max_gradient_error(logits.flat(), gradient.flat(), J) < within(1e-9, 2e-3));
  CHECK(dot(gradient.flat(), gradient.flat()) > 0.1);
}

TEST_CASE("the score has mean zero under its own policy: with every weight 1 there is nothing to learn") {
  Random rng(42);
  const Matrix logits = random_matrix(4, 1, rng, 2);
  Matrix P(4, 1), score(4, 1);
  softmax(logits, P);
  const Vector one = {1};
  std::vector<double> mean(4, 0.);
  Categorical distribution;
  for (int a = 0; a < 4; ++a) {  // the exact expectation: every action, with its probability
    distribution.weighted_score(logits, std::vector<int>{a}, one, score);
    for (std::size_t k = 0; k < 4; ++k) mean[k] += double(P(std::size_t(a), 0)) * double(score(k, 0));
  }
  for (const double m : mean) CHECK(std::abs(m) < within(1e-16, 1e-7));
}

TEST_CASE("entropy is that of the probabilities: log K when uniform, 0 when certain") {
  Matrix logits(3, 3);
  logits(0, 1) = 1000;
  logits(0, 2) = 1, logits(1, 2) = 2;
  Vector H(3);
  Categorical distribution;
  distribution.entropy(logits, H);
  CHECK(double(H[0]) == doctest::Approx(std::log(3.)).epsilon(1e-6));
  CHECK(H[1] == 0);
  const double e1 = std::exp(1), e2 = std::exp(2), total = e1 + e2 + 1;
  CHECK(double(H[2]) == doctest::Approx(std::log(total) - (e1 * 1 + e2 * 2) / total).epsilon(1e-6));
}

TEST_CASE("the entropy keeps its digits where the policy is almost sure, and where it is not") {
  for (const std::size_t actions : {2u, 3u, 7u})
    for (int gap = -100; gap <= 100; ++gap) {
      nn::Matrix logits(actions, 1);
      for (std::size_t k = 0; k < actions; ++k)
        logits(k, 0) = static_cast<Scalar>(k == 1 ? 0.87 * gap : 0.3 * static_cast<double>(k));
      long double total = 0, entropy = 0;
      const long double largest = std::max(logits(1, 0), logits(actions - 1, 0) * Scalar(actions != 2));
      for (std::size_t k = 0; k < actions; ++k) total += std::exp(logits(k, 0) - largest);
      // The logarithm of the total from what is beside the largest, as the sum itself would round it away.
      long double others = 0;
      bool found = false;
      for (std::size_t k = 0; k < actions; ++k)
        if (!found && static_cast<long double>(logits(k, 0)) == largest)
          found = true;
        else
          others += std::exp(logits(k, 0) - largest);
      for (std::size_t k = 0; k < actions; ++k)
        entropy += std::exp(logits(k, 0) - largest) / total * (std::log1p(others) + (largest - logits(k, 0)));
      nn::Vector got(1);
      rl::Categorical(actions).entropy(logits, got);
      CHECK(std::abs(got[0] - entropy) <= 16 * std::numeric_limits<Scalar>::epsilon() * entropy + 1e-37L);
    }
}

TEST_CASE("the gradient of the entropy keeps its digits where the policy is almost sure, and where it is not") {
  for (const std::size_t actions : {2u, 3u, 7u})
    for (int gap = -100; gap <= 100; ++gap) {
      Matrix logits(actions, 1), gradient(actions, 1);
      for (std::size_t k = 0; k < actions; ++k)
        logits(k, 0) = static_cast<Scalar>(k == 1 ? 0.87 * gap : 0.3 * static_cast<double>(k));
      Categorical().entropy_gradient(logits, Vector{1}, gradient);
      const auto z = logits.flat();
      const auto [least, most] = std::minmax_element(z.begin(), z.end());
      const long double largest = *most;
      // z_k - z_max is rounded once, and with it the digits of every p.
      const long double tolerance = (16 + largest - *least) * std::numeric_limits<Scalar>::epsilon();
      long double total = 0, mean = 0;  // log p_k + H is the mean distance to the largest logit minus that of logit k
      for (const long double z_k : z) total += std::exp(z_k - largest);
      for (const long double z_k : z) mean += std::exp(z_k - largest) / total * (largest - z_k);
      for (std::size_t k = 0; k < actions; ++k) {
        const long double distance = largest - z[k], p = std::exp(-distance) / total;
        CHECK(std::abs(gradient(k, 0) + p * (mean - distance)) <= tolerance * p * (mean + distance) + 1e-37L);
      }
    }
}

TEST_CASE("sampled actions have the policy's frequencies: chi-square of 100,000 draws") {
  constexpr std::size_t count = 100'000;
  Random rng(43);
  Matrix logits(4, count);
  const double p[] = {0.5, 0.3, 0.15, 0.05};
  for (std::size_t k = 0; k < 4; ++k) fill(logits.row(k), static_cast<Scalar>(std::log(p[k])));
  std::vector<double> u(count);
  for (double& value : u) value = rng.uniform();
  std::vector<int> actions(count);
  Categorical distribution;
  distribution.sample(logits, u, actions);
  double chi_square = 0;
  for (int k = 0; k < 4; ++k) {
    const double expected = p[k] * count, seen = double(std::ranges::count(actions, k));
    chi_square += (seen - expected) * (seen - expected) / expected;
  }
  CHECK(chi_square < 27.9);                   // 3 degrees of freedom: exceeded once in 260,000
  CHECK(std::ranges::count(actions, 3) > 0);  // argmax would never take it
}

TEST_CASE("a sample is the first action whose cumulative probability is above u, and never one of probability 0") {
  Matrix logits(3, 6);
  const double p[] = {0.25, 0.75, 0};
  for (std::size_t t = 0; t < 6; ++t) {
    logits(0, t) = static_cast<Scalar>(std::log(p[0]));
    logits(1, t) = static_cast<Scalar>(std::log(p[1]));
    logits(2, t) = -Scalar(1e4);
  }
  const std::vector<double> u = {0, 0.2499, 0.2501, 0.5, 0.999, 1 - 0x1p-53};
  std::vector<int> actions(6);
  Categorical distribution;
  distribution.sample(logits, u, actions);
  CHECK(actions == std::vector<int>{0, 0, 1, 1, 1, 1});
  distribution.mode(logits, actions);
  CHECK(actions == std::vector<int>(6, 1));
}

TEST_CASE("the mode is the first of the likeliest actions") {
  Matrix logits(4, 3);
  logits(1, 1) = logits(3, 1) = 2;
  logits(2, 2) = logits(3, 2) = 1, logits(0, 2) = Scalar(0.5);
  std::vector<int> actions(3);
  Categorical().mode(logits, actions);
  CHECK(actions == std::vector<int>{0, 1, 2});
}

TEST_CASE("an action that does not exist is refused, with what was expected and what came") {
  const Matrix logits(2, 2);
  Matrix out(2, 2);
  Vector result(2);
  const Vector weights(2, Scalar(1));
  Categorical distribution;
  CHECK_THROWS_WITH(distribution.weighted_score(logits, std::vector<int>{0, 2}, weights, out),
                    "Categorical::weighted_score: expected actions from 0 to 1, got 2 in column 1");
  CHECK_THROWS_AS(distribution.log_prob(logits, std::vector<int>{-1, 0}, result), std::invalid_argument);
}

TEST_CASE("a REINFORCE ascend is, bit for bit, a weighted cross-entropy descend with the taken action as label") {
  Random rng(44);
  for (const bool adam : {false, true}) {
    rl::Policy policy = tests::policy_of(Network({4, 16, 3}, Activation::tanh, rng));
    Network classifier = policy.network;
    const std::unique_ptr<Optimizer> up =
        adam ? std::unique_ptr<Optimizer>(std::make_unique<Adam>(AdamOptions{Scalar(0.01)}))
             : std::make_unique<Sgd>(SgdOptions{.learning_rate = Scalar(0.1), .momentum = Scalar(0.5)});
    const std::unique_ptr<Optimizer> down =
        adam ? std::unique_ptr<Optimizer>(std::make_unique<Adam>(AdamOptions{Scalar(0.01)}))
             : std::make_unique<Sgd>(SgdOptions{.learning_rate = Scalar(0.1), .momentum = Scalar(0.5)});
    for (int update = 0; update < 6; ++update) {
      const Matrix states = random_matrix(4, 40, rng);
      const auto actions = random_actions(40, 3, rng);
      const Vector returns = random_vector(40, rng);
      policy.zero_gradients();
      tests::accumulate(policy, states, tests::row_of(actions), returns);
      up->ascend(policy.network.parameters(), policy.network.gradients());

      classifier.zero_gradients();
      const auto logits = classifier.feedforward(states);
      Matrix dZ(3, 40);
      cross_entropy_gradient(logits, actions, returns, dZ);
      classifier.backpropagate(dZ);
      down->descend(classifier.parameters(), classifier.gradients());
      REQUIRE(std::ranges::equal(policy.network.parameters(), classifier.parameters()));
    }
  }
}

TEST_CASE("an action that is no index of an action is refused: a fraction, a number out of range, NaN, infinity") {
  Random rng(48);
  const Matrix logits = random_matrix(3, 20, rng);
  Categorical categorical;
  Vector log_prob(20);
  for (const double wrong : {0.5, -1., 3., 1e30, -1e30, double(NAN), double(INFINITY)}) {
    Matrix actions(1, 20);
    actions(0, 17) = static_cast<Scalar>(wrong);
    CHECK_THROWS_AS(categorical.log_prob(logits, ConstMatrixView(actions), log_prob), std::invalid_argument);
  }
  categorical.log_prob(logits, ConstMatrixView(Matrix(1, 20)), log_prob);
}

TEST_CASE("injecting G/p at the one taken probability, through softmax's Jacobian, is injecting at all logits") {
  Random rng(45);
  const Matrix logits = random_matrix(4, 10, rng, 2);
  const auto actions = random_actions(10, 4, rng);
  const Vector weights = random_vector(10, rng);
  Matrix P(4, 10), at_logits(4, 10);
  softmax(logits, P);
  Categorical distribution;
  distribution.weighted_score(logits, actions, weights, at_logits);
  double worst = 0;
  for (std::size_t t = 0; t < 10; ++t) {
    const auto a = static_cast<std::size_t>(actions[t]);
    const double at_probability = double(weights[t]) / double(P(a, t));  // d(G log p_a)/dp_a; every other output gets 0
    for (std::size_t k = 0; k < 4; ++k) {
      const double jacobian = double(P(a, t)) * ((a == k ? 1. : 0.) - double(P(k, t)));  // dp_a/dz_k
      worst = std::max(worst, std::abs(at_probability * jacobian - double(at_logits(k, t))));
    }
  }
  CHECK(worst < within(1e-15, 1e-6));
}

TEST_CASE("the policy gradient through the network is the difference quotient of sum weight * log_prob") {
  Random rng(46);
  rl::Policy policy = tests::policy_of(Network({4, 6, 5, 3}, Activation::tanh, rng));
  Network& network = policy.network;
  const Matrix states = random_matrix(4, 300, rng);
  const auto actions = random_actions(300, 3, rng);
  Vector weights = random_vector(300, rng), log_prob(300);
  tests::accumulate(policy, states, tests::row_of(actions), weights);
  Categorical of;
  const auto J = [&] { return of.log_prob(network.feedforward(states), actions, log_prob), dot(weights, log_prob); };
  CHECK(max_gradient_error(network.parameters(), network.gradients(), J) < within(1e-8, 2e-2));
  CHECK(dot(network.gradients(), network.gradients()) > 0.1);
}

TEST_CASE(
    "with entropy weights, the policy gradient also climbs the entropy of every state, by the difference quotient") {
  Random rng(47);
  rl::Policy policy = tests::policy_of(Network({4, 6, 3}, Activation::tanh, rng));
  Network& network = policy.network;
  const Matrix states = random_matrix(4, 30, rng);
  const auto actions = random_actions(30, 3, rng);
  const Vector weights = random_vector(30, rng), entropy_weights = random_vector(30, rng);
  Vector log_prob(30), entropy(30);
  Activations activations;
  network.feedforward(states, activations);
  rl::accumulate_policy_gradient(policy, activations, tests::row_of(actions), weights, entropy_weights);
  Categorical of;
  const auto J = [&] {
    const auto logits = network.feedforward(states);
    of.log_prob(logits, actions, log_prob), of.entropy(logits, entropy);
    return dot(weights, log_prob) + dot(entropy_weights, entropy);
  };
  CHECK(max_gradient_error(network.parameters(), network.gradients(), J) < within(1e-8, 2e-2));
}

}  // namespace test_categorical
