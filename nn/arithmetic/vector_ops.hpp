#pragma once
/// The loops that carry the speed: each runs along contiguous rows, and compilers turn each into vector code.
///
/// A sum runs in 16 partial sums, added in a fixed order: it vectorises on any machine and has one result.
/// Lengths are the caller's promise (assert). Read next: dense.hpp.

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>

#include "nn/arithmetic/matrix.hpp"

namespace nn {

inline void fill(VectorView y, Scalar value) {
  std::fill(y.begin(), y.end(), value);
}

/// y += a x
inline void axpy(Scalar a, ConstVectorView x, VectorView y) {
  assert(x.size() == y.size());
  for (std::size_t i = 0; i < y.size(); ++i) y[i] += a * x[i];
}

/// y *= x, entry by entry
inline void multiply(ConstVectorView x, VectorView y) {
  assert(x.size() == y.size());
  for (std::size_t i = 0; i < y.size(); ++i) y[i] *= x[i];
}

/// y *= a
inline void scale(Scalar a, VectorView y) {
  for (Scalar& value : y) value *= a;
}

/// The sum of term(0) .. term(count - 1): term i joins partial sum i mod 16, and the 16 are added as a tree.
// #region sum
template <class Term>
Scalar sum_of(std::size_t count, Term term) {
  constexpr std::size_t width = 16;
  if (count == 1) return term(0);
  Scalar partial[width] = {};
  std::size_t i = 0;
  for (; i + width <= count; i += width)
#pragma omp simd
    for (std::size_t j = 0; j < width; ++j) partial[j] += term(i + j);
  for (std::size_t j = 0; i < count; ++i, ++j) partial[j] += term(i);
  for (std::size_t half = width / 2; half > 0; half /= 2)
    for (std::size_t j = 0; j < half; ++j) partial[j] += partial[j + half];
  return partial[0];
}
// #endregion sum

inline Scalar sum(ConstVectorView x) {
  const Scalar* data = x.data();
  return sum_of(x.size(), [=](std::size_t i) { return data[i]; });
}

inline Scalar dot(ConstVectorView x, ConstVectorView y) {
  assert(x.size() == y.size());
  const Scalar *a = x.data(), *b = y.data();
  return sum_of(x.size(), [=](std::size_t i) { return a[i] * b[i]; });
}

/// Index of the first entry that is NaN or infinite; x.size() when all are finite.
inline std::size_t first_not_finite(ConstVectorView x) {
  const Scalar* data = x.data();
  const Scalar zero = sum_of(x.size(), [=](std::size_t i) { return data[i] - data[i]; });  // NaN when one is not
  if (zero == 0) return x.size();
  return static_cast<std::size_t>(std::find_if(x.begin(), x.end(), [](Scalar v) { return !(v - v == 0); }) - x.begin());
}

}  // namespace nn
