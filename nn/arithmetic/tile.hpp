#pragma once
/// What the matrix products are made of: a tile of sums that stays in registers while the inner dimension passes by.
/// Included by product.cpp and outer_product.cpp alone.                          docs/14-same-seed-same-bits.md

#include <algorithm>
#include <cstddef>

#include "nn/arithmetic/matrix.hpp"

namespace nn::tiles {

#ifdef __AVX512F__
inline constexpr std::size_t tile_rows = 8;  // 32 vector registers
#else
inline constexpr std::size_t tile_rows = 4;
#endif
inline constexpr bool total_in_registers = tile_rows == 8;  // beside the sums of one part
inline constexpr std::size_t width = 64 / sizeof(Scalar);   // a cache line
inline constexpr std::size_t block = 256;                   // columns at a time, so that they stay in the cache

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

/// A column whose numbers stand one after another is the one row of its transpose.
inline bool is_row(ConstMatrixView column) {
  return column.cols() == 1 && column.stride() == 1;
}
template <class T>
BasicMatrixView<T> as_row(BasicMatrixView<T> column) {
  return {column.data(), 1, column.rows()};
}

}  // namespace nn::tiles
