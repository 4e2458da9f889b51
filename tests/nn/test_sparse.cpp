#include "nn/sparse.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "nn/checkpoint.hpp"
#include "nn/dense.hpp"
#include "nn/network.hpp"
#include "nn/optimizer.hpp"
#include "tests/support.hpp"

namespace test_sparse {

using namespace nn;

namespace {

/// Mostly zeros, as a matrix.
Matrix mostly_zero(std::size_t rows, std::size_t cols, std::size_t nonzeros, Random& rng) {
  Matrix X(rows, cols);
  for (std::size_t t = 0; t < cols; ++t)  // every third state is all 0, as one of an episode that has ended
    for (std::size_t k = 0; t % 3 < 2 && k < nonzeros; ++k)
      X(static_cast<std::size_t>(rng.uniform() * double(rows)), t) = static_cast<Scalar>(rng.uniform(-1, 1));
  return X;
}
States without_zeros(ConstMatrixView X) {
  States states;
  states.resize(X.rows(), X.cols(), true);
  for (std::size_t t = 0; t < X.cols(); ++t) states.put(t, X, t);
  return states;
}
Matrix transposed(ConstMatrixView W) {
  Matrix result(W.cols(), W.rows());
  for (std::size_t r = 0; r < W.rows(); ++r)
    for (std::size_t c = 0; c < W.cols(); ++c) result(c, r) = W(r, c);
  return result;
}
bool same(ConstMatrixView X, ConstMatrixView Y) {
  bool equal = X.rows() == Y.rows() && X.cols() == Y.cols();
  for (std::size_t r = 0; equal && r < X.rows(); ++r) equal = std::ranges::equal(X.row(r), Y.row(r));
  return equal;
}
/// One network as it is and one that skips the zeros, with the same parameters.
struct Pair {
  Random rng;
  Network dense, sparse;
  Pair(const std::vector<std::size_t>& sizes, Activation hidden, std::uint64_t seed)
      : rng(seed), dense(sizes, hidden, rng), sparse(sizes, hidden, rng, 1, 3) {
    std::ranges::copy(dense.parameters(), sparse.parameters().begin());
    std::ranges::copy(transposed(dense.weight(0)).flat(), sparse.weight(0).flat().begin());
  }
  /// Is what belongs to the parameters the same?
  bool same_order(ConstVectorView of_dense, ConstVectorView of_sparse) const {
    const std::size_t inputs = dense.sizes()[0], outputs = dense.sizes()[1], first = inputs * outputs;
    const Matrix W = transposed({of_dense.data(), outputs, inputs});
    return std::ranges::equal(W.flat(), of_sparse.first(first)) &&
           std::ranges::equal(of_dense.subspan(first), of_sparse.subspan(first));
  }
};

}  // namespace

// Eq. (17.3)
TEST_CASE("sparse_forward is dense_forward without the zeros, bit for bit") {
  Random rng(1);
  for (const std::size_t inputs : {1u, 3u, 5u, 30u, 700u})
    for (const std::size_t outputs : {1u, 3u, 8u, 20u, 64u, 200u})
      for (const std::size_t batch : {1u, 2u, 17u}) {
        CAPTURE(inputs);
        CAPTURE(outputs);
        CAPTURE(batch);
        const Matrix W = tests::random_matrix(outputs, inputs, rng), X = mostly_zero(inputs, batch, 9, rng);
        const Vector b = tests::random_vector(outputs, rng);
        Matrix expected(outputs, batch), got(outputs, batch);
        dense_forward(W, b, X, expected);
        const States states = without_zeros(X);
        sparse_forward(transposed(W), b, StatesView(states).sparse(), got);
        CHECK(same(got, expected));
      }
}

// Eq. (17.4)
TEST_CASE("sparse_backward is dense_backward without the zeros, bit for bit") {
  Random rng(2);
  for (const std::size_t inputs : {8u, 30u, 500u})
    for (const std::size_t outputs : {8u, 20u, 64u, 203u})
      for (const std::size_t batch : {1u, 7u, 256u, 600u}) {
        CAPTURE(inputs);
        CAPTURE(outputs);
        CAPTURE(batch);
        const Matrix W(outputs, inputs), X = mostly_zero(inputs, batch, 5, rng);
        const Matrix dY = tests::random_matrix(outputs, batch, rng);
        Matrix expected = tests::random_matrix(outputs, inputs, rng), got = transposed(expected);
        Vector db_expected = tests::random_vector(outputs, rng), db = db_expected;
        dense_backward(W, X, dY, expected, db_expected, {});
        const States states = without_zeros(X);
        sparse_backward(StatesView(states).sparse(), dY, got, db);
        CHECK(same(got, transposed(expected)));
        CHECK(db == db_expected);
      }
}

TEST_CASE("a network that skips zeros gives the outputs and gradients of one that does not, for any kind of states") {
  Random rng(3);
  Pair pair({90, 16, 9, 2}, Activation::tanh, 4);
  const Matrix X = mostly_zero(90, 300, 4, rng), injected = tests::random_matrix(2, 300, rng);
  const States zeros_left_out = without_zeros(X);
  const auto run = [&](Network& network, const StatesView& states) {
    network.zero_gradients();
    const Matrix outputs = [&] {
      const auto z = network.feedforward(states);
      Matrix copy(z.rows(), z.cols());
      for (std::size_t r = 0; r < z.rows(); ++r) std::ranges::copy(z.row(r), copy.row(r).begin());
      return copy;
    }();
    network.backpropagate(injected);
    return outputs;
  };
  const Matrix expected = run(pair.dense, X.view());
  const Vector gradients(pair.dense.gradients().begin(), pair.dense.gradients().end());
  CHECK(norm(gradients) > 1);
  CHECK(same(run(pair.dense, zeros_left_out), expected));
  CHECK(std::ranges::equal(pair.dense.gradients(), gradients));
  for (const StatesView& states : {StatesView(X.view()), StatesView(zeros_left_out)}) {
    CHECK(same(run(pair.sparse, states), expected));
    CHECK(pair.same_order(gradients, pair.sparse.gradients()));
  }
}

TEST_CASE("a network that skips zeros is stored as any other") {
  Pair pair({30, 8, 2}, Activation::relu, 5);
  const Vector scale(30, 4);
  const auto expected = network_tensors(pair.dense, scale), got = network_tensors(pair.sparse, scale);
  REQUIRE(got.size() == expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    CHECK(got[i].name == expected[i].name);
    CHECK(got[i].shape == expected[i].shape);
    CHECK(got[i].data == expected[i].data);
  }
  Random rng(6);
  Network other({30, 8, 2}, Activation::relu, rng, 1, 3);
  set_network_tensors(other, expected, "here", scale);
  CHECK(std::ranges::equal(other.parameters(), pair.sparse.parameters()) == !is_double);  // stored as floats
  for (std::size_t i = 0; i < other.parameters().size(); ++i)
    CHECK(float(other.parameters()[i]) == float(pair.sparse.parameters()[i]));
}

TEST_CASE("the first weights count the inputs that are not 0 alone") {
  Random rng(7);
  Network network({6400, 200, 1}, Activation::tanh, rng, 1, 36);
  double square = 0;
  for (const Scalar w : network.weight(0).flat()) square += double(w) * double(w) / (6400 * 200);
  CHECK(std::sqrt(square) == doctest::Approx(1 / 6.).epsilon(0.005));
}

TEST_CASE("states that are not finite, or of another size, are refused whether dense or sparse") {
  Random rng(8);
  Network network({9, 8, 2}, Activation::tanh, rng, 1, 2);
  States states;
  states.resize(9, 3, true);
  states.set(1, 2, 3);  // finite, and not to be blamed
  states.set(4, 2, Scalar(NAN));
  CHECK_THROWS_WITH_AS(network.feedforward(states),
                       "Network::feedforward: expected finite states, got nan in row 4, column 2",
                       std::invalid_argument);
  states.resize(8, 3, true);
  CHECK_THROWS_WITH_AS(network.feedforward(states), "Network::feedforward: expected 9 features per state, got 8",
                       std::invalid_argument);
  states.resize(9, 0, true);
  CHECK_THROWS_WITH_AS(network.feedforward(states), "Network::feedforward: expected at least 1 state, got 0",
                       std::invalid_argument);
  network.feedforward(Matrix(9, 1));
  Matrix dX(9, 1);
  CHECK_THROWS_WITH_AS(network.backpropagate(Matrix(2, 1), dX),
                       "Network::backpropagate: expected no input gradient of sparse inputs, got one",
                       std::invalid_argument);
}

}  // namespace test_sparse
