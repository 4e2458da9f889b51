#include <doctest/doctest.h>

#include <algorithm>

#include "nn/arithmetic/vector_ops.hpp"
#include "nn/dense.hpp"
#include "nn/gradient_check.hpp"
#include "tests/support.hpp"

namespace test_dense {

using namespace nn;
using tests::random_matrix;
using tests::random_vector;
using tests::within;

TEST_CASE("dense_forward computes W X + b, by hand for two states") {
  Matrix W(2, 3), X(3, 2), Y(2, 2);
  const Scalar w[] = {1, 2, 3, -1, 0, 2}, x[] = {1, -1, 2, 0, 3, 5}, b[] = {10, 20};
  std::copy(std::begin(w), std::end(w), W.flat().begin());
  std::copy(std::begin(x), std::end(x), X.flat().begin());
  dense_forward(W, b, X, Y);
  CHECK(Y(0, 0) == 1 * 1 + 2 * 2 + 3 * 3 + 10);
  CHECK(Y(0, 1) == 1 * -1 + 2 * 0 + 3 * 5 + 10);
  CHECK(Y(1, 0) == -1 * 1 + 0 * 2 + 2 * 3 + 20);
  CHECK(Y(1, 1) == -1 * -1 + 0 * 0 + 2 * 5 + 20);
}

TEST_CASE("dense_backward equals the central difference of dense_forward") {
  Random rng(7);
  for (const std::size_t batch : {1u, 5u, 19u}) {
    Matrix W = random_matrix(3, 4, rng), X = random_matrix(4, batch, rng), C = random_matrix(3, batch, rng);
    Matrix Y(3, batch), dW(3, 4), dX(4, batch);
    Vector b = random_vector(3, rng), db(3);
    const auto J = [&] { return dense_forward(W, b, X, Y), dot(C.flat(), Y.flat()); };  // so dJ/dY = C
    dense_backward(W, X, C, dW, db, dX);
    CHECK(max_gradient_error(W.flat(), dW.flat(), J) < within(1e-9, 1e-3));
    CHECK(max_gradient_error(b, db, J) < within(1e-9, 1e-3));
    CHECK(max_gradient_error(X.flat(), dX.flat(), J) < within(1e-9, 1e-3));
    CHECK(dot(dW.flat(), dW.flat()) > 0.1);  // zeros would agree with zeros
  }
}

TEST_CASE("dense_backward adds to dW and db and overwrites dX") {
  Random rng(8);
  Matrix W = random_matrix(3, 4, rng), X = random_matrix(4, 6, rng), dY = random_matrix(3, 6, rng);
  Matrix once(3, 4), twice(3, 4), dX(4, 6), dX_again(4, 6);
  Vector db_once(3), db_twice(3);
  dense_backward(W, X, dY, once, db_once, dX);
  dense_backward(W, X, dY, twice, db_twice, dX_again);
  dense_backward(W, X, dY, twice, db_twice, dX_again);
  for (std::size_t i = 0; i < 12; ++i) CHECK(twice.flat()[i] == 2 * once.flat()[i]);
  for (std::size_t i = 0; i < 3; ++i) CHECK(db_twice[i] == 2 * db_once[i]);
  CHECK(std::ranges::equal(dX.flat(), dX_again.flat()));
}

TEST_CASE("a column of dense_forward does not depend on the columns beside it, to the last bit") {
  Random rng(9);
  Matrix W = random_matrix(5, 7, rng), X = random_matrix(7, 40, rng), Y(5, 40), one(5, 1);
  const Vector b = random_vector(5, rng);
  dense_forward(W, b, X, Y);
  for (const std::size_t t : {0u, 13u, 39u}) {
    dense_forward(W, b, X.view().columns(t, 1), one);
    for (std::size_t o = 0; o < 5; ++o) CHECK(one(o, 0) == Y(o, t));
  }
}

}  // namespace test_dense
