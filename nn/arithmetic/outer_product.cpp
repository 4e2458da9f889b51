/// The weight gradient of a dense layer: dW += dY Xᵀ, and the bias gradient beside it.
#include <algorithm>

#include "nn/arithmetic/product.hpp"
#include "nn/arithmetic/tile.hpp"
#include "nn/arithmetic/vector_ops.hpp"

namespace nn {

using namespace tiles;

namespace {

/// dW += dY xᵀ for a single column: a few inputs stay in registers while all outputs pass by.
void add_column(ConstMatrixView dY, const Scalar* x, MatrixView dW) {
  std::size_t i = 0;
  const auto columns = [&]<std::size_t cols>() {
    for (; i + cols <= dW.cols(); i += cols) {
      Scalar some[cols];
      std::copy_n(x + i, cols, some);
      Scalar* dw = dW.data() + i;
      for (std::size_t o = 0; o < dY.rows(); ++o, dw += dW.stride()) {
        const Scalar dy = dY(o, 0);
#pragma omp simd
        for (std::size_t c = 0; c < cols; ++c) dw[c] += dy * some[c];
      }
    }
  };
  columns.template operator()<4 * width>();
  columns.template operator()<width>();
  columns.template operator()<4>();
  columns.template operator()<1>();
}

/// dW += dY Xᵀ for at most `block` columns, when both have many rows: a cache line of rows of X at a time is
/// transposed.
void add_wide(ConstMatrixView dY, ConstMatrixView X, MatrixView dW) {
  alignas(64) Scalar transposed[block][width];
  for (std::size_t i = 0; i < X.rows(); i += width) {
    const std::size_t some = std::min(width, X.rows() - i);
    for (std::size_t c = 0; c < width; ++c)
      for (std::size_t t = 0; t < X.cols(); ++t) transposed[t][c] = c < some ? X.row(i + c)[t] : Scalar(0);
    std::size_t o = 0;
    const auto tile = [&]<std::size_t rows>() {
      for (; o + rows <= dY.rows(); o += rows) {
        Scalar sums[rows][width] = {};
        add_products(Left<Factor::plain>{dY.row(o).data(), dY.stride()}, transposed[0], width, 0, 1, X.cols(), sums);
        for (std::size_t r = 0; r < rows; ++r)
          for (std::size_t c = 0; c < some; ++c) dW(o + r, i + c) += sums[r][c];
      }
    };
    tile.template operator()<tile_rows>();
    tile.template operator()<1>();
  }
}

/// The 16 partial sums p, added as a tree: what sum_of does.
inline Scalar tree(const Scalar* p) {
  const auto two = [=](std::size_t j) { return p[j] + p[j + 8]; };
  const auto four = [=](std::size_t j) { return two(j) + two(j + 4); };
  const auto eight = [=](std::size_t j) { return four(j) + four(j + 2); };
  return eight(0) + eight(1);
}

/// sums += dY Xᵀ of `parts` columns, outputs x inputs entries, each column in a partial sum of its own.
template <std::size_t outputs, std::size_t inputs, std::size_t parts>
inline void add_columns(const Scalar* dy, std::size_t dy_stride, const Scalar* x, std::size_t x_stride,
                        Scalar (&sums)[outputs * inputs][parts]) {
#ifdef __clang__  // as above
#pragma omp simd
  for (std::size_t j = 0; j < parts; ++j)
    for (std::size_t r = 0; r < outputs; ++r)
      for (std::size_t c = 0; c < inputs; ++c) sums[r * inputs + c][j] += dy[r * dy_stride + j] * x[c * x_stride + j];
#else
  for (std::size_t r = 0; r < outputs; ++r)
    for (std::size_t c = 0; c < inputs; ++c)
#pragma omp simd
      for (std::size_t j = 0; j < parts; ++j) sums[r * inputs + c][j] += dy[r * dy_stride + j] * x[c * x_stride + j];
#endif
}

/// dW += dY Xᵀ when one of them has few rows, for the rows from o and from i on: outputs x inputs dot products at a
/// time, each in 16 partial sums.
template <std::size_t outputs, std::size_t inputs>
inline void add_dots(ConstMatrixView dY, ConstMatrixView X, MatrixView dW, std::size_t o, std::size_t i) {
  constexpr std::size_t parts = 16;
  const Scalar *dy = dY.data() + o * dY.stride(), *x = X.data() + i * X.stride();
  const std::size_t dy_stride = dY.stride(), x_stride = X.stride(), count = X.cols();
  alignas(64) Scalar sums[outputs * inputs][parts] = {};
  std::size_t t = 0;
  for (; t + parts <= count; t += parts) add_columns<outputs, inputs>(dy + t, dy_stride, x + t, x_stride, sums);
  if (t < count) {  // the columns that are left, with zeros behind them
    Scalar dy_rest[outputs][parts] = {}, x_rest[inputs][parts] = {};
    for (std::size_t r = 0; r < outputs; ++r) std::copy_n(dy + r * dy_stride + t, count - t, dy_rest[r]);
    for (std::size_t c = 0; c < inputs; ++c) std::copy_n(x + c * x_stride + t, count - t, x_rest[c]);
    add_columns<outputs, inputs>(dy_rest[0], parts, x_rest[0], parts, sums);
  }
  Scalar totals[outputs * inputs];
  const Scalar* flat = sums[0];
#pragma omp simd
  for (std::size_t s = 0; s < outputs * inputs; ++s) totals[s] = tree(flat + s * parts);
  for (std::size_t r = 0; r < outputs; ++r)
    for (std::size_t c = 0; c < inputs; ++c) dW(o + r, i + c) += totals[r * inputs + c];
}

void add_narrow(ConstMatrixView dY, ConstMatrixView X, MatrixView dW) {
  std::size_t o = 0;
  const auto tile = [&]<std::size_t outputs, std::size_t inputs>() {
    for (; o + outputs <= dY.rows(); o += outputs) {
      std::size_t i = 0;
      for (; i + inputs <= X.rows(); i += inputs) add_dots<outputs, inputs>(dY, X, dW, o, i);
      for (; i < X.rows(); ++i) add_dots<outputs, 1>(dY, X, dW, o, i);
    }
  };
  tile.template operator()<tile_rows, 2>();  // few inputs
  tile.template operator()<2, tile_rows>();  // few outputs
  tile.template operator()<1, tile_rows>();
}

}  // namespace

void add_outer_products(ConstMatrixView dY, ConstMatrixView X, MatrixView dW) {
  assert(dY.cols() == X.cols() && dW.rows() == dY.rows() && dW.cols() == X.rows());
  if (is_row(X)) return add_column(dY, X.data(), dW);
  for (std::size_t first = 0; first < X.cols(); first += block) {
    const std::size_t count = std::min(block, X.cols() - first);
    if (std::min(dY.rows(), X.rows()) < 8)
      add_narrow(dY.columns(first, count), X.columns(first, count), dW);
    else
      add_wide(dY.columns(first, count), X.columns(first, count), dW);
  }
}

void add_row_sums(ConstMatrixView dY, VectorView db) {
  assert(db.size() == dY.rows());
  if (is_row(dY)) return axpy(1, as_row(dY).row(0), db);
  for (std::size_t o = 0; o < dY.rows(); ++o) db[o] += sum(dY.row(o));
}

}  // namespace nn
