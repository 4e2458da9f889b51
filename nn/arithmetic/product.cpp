#include "nn/arithmetic/product.hpp"

#include <algorithm>

#include "nn/arithmetic/tile.hpp"

namespace nn {

using namespace tiles;

namespace {

constexpr std::size_t parts = 4;  // partial sums of an output

/// y = W x + b for `times` times `some` outputs. The partial sums of an output stand side by side until all x have
/// passed by; `some` is the numbers in a register: those of one output, or of two.
template <std::size_t times, std::size_t some>
inline void column_tile(const Scalar* w, std::size_t stride, std::size_t count, const Scalar* x, const Scalar* b,
                        Scalar* y) {
  constexpr std::size_t outputs = some / parts;
  Lanes<some> sums[times][parts] = {};
  const std::size_t whole = count / some * some;
  for (std::size_t i = 0; i < whole; i += some) {
    const Lanes<some> X = load<some>(x + i), X_first = halves<parts, false>(X, X), X_other = halves<parts, true>(X, X);
    for (std::size_t s = 0; s < times * parts; ++s) {
      const Scalar* from = w + s * outputs * stride + i;
      const Lanes<some> one = load<some>(from), next = load<some>(from + (outputs - 1) * stride);
      Lanes<some>& sum = sums[s / parts][s % parts];
      sum += halves<parts, false>(one, next) * X_first;
      if constexpr (outputs == 2) sum += halves<parts, true>(one, next) * X_other;
    }
  }
  for (std::size_t t = 0; t < times; ++t, w += some * stride, b += some, y += some) {
    unzip(sums[t]), unzip(sums[t]);  // now the outputs stand side by side, and each part in a register of its own
    for (std::size_t i = whole; i < count; ++i) {
      Scalar column[some];
      for (std::size_t o = 0; o < some; ++o) column[o] = w[o * stride + i];
      sums[t][i % parts] += load<some>(column) * x[i];
    }
    store(load<some>(b) + (((sums[t][0] + sums[t][1]) + sums[t][2]) + sums[t][3]), y);
  }
}

template <std::size_t some>
void column_product(ConstMatrixView W, const Scalar* x, const Scalar* b, Scalar* y) {
  std::size_t o = 0;
  if (W.cols() == parts && W.stride() == parts) {  // CartPole's state: a part is a single number
    const Scalar* w = W.data();
    o = W.rows();
#pragma omp simd
    for (std::size_t r = 0; r < o; ++r)
      y[r] = b[r] + (((w[4 * r] * x[0] + w[4 * r + 1] * x[1]) + w[4 * r + 2] * x[2]) + w[4 * r + 3] * x[3]);
  }
  const auto tiles = [&]<std::size_t times>() {
    for (; o + times * some <= W.rows(); o += times * some)
      column_tile<times, some>(W.row(o).data(), W.stride(), W.cols(), x, b + o, y + o);
  };
  tiles.template operator()<2>();
  tiles.template operator()<1>();
  const auto rest = [&]<std::size_t outputs>() {
    for (; o + outputs <= W.rows(); o += outputs) {
      const Scalar* w = W.row(o).data();
      Lanes<parts> sums[outputs] = {};
      std::size_t i = 0;
      for (; i + parts <= W.cols(); i += parts)
        for (std::size_t r = 0; r < outputs; ++r) sums[r] += load<parts>(w + r * W.stride() + i) * load<parts>(x + i);
      for (std::size_t j = 0; i + j < W.cols(); ++j)
        for (std::size_t r = 0; r < outputs; ++r) sums[r][j] += w[r * W.stride() + i + j] * x[i + j];
      for (std::size_t r = 0; r < outputs; ++r)
        y[o + r] = b[o + r] + (((sums[r][0] + sums[r][1]) + sums[r][2]) + sums[r][3]);
    }
  };
  rest.template operator()<2>();
  rest.template operator()<1>();
}

}  // namespace

void product(ConstMatrixView W, ConstMatrixView X, ConstVectorView b, MatrixView Y) {
  assert(W.cols() == X.rows() && W.rows() == Y.rows() && X.cols() == Y.cols() && b.size() == W.rows());
  if constexpr (width >= parts) {
    if (is_row(X) && is_row(Y)) return column_product<std::min(width, 2 * parts)>(W, X.data(), b.data(), Y.data());
  }
  if (W.cols() == parts)  // a part is a single number
    tiled_product<1, Start::bias, parts>(plain(W), X, b.data(), Y);
  else if (W.cols() < parts)
    tiled_product<1, Start::bias>(plain(W), X, b.data(), Y);
  else
    tiled_product<parts, Start::bias>(plain(W), X, b.data(), Y);
}

void transposed_product(ConstMatrixView W, ConstMatrixView dY, MatrixView dX) {
  assert(W.rows() == dY.rows() && W.cols() == dX.rows() && dX.cols() == dY.cols());
  if (is_row(dY) && is_row(dX))
    tiled_product<1, Start::zero>(plain(as_row(dY)), W, nullptr, as_row(dX));  // dXᵀ = dYᵀ W
  else
    tiled_product<1, Start::zero>(transposed(W), dY, nullptr, dX);
}

}  // namespace nn
