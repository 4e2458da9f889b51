#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "nn/arithmetic/vector_ops.hpp"
#include "nn/gradient_check.hpp"
#include "nn/network.hpp"
#include "tests/support.hpp"

namespace test_network {

using namespace nn;
using tests::random_matrix;
using tests::within;

namespace {

/// J = sum of C * outputs, so that dJ/d(outputs) = C: backpropagate must give dJ/d(anything).
struct Checked {
  double parameters, inputs, size;
};
Checked check_network(std::vector<std::size_t> sizes, Activation activation, std::size_t batch, Random& rng) {
  Network network(sizes, activation, rng);
  for (Scalar& b : network.parameters()) b += static_cast<Scalar>(rng.uniform(-0.3, 0.3));  // biases too
  Matrix X = random_matrix(sizes.front(), batch, rng), dX(sizes.front(), batch);
  const Matrix C = random_matrix(sizes.back(), batch, rng);
  const auto J = [&] { return dot(C.flat(), network.feedforward(X).flat()); };
  J();
  network.backpropagate(C, dX);
  const double size = static_cast<double>(dot(network.gradients(), network.gradients()));
  return {max_gradient_error(network.parameters(), network.gradients(), J), max_gradient_error(X.flat(), dX.flat(), J),
          size};
}

}  // namespace

TEST_CASE(
    "every weight, bias and input has the gradient that central differences give, for an injected random vector") {
  Random rng(21);
  for (const auto& sizes : std::vector<std::vector<std::size_t>>{
           {4, 2}, {1, 1}, {4, 8, 2}, {3, 5, 7, 4}, {2, 6, 6, 6, 3}, {5, 1, 1, 2}, {4, 33, 2}})
    for (const Activation activation : {Activation::identity, Activation::tanh})
      for (const std::size_t batch : {1u, 2u, 17u}) {
        const Checked result = check_network(sizes, activation, batch, rng);
        CAPTURE(sizes.size());
        CAPTURE(batch);
        CHECK(result.parameters < within(1e-7, 3e-3));
        CHECK(result.inputs < within(1e-7, 3e-3));
        CHECK(result.size > 1e-4);  // zeros would agree with zeros
      }
}

TEST_CASE("a relu network has the gradient of central differences away from its kinks") {
  Random rng(22);
  Network network({3, 8, 8, 2}, Activation::relu, rng);
  Matrix X = random_matrix(3, 6, rng), dX(3, 6);
  const Matrix C = random_matrix(2, 6, rng);
  const auto J = [&] { return dot(C.flat(), network.feedforward(X).flat()); };
  J();
  network.backpropagate(C, dX);
  const Scalar h = is_double ? Scalar(1e-7) : Scalar(1e-4);  // small: no sum changes sign on the way
  CHECK(max_gradient_error(network.parameters(), network.gradients(), J, h) < within(1e-6, 3e-2));
  CHECK(max_gradient_error(X.flat(), dX.flat(), J, h) < within(1e-6, 3e-2));
  CHECK(dot(network.gradients(), network.gradients()) > 0.1);
}

TEST_CASE("relu lets no gradient through at 0") {
  Vector Y = {Scalar(-2), 0, 3}, dY = {1, 1, 1};
  activation_forward(Activation::relu, nn::MatrixView(Y.data(), 1, Y.size()));
  activation_backward(Activation::relu, nn::ConstMatrixView(Y.data(), 1, Y.size()),
                      nn::MatrixView(dY.data(), 1, dY.size()));
  CHECK(dY == Vector{0, 0, 1});
}

TEST_CASE("gradients add up until they are zeroed") {
  Random rng(23);
  Network network({4, 6, 2}, Activation::tanh, rng);
  const Matrix X = random_matrix(4, 3, rng), C = random_matrix(2, 3, rng);
  network.feedforward(X);
  network.backpropagate(C);
  const Vector once(network.gradients().begin(), network.gradients().end());
  network.backpropagate(C);
  bool doubled = true;
  for (std::size_t i = 0; i < once.size(); ++i) doubled = doubled && network.gradients()[i] == 2 * once[i];
  CHECK(doubled);
  network.zero_gradients();
  CHECK(dot(network.gradients(), network.gradients()) == 0);
}

TEST_CASE("backpropagate is linear in the injected vector") {
  Random rng(24);
  Network network({4, 9, 3}, Activation::tanh, rng);
  const Matrix X = random_matrix(4, 12, rng), A = random_matrix(3, 12, rng), B = random_matrix(3, 12, rng);
  Matrix sum_of_both(3, 12);
  for (std::size_t i = 0; i < 36; ++i) sum_of_both.flat()[i] = 2 * A.flat()[i] - 3 * B.flat()[i];
  const auto gradient = [&](const Matrix& injected) {
    network.zero_gradients();
    network.feedforward(X);
    network.backpropagate(injected);
    return Vector(network.gradients().begin(), network.gradients().end());
  };
  const Vector a = gradient(A), b = gradient(B), both = gradient(sum_of_both);
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(double(both[i] - (2 * a[i] - 3 * b[i]))));
  CHECK(worst < within(1e-13, 2e-5));
}

TEST_CASE(
    "a batch of states gives the outputs of one state at a time, to the last bit, and the sum of their gradients") {
  Random rng(25);
  Network together({4, 7, 2}, Activation::tanh, rng);
  Network alone = together;
  const Matrix X = random_matrix(4, 21, rng), C = random_matrix(2, 21, rng);
  const auto outputs = together.feedforward(X);
  together.backpropagate(C);
  bool equal = true;
  for (std::size_t t = 0; t < 21; ++t) {
    const auto one = alone.feedforward(X.view().columns(t, 1));
    for (std::size_t k = 0; k < 2; ++k) equal = equal && one(k, 0) == outputs(k, t);
    alone.backpropagate(C.view().columns(t, 1));
  }
  CHECK(equal);
  double worst = 0;
  for (std::size_t i = 0; i < together.gradients().size(); ++i)
    worst = std::max(worst, std::abs(double(together.gradients()[i] - alone.gradients()[i])));
  CHECK(worst < within(1e-13, 1e-5));
}

TEST_CASE("initial weights have the variance that keeps sums in size, no bias, and hidden units that differ") {
  Random rng(26);
  for (const Activation activation : {Activation::tanh, Activation::relu}) {
    Network network({100, 200, 3}, activation, rng, Scalar(0.01));
    const auto W = network.weight(0).flat();
    const double variance = double(dot(W, W)) / double(W.size());
    CHECK(std::abs(variance - (activation == Activation::relu ? 0.02 : 0.01)) < 0.0005);
    CHECK(dot(network.bias(0), network.bias(0)) == 0);
    const auto last = network.weight(1).flat();
    CHECK(double(dot(last, last)) / double(last.size()) < 2e-6);
    CHECK_FALSE(std::ranges::equal(network.weight(0).row(0), network.weight(0).row(1)));
  }
}

TEST_CASE("a network refuses wrong sizes, wrong shapes and numbers that are not finite, and says what came") {
  Random rng(27);
  CHECK_THROWS_WITH(Network({4}, Activation::tanh, rng), "Network: expected at least 2 sizes, got 1");
  CHECK_THROWS_WITH(Network({}, Activation::tanh, rng), "Network: expected at least 2 sizes, got 0");
  CHECK_THROWS_WITH(Network({4, 0, 2}, Activation::tanh, rng),
                    "Network: expected sizes of at least 1, got 0 at position 1");
  Network network({4, 3, 2}, Activation::tanh, rng);
  CHECK_THROWS_AS(network.backpropagate(Matrix(2, 1)), std::invalid_argument);  // before any feedforward
  CHECK_THROWS_WITH(network.feedforward(Matrix(3, 1)), "Network::feedforward: expected 4 features per state, got 3");
  CHECK_THROWS_WITH(network.feedforward(Matrix(4, 0)), "Network::feedforward: expected at least 1 state, got 0");
  Matrix X(4, 5), C(2, 5);
  X(2, 3) = Scalar(NAN);
  CHECK_THROWS_WITH(network.feedforward(X), "Network::feedforward: expected finite states, got nan in row 2, column 3");
  X(2, 3) = Scalar(INFINITY);
  CHECK_THROWS_AS(network.feedforward(X), std::invalid_argument);
  X(2, 3) = 0;
  network.feedforward(X);
  CHECK_THROWS_WITH(
      network.backpropagate(Matrix(2, 4)),
      "Network::backpropagate: expected an output gradient of 2 x 5, as the last feedforward gave, got 2 x 4");
  C(1, 4) = Scalar(NAN);
  CHECK_THROWS_WITH(network.backpropagate(C),
                    "Network::backpropagate: expected finite output gradients, got nan in row 1, column 4");
  CHECK(dot(network.gradients(), network.gradients()) == 0);  // nothing was added
  C(1, 4) = 0;
  Matrix wrong(3, 5);
  CHECK_THROWS_AS(network.backpropagate(C, wrong), std::invalid_argument);

  // Some columns of a wider matrix, whose rows do not lie end to end: the last row is looked at too.
  Network kinked({4, 3, 2}, Activation::relu, rng);
  X(3, 1) = Scalar(NAN), X(0, 4) = Scalar(NAN);  // the second is outside
  CHECK_THROWS_WITH(kinked.feedforward(X.view().columns(0, 3)),
                    "Network::feedforward: expected finite states, got nan in row 3, column 1");
  X(3, 1) = 0;
  kinked.feedforward(X.view().columns(0, 3));
  C(1, 2) = Scalar(NAN);
  CHECK_THROWS_WITH(kinked.backpropagate(C.view().columns(0, 3)),
                    "Network::backpropagate: expected finite output gradients, got nan in row 1, column 2");
}

TEST_CASE("the gradient check finds a wrong gradient, a NaN, and zeros where there should be none") {
  Random rng(28);
  Network network({3, 4, 2}, Activation::tanh, rng);
  const Matrix X = random_matrix(3, 5, rng), C = random_matrix(2, 5, rng);
  const auto J = [&] { return dot(C.flat(), network.feedforward(X).flat()); };
  J();
  network.backpropagate(C);
  const auto error = [&] { return max_gradient_error(network.parameters(), network.gradients(), J); };
  CHECK(error() < within(1e-9, 3e-3));
  const Vector right(network.gradients().begin(), network.gradients().end());
  scale(Scalar(1.05), network.gradients());
  CHECK(error() > 0.01);
  network.gradients()[3] = Scalar(NAN);
  CHECK_FALSE(error() < 1);
  network.zero_gradients();
  CHECK(error() > 0.1);
  std::ranges::copy(right, network.gradients().begin());
  CHECK(error() < within(1e-9, 3e-3));  // and the check has left the parameters as they were
}

}  // namespace test_network
