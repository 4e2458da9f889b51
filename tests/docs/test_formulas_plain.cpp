/// The plain loops of tests/nn/plain.hpp, which the pages show, against the functions that the network calls.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "nn/arithmetic/vector_ops.hpp"
#include "nn/dense.hpp"
#include "nn/network.hpp"
#include "nn/softmax.hpp"
#include "tests/nn/plain.hpp"
#include "tests/support.hpp"

namespace test_formulas_plain {

using namespace nn;
using tests::random_matrix;
using tests::random_vector;
using tests::within;

namespace {

double distance(ConstVectorView x, ConstVectorView y) {
  REQUIRE(x.size() == y.size());
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) worst = std::max(worst, std::abs(double(x[i]) - double(y[i])));
  return worst;
}

}  // namespace

TEST_CASE("three plain loops are a dense layer, bit for bit up to four inputs") {  // Eq. (1.2)
  Random rng(161);
  for (const std::size_t inputs : {1u, 2u, 3u, 4u, 5u, 33u}) {
    const Matrix W = random_matrix(6, inputs, rng), X = random_matrix(inputs, 19, rng);
    const Vector b = random_vector(6, rng);
    Matrix fast(6, 19), slow(6, 19);
    dense_forward(W, b, X, fast);
    plain::layer(W, b, X, slow);
    CHECK(distance(fast.flat(), slow.flat()) <= (inputs <= 4 ? 0 : within(1e-14, 1e-5)));
    CHECK(dot(slow.flat(), slow.flat()) > 1);
  }
}

TEST_CASE("three sums in plain loops are a dense layer backwards, and the inputs' have the same bits") {  // Eq. (2.5)
  Random rng(162);
  const Matrix W = random_matrix(9, 12, rng), X = random_matrix(12, 40, rng), dY = random_matrix(9, 40, rng);
  Matrix dW = random_matrix(9, 12, rng), slow_dW = dW, dX = random_matrix(12, 40, rng), slow_dX = dX;
  Vector db = random_vector(9, rng), slow_db = db;
  dense_backward(W, X, dY, dW, db, dX);
  plain::layer_backward(W, X, dY, slow_dW, slow_db, slow_dX);
  CHECK(distance(dW.flat(), slow_dW.flat()) < within(1e-13, 1e-5));
  CHECK(distance(db, slow_db) < within(1e-13, 1e-5));
  CHECK(distance(dX.flat(), slow_dX.flat()) == 0);
  CHECK(dot(slow_dX.flat(), slow_dX.flat()) > 1);
}

TEST_CASE("the two layers of the page are a network with one hidden layer") {  // Eq. (1.6), (2.8)
  Random rng(163);
  Network network({3, 5, 2}, Activation::tanh, rng);
  std::ranges::copy(random_vector(network.parameters().size(), rng), network.parameters().begin());
  plain::TwoLayers two;
  two.W1 = two.dW1 = Matrix(5, 3), two.W2 = two.dW2 = Matrix(2, 5);
  std::ranges::copy(network.weight(0).flat(), two.W1.flat().begin());
  std::ranges::copy(network.weight(1).flat(), two.W2.flat().begin());
  two.b1.assign(network.bias(0).begin(), network.bias(0).end()),
      two.b2.assign(network.bias(1).begin(), network.bias(1).end());
  two.db1.resize(5), two.db2.resize(2);
  const Matrix X = random_matrix(3, 7, rng), dZ = random_matrix(2, 7, rng);
  Matrix Z(2, 7);
  two.forward(X, Z);
  CHECK(distance(network.feedforward(X).row(0), Z.row(0)) < within(1e-14, 1e-5));
  CHECK(distance(network.feedforward(X).row(1), Z.row(1)) < within(1e-14, 1e-5));
  network.backpropagate(dZ);
  two.backward(dZ);
  Vector gradients;
  for (const ConstVectorView part : {ConstVectorView(two.dW1.flat()), ConstVectorView(two.db1),
                                     ConstVectorView(two.dW2.flat()), ConstVectorView(two.db2)})
    gradients.insert(gradients.end(), part.begin(), part.end());
  CHECK(distance(network.gradients(), gradients) < within(1e-14, 1e-5));
  CHECK(dot(gradients, gradients) > 1);
}

TEST_CASE("log softmax in plain loops has the bits of the fast one, and does not overflow") {  // Eq. (4.3)
  Random rng(164);
  Matrix Z = random_matrix(5, 130, rng, 20), fast(5, 130), slow(5, 130);
  Z(0, 3) = 800, Z(1, 3) = -800;
  log_softmax(Z, fast);
  plain::log_softmax(Z, slow);
  CHECK(distance(fast.flat(), slow.flat()) == 0);
  CHECK(double(slow(1, 3)) == -1600);
}

}  // namespace test_formulas_plain
