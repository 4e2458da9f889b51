#pragma once
/// The matrix products of nn/arithmetic/product.hpp as one writes them down: an entry at a time, in the order of
/// summation that the header promises. Slow; the fast ones must give the same bits.

#include <algorithm>

#include "nn/arithmetic/matrix.hpp"
#include "nn/arithmetic/vector_ops.hpp"

namespace tests {

// #region plain-product
/// Y = W X + b: partial sum i mod 4 takes input i.
inline void plain_product(nn::ConstMatrixView W, nn::ConstMatrixView X, nn::ConstVectorView b, nn::MatrixView Y) {
  for (std::size_t o = 0; o < W.rows(); ++o)
    for (std::size_t t = 0; t < X.cols(); ++t) {
      nn::Scalar partial[4] = {};
      for (std::size_t i = 0; i < W.cols(); ++i) partial[i % 4] += W(o, i) * X(i, t);
      Y(o, t) = b[o] + (((partial[0] + partial[1]) + partial[2]) + partial[3]);
    }
}
// #endregion plain-product

/// dX = Wᵀ dY, from the first output to the last.
inline void plain_transposed_product(nn::ConstMatrixView W, nn::ConstMatrixView dY, nn::MatrixView dX) {
  for (std::size_t i = 0; i < W.cols(); ++i)
    for (std::size_t t = 0; t < dY.cols(); ++t) {
      nn::Scalar sum = 0;
      for (std::size_t o = 0; o < W.rows(); ++o) sum += W(o, i) * dY(o, t);
      dX(i, t) = sum;
    }
}

/// dW += dY Xᵀ in blocks of 256 columns: from the first column to the last, or, of few inputs or outputs, in 16 parts.
inline void plain_outer_products(nn::ConstMatrixView dY, nn::ConstMatrixView X, nn::MatrixView dW) {
  const bool few = std::min(dY.rows(), X.rows()) < 8;
  for (std::size_t first = 0; first < X.cols(); first += 256) {
    const std::size_t count = std::min<std::size_t>(256, X.cols() - first);
    for (std::size_t o = 0; o < dY.rows(); ++o)
      for (std::size_t i = 0; i < X.rows(); ++i) {
        const auto term = [&](std::size_t t) { return dY(o, first + t) * X(i, first + t); };
        nn::Scalar sum = 0;
        if (few)
          sum = nn::sum_of(count, term);
        else
          for (std::size_t t = 0; t < count; ++t) sum += term(t);
        dW(o, i) += sum;
      }
  }
}

}  // namespace tests
