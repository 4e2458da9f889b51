#include <doctest/doctest.h>

#include <string>

#include "nn/arithmetic/product.hpp"
#include "tests/nn/reference.hpp"
#include "tests/support.hpp"

namespace test_product {

namespace {

using nn::Matrix, nn::MatrixView, nn::Scalar;
using tests::random_matrix;

/// A view whose rows do not follow one another in memory, as a block of a batch has it.
struct Spaced {
  Matrix numbers;
  std::size_t cols;
  Spaced(std::size_t rows, std::size_t count, std::size_t gap, nn::Random& rng)
      : numbers(random_matrix(rows, count + gap, rng)), cols(count) {}
  MatrixView view() { return numbers.view().columns(0, cols); }
};

/// The largest difference; 0 when both have the same bits (but for the sign of 0).
double difference(MatrixView A, MatrixView B) {
  double worst = 0;
  for (std::size_t r = 0; r < A.rows(); ++r)
    for (std::size_t c = 0; c < A.cols(); ++c)
      worst = A(r, c) == B(r, c) ? worst : std::max(worst, 1e-30 + std::abs(static_cast<double>(A(r, c) - B(r, c))));
  return worst;
}

}  // namespace

TEST_CASE("the fast matrix products give the bits of the plain ones, for every shape") {
  nn::Random rng(11);
  const std::size_t sizes[] = {1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 31, 64, 70};
  const std::size_t batches[] = {1, 2, 3, 4, 5, 8, 13, 16, 31, 64, 67, 256, 300};
  std::string wrong;
  for (const std::size_t outputs : sizes)
    for (const std::size_t inputs : sizes) {
      const std::size_t batch = batches[(outputs * 31 + inputs * 7) % std::size(batches)];
      for (const std::size_t gap : {0u, 5u}) {
        Matrix W = random_matrix(outputs, inputs, rng), b = random_matrix(1, outputs, rng);
        Matrix dW = random_matrix(outputs, inputs, rng), plain_dW = dW;
        Spaced X(inputs, batch, gap, rng), dY(outputs, batch, gap, rng), Y(outputs, batch, gap, rng);
        Spaced dX(inputs, batch, gap, rng), plain_Y(outputs, batch, 0, rng), plain_dX(inputs, batch, 0, rng);
        nn::product(W, X.view(), b.flat(), Y.view());
        tests::plain_product(W, X.view(), b.flat(), plain_Y.view());
        nn::transposed_product(W, dY.view(), dX.view());
        tests::plain_transposed_product(W, dY.view(), plain_dX.view());
        nn::add_outer_products(dY.view(), X.view(), dW);
        tests::plain_outer_products(dY.view(), X.view(), plain_dW);
        if (difference(Y.view(), plain_Y.view()) + difference(dX.view(), plain_dX.view()) + difference(dW, plain_dW) >
            0)
          wrong += std::to_string(outputs) + "x" + std::to_string(inputs) + "x" + std::to_string(batch) + " ";
      }
    }
  CHECK(wrong == "");
}

}  // namespace test_product
