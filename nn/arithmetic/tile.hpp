#pragma once
/// What the matrix products are made of: a tile of sums that stays in registers while the inner dimension passes by.
/// Included by product.cpp, outer_product.cpp and sparse.cpp.             docs/14-same-seed-same-bits.md

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>

#include "nn/arithmetic/matrix.hpp"

namespace nn::tiles {

#if defined __AVX512F__
inline constexpr std::size_t register_bytes = 64, tile_rows = 8;  // 32 registers
#elif defined __AVX__
inline constexpr std::size_t register_bytes = 32, tile_rows = 6;  // 16 registers
#else
inline constexpr std::size_t register_bytes = 16, tile_rows = 4;
#endif
inline constexpr std::size_t width = register_bytes / sizeof(Scalar);  // numbers in a register

// #region lanes
/// `count` numbers side by side: g++ and clang know such a type for every processor, + and * work on all of them at
/// once, and [i] is one of them. A variable of it stays in a register, even of an array; of loops over plain arrays
/// each compiler sees that in some only, and not in the same ones.
template <std::size_t count>
using Lanes [[gnu::vector_size(count * sizeof(Scalar))]] = Scalar;
// #endregion lanes

template <std::size_t count>
inline Lanes<count> load(const Scalar* from) {
  Lanes<count> numbers;
  std::memcpy(&numbers, from, sizeof numbers);  // from any address: one instruction
  return numbers;
}
template <class Numbers>
inline void store(Numbers numbers, Scalar* to) {
  std::memcpy(to, &numbers, sizeof numbers);
}

/// a and b are groups of 2 n numbers. Of every group the first n numbers, or the other n: those of a before those of b.
/// Both compilers make one instruction of the list, where the processor has it.
template <std::size_t n, bool other, class Numbers, std::size_t... i>
inline Numbers halves(Numbers a, Numbers b, std::index_sequence<i...>) {
  const auto at = [&](std::size_t j) { return j < sizeof...(i) ? a[j] : b[j - sizeof...(i)]; };
  return Numbers{at(i + i / n * n + n * other)...};
}
template <std::size_t n, bool other, class Numbers>
inline Numbers halves(Numbers a, Numbers b) {
  return halves<n, other>(a, b, std::make_index_sequence<sizeof(Numbers) / sizeof(Scalar)>());
}

/// Of all numbers in these registers those with an even index, then those with an odd one: every bit of an index moves
/// one down, and the lowest to the top. Rows and columns have changed places when all bits of a column have moved.
template <std::size_t count, class Numbers>
inline void unzip(Numbers (&rows)[count]) {
  Numbers sorted[count];
  for (std::size_t r = 0; r < count / 2; ++r) {
    sorted[r] = halves<1, false>(rows[2 * r], rows[2 * r + 1]);
    sorted[count / 2 + r] = halves<1, true>(rows[2 * r], rows[2 * r + 1]);
  }
  for (std::size_t r = 0; r < count; ++r) rows[r] = sorted[r];
}

/// Number (r, c) of `from` goes to to[c * stride + r]: `width` rows and columns at a time, what is left one by one.
inline void transpose(ConstMatrixView from, Scalar* to, std::size_t stride) {
  for (std::size_t r = 0; r < from.rows(); r += width)
    for (std::size_t c = 0; c < from.cols(); c += width) {
      const Scalar* corner = from.row(r).data() + c;
      Scalar* to_corner = to + c * stride + r;
      if (r + width <= from.rows() && c + width <= from.cols()) {
        Lanes<width> rows[width];
        for (std::size_t j = 0; j < width; ++j) rows[j] = load<width>(corner + j * from.stride());
        for (std::size_t bit = 1; bit < width; bit *= 2) unzip(rows);
        for (std::size_t j = 0; j < width; ++j) store(rows[j], to_corner + j * stride);
      } else {
        for (std::size_t j = 0; j < std::min(width, from.rows() - r); ++j)
          for (std::size_t k = 0; k < std::min(width, from.cols() - c); ++k)
            to_corner[k * stride + j] = corner[j * from.stride() + k];
      }
    }
}

/// The left factor of a product: a matrix as it lies in memory, or its transpose.
template <bool transposed>
struct Left {
  const Scalar* data;
  std::size_t stride;
  const Scalar* at(std::size_t r, std::size_t k) const {
    return transposed ? data + k * stride + r : data + r * stride + k;
  }
};
inline Left<false> plain(ConstMatrixView A) {
  return {A.data(), A.stride()};
}
inline Left<true> transposed(ConstMatrixView A) {
  return {A.data(), A.stride()};
}

/// What a product is added to: nothing, one number per row, or what is there.
enum class Start { zero, bias, self };

// #region tile
/// C = start + A B for `rows` rows and `vectors` registers of columns. The sums stay in registers while all k pass by,
/// in `parts` partial sums: k = 0, parts, 2 parts, ... first.
template <std::size_t parts, Start start, std::size_t rows, std::size_t vectors, std::size_t count, class A>
inline void tile(A a, const Scalar* B, std::size_t B_stride, std::size_t inner, const Scalar* bias, Scalar* C,
                 std::size_t C_stride) {
  Lanes<count> total[rows][vectors];
  for (std::size_t part = 0; part < parts; ++part) {
    Lanes<count> sums[rows][vectors] = {};
    for (std::size_t k = part; k < inner; k += parts) {
      const Scalar* b = B + k * B_stride;
      for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t v = 0; v < vectors; ++v) sums[r][v] += *a.at(r, k) * load<count>(b + v * count);
    }
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t v = 0; v < vectors; ++v) total[r][v] = part == 0 ? sums[r][v] : total[r][v] + sums[r][v];
  }
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t v = 0; v < vectors; ++v) {
      Scalar* c = C + r * C_stride + v * count;
      const Lanes<count> sum = total[r][v];
      store(start == Start::zero ? sum : start == Start::bias ? bias[r] + sum : load<count>(c) + sum, c);
    }
}
// #endregion tile

/// The same for all of C: strips of columns outside, so that what a strip needs of B stays in the cache. Many rows that
/// lie a page of memory apart do not stay there, for they share few places of it: such a strip is copied first. Where
/// the inner dimension is short and known, its loop disappears.
template <std::size_t parts, Start start, std::size_t inner = 0, class A>
void tiled_product(A a, ConstMatrixView B, const Scalar* bias, MatrixView C) {
  constexpr std::size_t room = 256;
  alignas(64) Scalar strip[room * 2 * width];
  const bool far = B.stride() * sizeof(Scalar) >= 4096 && B.rows() > 64 && B.rows() <= room && C.rows() > tile_rows;
  std::size_t c = 0;
  const auto strips = [&]<std::size_t most, std::size_t vectors, std::size_t count>() {
    constexpr std::size_t cols = vectors * count;
    for (; c + cols <= C.cols(); c += cols) {
      for (std::size_t k = 0; far && k < B.rows(); ++k) std::copy_n(B.row(k).data() + c, cols, strip + k * cols);
      const Scalar* b = far ? strip : B.data() + c;
      const std::size_t b_stride = far ? cols : B.stride();
      std::size_t r = 0;
      const auto down = [&]<std::size_t rows>() {
        for (; r + rows <= C.rows(); r += rows)
          tile<parts, start, rows, vectors, count>(A{a.at(r, 0), a.stride}, b, b_stride, inner ? inner : B.rows(),
                                                   start == Start::bias ? bias + r : nullptr,
                                                   C.data() + r * C.stride() + c, C.stride());
      };
      down.template operator()<most>();
      if constexpr (most > 4) down.template operator()<4>();
      if constexpr (most > 2) down.template operator()<2>();
      down.template operator()<1>();
    }
  };
  // Few rows leave registers for more columns. They take little time, too little to let some processors slow down for
  // it, as these do where the widest registers are used.
  if (C.rows() <= 2) strips.template operator()<2, 4, std::min<std::size_t>(width, 8)>();
  strips.template operator()<tile_rows, 2, width>();
  strips.template operator()<tile_rows, 1, width>();
  if constexpr (width > 8) strips.template operator()<tile_rows, 1, 8>();
  if constexpr (width > 4) strips.template operator()<tile_rows, 1, 4>();
  strips.template operator()<tile_rows, 1, 1>();
}

/// A column whose numbers stand one after another is the one row of its transpose.
inline bool is_row(ConstMatrixView column) {
  return column.cols() == 1 && column.stride() == 1;
}
template <class T>
BasicMatrixView<T> as_row(BasicMatrixView<T> column) {
  return {column.data(), 1, column.rows()};
}

}  // namespace nn::tiles
