#include <doctest/doctest.h>

#include <cmath>

#include "nn/arithmetic/vector_ops.hpp"
#include "nn/gradient_check.hpp"
#include "nn/loss.hpp"
#include "nn/softmax.hpp"
#include "tests/support.hpp"

namespace test_softmax {

using namespace nn;
using tests::random_actions;
using tests::random_matrix;
using tests::random_vector;
using tests::within;

TEST_CASE("softmax gives probabilities: positive, summing to 1, in the ratio of the exponentials") {
  Random rng(11);
  const Matrix Z = random_matrix(5, 150, rng, 4);
  Matrix P(5, 150);
  softmax(Z, P);
  double worst_sum = 0, worst_ratio = 0, smallest = 1;
  for (std::size_t t = 0; t < 150; ++t) {
    double total = 0;
    for (std::size_t k = 0; k < 5; ++k) {
      total += double(P(k, t));
      smallest = std::min(smallest, double(P(k, t)));
      worst_ratio =
          std::max(worst_ratio, std::abs(double(P(k, t) / P(0, t)) / std::exp(double(Z(k, t) - Z(0, t))) - 1));
    }
    worst_sum = std::max(worst_sum, std::abs(total - 1));
  }
  CHECK(smallest > 0);
  CHECK(worst_sum < within(1e-15, 3e-7));
  CHECK(worst_ratio < within(1e-14, 3e-6));
}

TEST_CASE("logits of 800, or 100000, give finite probabilities and logarithms") {
  Matrix Z(2, 3), P(2, 3), L(2, 3);
  const Scalar z[] = {800, -800, 100000, -800, 800, -100000};
  std::copy(std::begin(z), std::end(z), Z.flat().begin());
  softmax(Z, P);
  log_softmax(Z, L);
  CHECK(P(0, 0) == 1);
  CHECK(P(1, 0) == 0);
  CHECK(L(0, 0) == 0);
  CHECK(L(1, 0) == -1600);
  CHECK(L(1, 2) == -200000);
  CHECK(first_not_finite(L.flat()) == 6);
}

TEST_CASE("log_softmax is the logarithm of softmax, and adding a number to all logits changes neither") {
  Random rng(12);
  Matrix Z = random_matrix(4, 70, rng, 5), P(4, 70), L(4, 70), shifted(4, 70);
  softmax(Z, P);
  log_softmax(Z, L);
  double worst = 0;
  for (std::size_t i = 0; i < 280; ++i)
    worst = std::max(worst, std::abs(std::log(double(P.flat()[i])) - double(L.flat()[i])));
  CHECK(worst < within(1e-14, 5e-6));
  for (Scalar& z : Z.flat()) z += 1000;
  softmax(Z, shifted);
  worst = 0;
  for (std::size_t i = 0; i < 280; ++i) worst = std::max(worst, std::abs(double(P.flat()[i] - shifted.flat()[i])));
  CHECK(worst < within(1e-12, 1e-4));
}

TEST_CASE("the gradient of weighted cross-entropy is (softmax - one_hot) * weight, by central differences") {
  Random rng(13);
  Matrix Z = random_matrix(4, 9, rng, 2), dZ(4, 9);
  const auto labels = random_actions(9, 4, rng);
  const Vector weights = random_vector(9, rng);
  cross_entropy_gradient(Z, labels, weights, dZ);
  const auto L = [&] { return cross_entropy(Z, labels, weights); };
  CHECK(max_gradient_error(Z.flat(), dZ.flat(), L) < within(1e-9, 2e-3));
  CHECK(dot(dZ.flat(), dZ.flat()) > 0.1);
  for (std::size_t t = 0; t < 9; ++t) {  // every column sums to 0: what one logit gains the others lose
    double total = 0;
    for (std::size_t k = 0; k < 4; ++k) total += double(dZ(k, t));
    CHECK(std::abs(total) < within(1e-15, 3e-7));
  }
}

// Eq. (0.12)
TEST_CASE("the squared errors have the gradients they claim, and the mean one is PyTorch's MSELoss") {
  Random rng(14);
  Matrix Y = random_matrix(3, 8, rng), dY(3, 8);
  const Matrix target = random_matrix(3, 8, rng);
  const Vector weights = random_vector(8, rng);
  squared_error_gradient(Y, target, weights, dY);
  CHECK(max_gradient_error(Y.flat(), dY.flat(), [&] { return squared_error(Y, target, weights); }) <
        within(1e-9, 1e-3));
  CHECK(dot(dY.flat(), dY.flat()) > 0.1);
  mean_squared_error_gradient(Y, target, dY);
  CHECK(max_gradient_error(Y.flat(), dY.flat(), [&] { return mean_squared_error(Y, target); }) < within(1e-9, 1e-3));
  double mean = 0;
  for (std::size_t i = 0; i < 24; ++i) mean += std::pow(double(Y.flat()[i] - target.flat()[i]), 2) / 24;
  CHECK(std::abs(double(mean_squared_error(Y, target)) - mean) < within(1e-14, 1e-6));
}

TEST_CASE("a label that is no class is refused, with what was expected and what came") {
  const Matrix Z(3, 2);
  Matrix dZ(3, 2);
  const Vector weights(2, Scalar(1));
  const std::vector<int> high = {0, 3}, low = {-1, 0};
  CHECK_THROWS_WITH(cross_entropy(Z, high, weights), "cross_entropy: expected labels from 0 to 2, got 3 in column 1");
  CHECK_THROWS_AS(cross_entropy_gradient(Z, low, weights, dZ), std::invalid_argument);
}

}  // namespace test_softmax
