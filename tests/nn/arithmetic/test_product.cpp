#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "nn/arithmetic/product.hpp"
#include "nn/random.hpp"
#include "tests/nn/reference.hpp"
#include "tests/support.hpp"

namespace test_product {

namespace {

using nn::Matrix, nn::MatrixView, nn::Scalar;

/// A view whose rows do not follow one another in memory, as a block of a batch has it; with a gap of 0 they do.
/// Guard values stand behind the last row, and between the rows: whoever writes past the end of a row is seen.
class Spaced {
 public:
  Spaced(std::size_t rows, std::size_t cols, std::size_t gap, nn::Random& rng)
      : numbers_(rows + 20, cols + gap), rows_(rows), cols_(cols) {
    nn::fill(numbers_.flat(), guard);
    for (std::size_t r = 0; r < rows; ++r)
      for (Scalar& x : view().row(r)) x = static_cast<Scalar>(rng.uniform(-1, 1));
  }
  MatrixView view() { return {numbers_.view().data(), rows_, cols_, numbers_.cols()}; }
  bool guarded() const {
    bool whole = true;
    for (std::size_t r = 0; r < numbers_.rows(); ++r)
      for (std::size_t c = r < rows_ ? cols_ : 0; c < numbers_.cols(); ++c) whole &= numbers_(r, c) == guard;
    return whole;
  }

 private:
  static constexpr Scalar guard = 12345;
  Matrix numbers_;
  std::size_t rows_, cols_;
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

TEST_CASE("the fast matrix products give the bits of the plain ones, for every shape, and write nothing else") {
  nn::Random rng(11);
  const std::size_t sizes[] = {1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 31, 64, 70};
  const std::size_t batches[] = {1, 2, 3, 4, 5, 8, 13, 16, 31, 64, 67, 256, 300};
  std::string wrong;
  const auto check = [&](std::size_t outputs, std::size_t inputs, std::size_t batch, std::size_t gap,
                         std::size_t weights_gap) {
    Spaced W(outputs, inputs, weights_gap, rng), dW(outputs, inputs, weights_gap, rng), b(1, outputs, 0, rng);
    Spaced X(inputs, batch, gap, rng), dX(inputs, batch, gap, rng), db(1, outputs, 0, rng);
    Spaced Y(outputs, batch, gap, rng), dY(outputs, batch, gap, rng);
    Matrix plain_Y(outputs, batch), plain_dX(inputs, batch), plain_dW(outputs, inputs), plain_db(1, outputs);
    for (std::size_t o = 0; o < outputs; ++o) {
      std::ranges::copy(dW.view().row(o), plain_dW.row(o).begin());
      plain_db(0, o) = db.view()(0, o) + nn::sum(dY.view().row(o));
    }
    nn::product(W.view(), X.view(), b.view().row(0), Y.view());
    tests::plain_product(W.view(), X.view(), b.view().row(0), plain_Y);
    nn::transposed_product(W.view(), dY.view(), dX.view());
    tests::plain_transposed_product(W.view(), dY.view(), plain_dX);
    nn::add_outer_products(dY.view(), X.view(), dW.view());
    tests::plain_outer_products(dY.view(), X.view(), plain_dW);
    nn::add_row_sums(dY.view(), db.view().row(0));
    const double off = difference(Y.view(), plain_Y) + difference(dX.view(), plain_dX) +
                       difference(dW.view(), plain_dW) + difference(db.view(), plain_db);
    if (off > 0 || !(Y.guarded() && dX.guarded() && dW.guarded() && db.guarded()))
      wrong += std::to_string(outputs) + "x" + std::to_string(inputs) + "x" + std::to_string(batch) + " ";
  };
  for (const std::size_t outputs : sizes)
    for (const std::size_t inputs : sizes) {
      for (const std::size_t gap : {0u, 5u}) {
        if (tests::count(2, 1) == 1 && gap != 5 * ((outputs + inputs) % 2)) continue;
        check(outputs, inputs, 1, gap, gap);  // a single column has loops of its own
        check(outputs, inputs, batches[(outputs * 31 + inputs * 7) % std::size(batches)], gap, gap);
      }
      check(outputs, inputs, 1, 0, 5);
      if (inputs < 4) check(outputs, inputs, 1, 0, 4 - inputs);  // in memory as wide as four inputs
    }
  for (const std::size_t batch : {1024u, 1031u})  // many rows, far apart
    if (tests::count(2, 1) == 2 || batch == 1024) check(70, 130, batch, 0, 0);
  check(9, 300, 520, 0, 0);  // rows as far apart, and more than the room that is kept for a copy of them
  CHECK(wrong == "");
}

}  // namespace test_product
