#pragma once
/// A batch is a matrix whose rows are features and whose columns are states: each row is contiguous, and the inner
/// loop of every kernel runs along it.
///
///   Matrix           owns rows x cols numbers
///   MatrixView       borrows them; ConstMatrixView reads only
///   VectorView       a contiguous row: std::span
/// Indices and shapes are the caller's promise (assert). Read next: vector_ops.hpp.

#include <cassert>
#include <cstddef>
#include <new>
#include <span>
#include <type_traits>
#include <vector>

#include "nn/arithmetic/scalar.hpp"

namespace nn {

using VectorView = std::span<Scalar>;
using ConstVectorView = std::span<const Scalar>;

/// A window on rows x cols numbers; row r starts at data + r * stride.
template <class T>
class BasicMatrixView {
 public:
  BasicMatrixView() = default;
  BasicMatrixView(T* data, std::size_t rows, std::size_t cols) : BasicMatrixView(data, rows, cols, cols) {}
  BasicMatrixView(T* data, std::size_t rows, std::size_t cols, std::size_t stride)
      : data_(data), rows_(rows), cols_(cols), stride_(stride) {
    assert(cols <= stride);
  }
  template <class U>  // a MatrixView is a ConstMatrixView, not the other way round
  requires(std::is_same_v<T, const U>) BasicMatrixView(BasicMatrixView<U> other)
      : BasicMatrixView(other.data(), other.rows(), other.cols(), other.stride()) {}

  T* data() const { return data_; }
  std::size_t rows() const { return rows_; }
  std::size_t cols() const { return cols_; }
  std::size_t stride() const { return stride_; }
  bool empty() const { return rows_ == 0 || cols_ == 0; }

  T& operator()(std::size_t r, std::size_t c) const {
    assert(r < rows_ && c < cols_);
    return data_[r * stride_ + c];
  }
  std::span<T> row(std::size_t r) const {
    assert(r < rows_);
    return {data_ + r * stride_, cols_};
  }
  /// All numbers as one row; only of a matrix without gaps between its rows.
  std::span<T> flat() const {
    assert(stride_ == cols_ || rows_ < 2);
    return {data_, rows_ * cols_};
  }
  /// One long row when nothing lies between the rows, else the same: what a loop over all entries wants, above all
  /// when the rows are short.
  BasicMatrixView joined() const { return stride_ == cols_ ? BasicMatrixView(data_, 1, rows_ * cols_) : *this; }
  /// The columns first .. first + count - 1 of every row: a part of the batch.
  BasicMatrixView columns(std::size_t first, std::size_t count) const {
    assert(first + count <= cols_);
    return {data_ + first, rows_, count, stride_};
  }

 private:
  T* data_ = nullptr;
  std::size_t rows_ = 0, cols_ = 0, stride_ = 0;
};

using MatrixView = BasicMatrixView<Scalar>;
using ConstMatrixView = BasicMatrixView<const Scalar>;

/// Memory that starts on a cache line, so that no vector load straddles two.
template <class T>
struct CacheLineAllocator {
  using value_type = T;
  static constexpr std::align_val_t alignment{64};
  CacheLineAllocator() = default;
  template <class U>
  CacheLineAllocator(const CacheLineAllocator<U>&) {}
  T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T), alignment)); }
  void deallocate(T* data, std::size_t) { ::operator delete(data, alignment); }
  bool operator==(const CacheLineAllocator&) const = default;
};

using Vector = std::vector<Scalar, CacheLineAllocator<Scalar>>;

class Matrix {
 public:
  Matrix() = default;
  Matrix(std::size_t rows, std::size_t cols) { resize(rows, cols); }
  /// New entries are 0, old ones are not moved; memory is only ever added, so a loop that resizes does not allocate.
  void resize(std::size_t rows, std::size_t cols) {
    rows_ = rows, cols_ = cols;
    numbers_.resize(rows * cols);
  }
  std::size_t rows() const { return rows_; }
  std::size_t cols() const { return cols_; }
  VectorView flat() { return numbers_; }
  ConstVectorView flat() const { return numbers_; }
  VectorView row(std::size_t r) { return view().row(r); }
  ConstVectorView row(std::size_t r) const { return view().row(r); }
  Scalar& operator()(std::size_t r, std::size_t c) { return view()(r, c); }
  Scalar operator()(std::size_t r, std::size_t c) const { return view()(r, c); }
  MatrixView view() { return {numbers_.data(), rows_, cols_}; }
  ConstMatrixView view() const { return {numbers_.data(), rows_, cols_}; }
  operator MatrixView() { return view(); }
  operator ConstMatrixView() const { return view(); }

 private:
  std::size_t rows_ = 0, cols_ = 0;
  Vector numbers_;
};

}  // namespace nn
