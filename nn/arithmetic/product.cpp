#include "nn/arithmetic/product.hpp"

#include <algorithm>

#include "nn/vector_ops.hpp"

namespace nn {
namespace {

#ifdef __AVX512F__
constexpr std::size_t tile_rows = 8;  // 32 vector registers
#else
constexpr std::size_t tile_rows = 4;
#endif
constexpr bool total_in_registers = tile_rows == 8;  // beside the sums of one part
constexpr std::size_t width = 64 / sizeof(Scalar);   // a cache line
constexpr std::size_t block = 256;                   // columns at a time, so that they stay in the cache

/// The left factor of a product: a matrix as it lies in memory, or its transpose.
enum class Factor { plain, transposed };

template <Factor factor>
struct Left {
  const Scalar* data;
  std::size_t stride;
  Scalar operator()(std::size_t r, std::size_t k) const {
    return factor == Factor::plain ? data[r * stride + k] : data[k * stride + r];
  }
};

// #region tile
/// sums += A B over k = first, first + step, ...: the rows x cols sums stay in registers while all k pass by.
template <std::size_t rows, std::size_t cols, class A>
inline void add_products(A a, const Scalar* B, std::size_t stride, std::size_t first, std::size_t step,
                         std::size_t count, Scalar (&sums)[rows][cols]) {
  constexpr std::size_t vector = std::min(cols, width);
  for (std::size_t k = first; k < count; k += step) {
    const Scalar* b = B + k * stride;
#ifdef __clang__  // it keeps the sums in registers in this order of the loops only, and g++ in the other only
    for (std::size_t v = 0; v < cols; v += vector)
#pragma omp simd
      for (std::size_t c = 0; c < vector; ++c)
        for (std::size_t r = 0; r < rows; ++r) sums[r][v + c] += a(r, k) * b[v + c];
#else
    for (std::size_t r = 0; r < rows; ++r) {
      const Scalar factor = a(r, k);
      for (std::size_t v = 0; v < cols; v += vector)  // one vector after another
#pragma omp simd
        for (std::size_t c = 0; c < vector; ++c) sums[r][v + c] += factor * b[v + c];
    }
#endif
  }
}
// #endregion tile

/// C = start + A B for rows x cols entries; A B is the sum of `parts` partial sums, start one number per row (null: 0).
/// Where registers are few, C holds the total until the last part.
template <std::size_t parts, std::size_t rows, std::size_t cols, class A>
inline void product_tile(A a, const Scalar* B, std::size_t B_stride, std::size_t count, const Scalar* start, Scalar* C,
                         std::size_t C_stride) {
  Scalar registers[rows][cols];
  for (std::size_t part = 0; part < parts; ++part) {
    Scalar sums[rows][cols] = {};
    add_products(a, B, B_stride, part, parts, count, sums);
    for (std::size_t r = 0; r < rows; ++r) {
      Scalar *to = C + r * C_stride, *total = total_in_registers ? registers[r] : to;
#pragma omp simd
      for (std::size_t c = 0; c < cols; ++c) {
        const Scalar sum = part == 0 ? sums[r][c] : total[c] + sums[r][c];
        if (part + 1 < parts)
          total[c] = sum;
        else
          to[c] = start ? start[r] + sum : sum;
      }
    }
  }
}

/// `rows` rows of C, all columns: few rows leave registers for more columns.
template <std::size_t parts, std::size_t rows, class A>
void product_rows(A a, ConstMatrixView B, const Scalar* start, MatrixView C) {
  std::size_t c = 0;
  const auto tile = [&]<std::size_t cols>() {
    for (; c + cols <= C.cols(); c += cols)
      product_tile<parts, rows, cols>(a, B.data() + c, B.stride(), B.rows(), start, C.data() + c, C.stride());
  };
  if constexpr (rows <= 2) {
    tile.template operator()<4 * width>();
    tile.template operator()<2 * width>();
  }
  tile.template operator()<width>();
  tile.template operator()<width / 2>();
  tile.template operator()<4>();
  tile.template operator()<1>();
}

template <std::size_t parts, Factor factor>
void product(ConstMatrixView A, ConstMatrixView B, const Scalar* start, MatrixView C) {
  for (std::size_t first = 0; first < C.cols(); first += block) {
    const std::size_t count = std::min(block, C.cols() - first);
    std::size_t r = 0;
    const auto tile = [&]<std::size_t rows>() {
      for (; r + rows <= C.rows(); r += rows)
        product_rows<parts, rows>(Left<factor>{A.data() + r * (factor == Factor::plain ? A.stride() : 1), A.stride()},
                                  B.columns(first, count), start ? start + r : nullptr,
                                  MatrixView(C.data() + r * C.stride() + first, rows, count, C.stride()));
    };
    tile.template operator()<tile_rows>();
    tile.template operator()<2>();
    tile.template operator()<1>();
  }
}

/// C = start + A B when A has as few columns as `count`: then a tile has too little to do. A few columns of B stay in
/// registers while all rows of A pass by. The same sums as of product<1>.
template <std::size_t count, std::size_t cols, Factor factor>
inline void few_products(Left<factor> a, const Scalar* B, std::size_t B_stride, const Scalar* start, MatrixView C) {
  Scalar b[count][cols];
  for (std::size_t k = 0; k < count; ++k)
#pragma omp simd
    for (std::size_t c = 0; c < cols; ++c) b[k][c] = B[k * B_stride + c];
  Scalar* to = C.data();
  for (std::size_t r = 0; r < C.rows(); ++r, to += C.stride()) {
    const Scalar first = start ? start[r] : Scalar(0);
#pragma omp simd
    for (std::size_t c = 0; c < cols; ++c) {
      Scalar sum = a(r, 0) * b[0][c];
      for (std::size_t k = 1; k < count; ++k) sum += a(r, k) * b[k][c];
      to[c] = first + sum;
    }
  }
}

template <std::size_t count, Factor factor>
void few_products(ConstMatrixView A, ConstMatrixView B, const Scalar* start, MatrixView C) {
  std::size_t c = 0;
  const auto columns = [&]<std::size_t cols>() {
    for (; c + cols <= C.cols(); c += cols)
      few_products<count, cols>(Left<factor>{A.data(), A.stride()}, B.data() + c, B.stride(), start,
                                C.columns(c, cols));
  };
  columns.template operator()<2 * width>();
  columns.template operator()<width>();
  columns.template operator()<width / 2>();
  columns.template operator()<4>();
  columns.template operator()<1>();
}

template <std::size_t parts, Factor factor>
void any_product(ConstMatrixView A, ConstMatrixView B, const Scalar* start, MatrixView C) {
  switch (B.rows()) {
    case 1: return few_products<1, factor>(A, B, start, C);
    case 2: return few_products<2, factor>(A, B, start, C);
    case 3: return few_products<3, factor>(A, B, start, C);
    case 4: return few_products<4, factor>(A, B, start, C);
    default: return product<parts, factor>(A, B, start, C);
  }
}

/// Y = W X + b for a single column, `rows` outputs from o on: the four partial sums side by side.
template <std::size_t rows>
inline void column_tile(ConstMatrixView W, const Scalar* x, const Scalar* b, Scalar* y, std::size_t o) {
  const std::size_t stride = W.stride(), count = W.cols();
  const Scalar* w = W.data() + o * stride;
  Scalar sums[rows][4] = {};
  std::size_t i = 0;
  for (; i + 4 <= count; i += 4)
    for (std::size_t r = 0; r < rows; ++r)
#pragma omp simd
      for (std::size_t j = 0; j < 4; ++j) sums[r][j] += w[r * stride + i + j] * x[i + j];
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t j = 0; i + j < count; ++j) sums[r][j] += w[r * stride + i + j] * x[i + j];
  const Scalar *flat = sums[0], *first = b + o;
  Scalar* to = y + o;
#pragma omp simd simdlen(4)  // as wide as the sums were stored, or reading them would wait for it
  for (std::size_t r = 0; r < rows; ++r)
    to[r] = first[r] + (((flat[4 * r] + flat[4 * r + 1]) + flat[4 * r + 2]) + flat[4 * r + 3]);
}

void column_product(ConstMatrixView W, const Scalar* x, const Scalar* b, Scalar* y) {
  std::size_t o = 0;
  if (W.cols() == 4 && W.stride() == 4) {  // CartPole's state: nothing to put side by side
    const Scalar* w = W.data();
    o = W.rows();
#pragma omp simd
    for (std::size_t r = 0; r < o; ++r)
      y[r] = b[r] + (((w[4 * r] * x[0] + w[4 * r + 1] * x[1]) + w[4 * r + 2] * x[2]) + w[4 * r + 3] * x[3]);
  }
  for (; o + 16 <= W.rows(); o += 16) column_tile<16>(W, x, b, y, o);
  for (; o + 2 <= W.rows(); o += 2) column_tile<2>(W, x, b, y, o);
  for (; o < W.rows(); ++o) column_tile<1>(W, x, b, y, o);
}

/// A column whose numbers stand one after another is the one row of its transpose.
bool is_row(ConstMatrixView column) {
  return column.cols() == 1 && column.stride() == 1;
}
template <class T>
BasicMatrixView<T> as_row(BasicMatrixView<T> column) {
  return {column.data(), 1, column.rows()};
}

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

void product(ConstMatrixView W, ConstMatrixView X, ConstVectorView b, MatrixView Y) {
  assert(W.cols() == X.rows() && W.rows() == Y.rows() && X.cols() == Y.cols() && b.size() == W.rows());
  if (is_row(X) && is_row(Y))
    column_product(W, X.data(), b.data(), Y.data());
  else
    any_product<4, Factor::plain>(W, X, b.data(), Y);
}

void transposed_product(ConstMatrixView W, ConstMatrixView dY, MatrixView dX) {
  assert(W.rows() == dY.rows() && W.cols() == dX.rows() && dX.cols() == dY.cols());
  if (is_row(dY) && is_row(dX))
    any_product<1, Factor::plain>(as_row(dY), W, nullptr, as_row(dX));  // dXᵀ = dYᵀ W
  else
    any_product<1, Factor::transposed>(W, dY, nullptr, dX);
}

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
