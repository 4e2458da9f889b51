/// The weight gradient of a dense layer: dW += dY Xᵀ, and the bias gradient beside it.
#include <algorithm>

#include "nn/arithmetic/product.hpp"
#include "nn/arithmetic/tile.hpp"
#include "nn/arithmetic/vector_ops.hpp"

namespace nn {

using namespace tiles;

namespace {

constexpr std::size_t block = 256;  // columns at a time, so that they stay in the cache
using Register = Lanes<width>;

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
  columns.template operator()<64>();
  columns.template operator()<16>();
  columns.template operator()<4>();
  columns.template operator()<1>();
}

/// dW += dY Xᵀ for at most `block` columns, when both have many rows: some rows of X at a time are transposed.
void add_wide(ConstMatrixView dY, ConstMatrixView X, MatrixView dW) {
  constexpr std::size_t wide = 2 * width;
  alignas(64) Scalar turned[block * wide];
  for (std::size_t i = 0; i < X.rows(); i += wide) {
    const std::size_t some = std::min(wide, X.rows() - i);
    transpose({X.row(i).data(), some, X.cols(), X.stride()}, turned, wide);
    tiled_product<1, Start::self>(plain(dY), ConstMatrixView(turned, X.cols(), some, wide), nullptr,
                                  dW.columns(i, some));
  }
}

/// Of each of `count` registers the sum of its numbers, halves first: what sum_of does.
template <std::size_t count>
inline Register tree(const Register* sums) {
  if constexpr (count == 1) {
    return sums[0];
  } else {
    const Register some = tree<count / 2>(sums), others = tree<count / 2>(sums + count / 2);
    return halves<width / count, false>(some, others) + halves<width / count, true>(some, others);
  }
}

/// Rows of a matrix; the next columns are `step` numbers on: 1, or 0 when all are alike.
struct Rows {
  const Scalar* data;
  std::size_t stride, step = 1;
};

constexpr std::size_t parts = 16, vectors = parts / width;  // partial sums of a dot product, as in sum_of

/// sums += dY Xᵀ, outputs x inputs of them, over `count` columns, a multiple of `parts`.
template <std::size_t outputs, std::size_t inputs, std::size_t room>
inline void add_columns(Rows dY, Rows X, std::size_t count, Register (&sums)[vectors][room]) {
  for (std::size_t v = 0; v < vectors; ++v) {
    Register part[outputs][inputs];
    for (std::size_t s = 0; s < outputs * inputs; ++s) part[s / inputs][s % inputs] = sums[v][s];
    for (std::size_t t = v * width; t < count; t += parts)
      for (std::size_t r = 0; r < outputs; ++r)
        for (std::size_t c = 0; c < inputs; ++c)
          part[r][c] += load<width>(dY.data + r * dY.stride + t) * load<width>(X.data + c * X.stride + t * X.step);
    for (std::size_t s = 0; s < outputs * inputs; ++s) sums[v][s] = part[s / inputs][s % inputs];
  }
}

/// dW += dY Xᵀ, outputs x inputs of them: each a sum over `count` columns.
template <std::size_t outputs, std::size_t inputs>
inline void add_dots(Rows dY, Rows X, std::size_t count, Scalar* dW, std::size_t dW_stride) {
  constexpr std::size_t entries = outputs * inputs, room = (entries + width - 1) / width * width;
  Register sums[vectors][room] = {};
  const std::size_t whole = count / parts * parts;
  add_columns<outputs, inputs>(dY, X, whole, sums);
  if (whole < count) {  // the columns that are left, with zeros behind them
    Scalar dY_rest[outputs][parts] = {}, X_rest[inputs][parts] = {};
    for (std::size_t r = 0; r < outputs; ++r) std::copy_n(dY.data + r * dY.stride + whole, count - whole, dY_rest[r]);
    for (std::size_t c = 0; c < inputs; ++c)
      std::copy_n(X.data + c * X.stride + whole * X.step, count - whole, X_rest[c]);
    add_columns<outputs, inputs>({dY_rest[0], parts}, {X_rest[0], parts}, parts, sums);
  }
  for (std::size_t half = vectors / 2; half > 0; half /= 2)
    for (std::size_t v = 0; v < half; ++v)
      for (std::size_t s = 0; s < entries; ++s) sums[v][s] += sums[v + half][s];
  Scalar totals[room];
  for (std::size_t s = 0; s < room; s += width) store(tree<width>(sums[0] + s), totals + s);
  for (std::size_t r = 0; r < outputs; ++r)
    for (std::size_t c = 0; c < inputs; ++c) dW[r * dW_stride + c] += totals[r * inputs + c];
}

/// dW += dY Xᵀ when one of them has few rows.
void add_narrow(ConstMatrixView dY, ConstMatrixView X, MatrixView dW) {
  std::size_t i = 0;
  const auto columns = [&]<std::size_t inputs, std::size_t most>() {
    for (; i + inputs <= X.rows(); i += inputs) {
      std::size_t o = 0;
      const auto down = [&]<std::size_t outputs>() {
        for (; o + outputs <= dY.rows(); o += outputs)
          add_dots<outputs, inputs>({dY.row(o).data(), dY.stride()}, {X.row(i).data(), X.stride()}, X.cols(),
                                    dW.row(o).data() + i, dW.stride());
      };
      down.template operator()<most>();
      if constexpr (most > 1) down.template operator()<1>();
    }
  };
  constexpr std::size_t many = tile_rows == 8 ? 16 : 8;
  if (dY.rows() < 8) columns.template operator()<many / 2, 2>();
  columns.template operator()<4, many / 4>();
  columns.template operator()<2, many / 2>();
  columns.template operator()<1, many / 2>();
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
  Scalar ones[16];
  std::fill_n(ones, 16, Scalar(1));
  std::size_t o = 0;
  const auto down = [&]<std::size_t outputs>() {
    for (; o + outputs <= dY.rows(); o += outputs)
      add_dots<outputs, 1>({dY.row(o).data(), dY.stride()}, {ones, 0, 0}, dY.cols(), db.data() + o, 1);
  };
  down.template operator()<width>();
  down.template operator()<1>();
}

}  // namespace nn
