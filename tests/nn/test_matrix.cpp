#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>

#include "nn/arithmetic/vector_ops.hpp"
#include "tests/support.hpp"

namespace test_matrix {

using namespace nn;
using tests::random_vector;

TEST_CASE("a view of some columns reads and writes the matrix it came from") {
  Matrix X(3, 5);
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t c = 0; c < 5; ++c) X(r, c) = static_cast<Scalar>(10 * r + c);
  const MatrixView part = X.view().columns(2, 2);
  CHECK(part.rows() == 3);
  CHECK(part.cols() == 2);
  CHECK(part(2, 1) == 23);
  part(1, 0) = -1;
  CHECK(X(1, 2) == -1);
  CHECK(ConstMatrixView(part).row(0)[1] == 3);
}

TEST_CASE("a matrix that is resized to what it was before does not move") {
  Matrix X(8, 100);
  const Scalar* before = X.flat().data();
  X.resize(3, 10);
  X.resize(8, 100);
  CHECK(X.flat().data() == before);
  CHECK(reinterpret_cast<std::uintptr_t>(before) % 64 == 0);
}

TEST_CASE("sum and dot agree with a plain loop for every length and sum in a fixed order") {
  Random rng(5);
  for (std::size_t size = 0; size < 70; ++size) {
    const Vector x = random_vector(size, rng), y = random_vector(size, rng);
    double total = 0, product = 0;
    for (std::size_t i = 0; i < size; ++i) total += double(x[i]), product += double(x[i]) * double(y[i]);
    CHECK(std::abs(double(sum(x)) - total) < tests::within(1e-14, 1e-5));
    CHECK(std::abs(double(dot(x, y)) - product) < tests::within(1e-14, 1e-5));
    Scalar partial[16] = {};  // the documented order
    for (std::size_t i = 0; i < size; ++i) partial[i % 16] += x[i];
    for (std::size_t half = 8; half > 0; half /= 2)
      for (std::size_t j = 0; j < half; ++j) partial[j] += partial[j + half];
    CHECK(sum(x) == partial[0]);
  }
}

TEST_CASE("first_not_finite finds NaN and both infinities") {
  Vector x(37, Scalar(1));
  CHECK(first_not_finite(x) == x.size());
  for (const Scalar bad : {Scalar(NAN), Scalar(INFINITY), -Scalar(INFINITY)}) {
    x[20] = bad;
    CHECK(first_not_finite(x) == 20);
  }
}

TEST_CASE("axpy adds a multiple, multiply goes entry by entry, and scale by one number") {
  const Vector x = {2, 0, -1};
  Vector y = {1, 2, 3};
  axpy(2, x, y);
  CHECK(y == Vector{5, 2, 1});
  multiply(x, y);
  CHECK(y == Vector{10, 0, -1});
  scale(Scalar(0.5), y);
  CHECK(y == Vector{5, 0, -Scalar(0.5)});
}

}  // namespace test_matrix
