#include "nn/arithmetic/product.hpp"

#include <algorithm>

#include "nn/arithmetic/tile.hpp"
#include "nn/arithmetic/vector_ops.hpp"

namespace nn {

using namespace tiles;

namespace {

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

}  // namespace nn
