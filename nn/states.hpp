#pragma once
/// What a network sees, one column per state: a matrix; or, where nearly all numbers are 0, those that are not.
///
///   States       owns the numbers
///   StatesView   borrows them; a matrix is one, too
/// Only the first layer of a network asks which it is.

#include <cstddef>
#include <span>

#include "nn/arithmetic/matrix.hpp"
#include "nn/arithmetic/sparse_matrix.hpp"

namespace nn {

class StatesView {
 public:
  StatesView(ConstMatrixView dense) : dense_(dense) {}
  StatesView(SparseView sparse) : sparse_(sparse), is_sparse_(true) {}
  bool is_sparse() const { return is_sparse_; }
  ConstMatrixView dense() const {
    assert(!is_sparse_);
    return dense_;
  }
  SparseView sparse() const {
    assert(is_sparse_);
    return sparse_;
  }
  std::size_t rows() const { return is_sparse_ ? sparse_.rows() : dense_.rows(); }
  std::size_t cols() const { return is_sparse_ ? sparse_.cols() : dense_.cols(); }
  StatesView columns(std::size_t first, std::size_t count) const {
    return is_sparse_ ? StatesView(sparse_.columns(first, count)) : StatesView(dense_.columns(first, count));
  }

 private:
  static const SparseMatrix& none();
  ConstMatrixView dense_;
  SparseView sparse_{none()};
  bool is_sparse_ = false;
};

class States {
 public:
  /// Room for `columns` states; memory is only ever added. Those of a dense one are kept, as Matrix::resize does, those
  /// of a sparse one become all 0.
  void resize(std::size_t features, std::size_t columns, bool sparse = false);
  bool is_sparse() const { return is_sparse_; }
  std::size_t rows() const { return StatesView(*this).rows(); }
  std::size_t cols() const { return StatesView(*this).cols(); }

  /// State c becomes all 0; then its other numbers are set, in the order of their rows, before another state's.
  void clear(std::size_t c);
  void set(std::size_t row, std::size_t c, Scalar value);
  /// State c becomes column `from` of others with as many features.
  void put(std::size_t c, const StatesView& others, std::size_t from);

  /// State c of a sparse one gets `count` numbers that the caller writes, likewise.
  std::span<Entry> room(std::size_t c, std::size_t count) {
    assert(is_sparse_);
    return sparse_.room(c, count);
  }

  Matrix& dense() { return dense_; }
  const Matrix& dense() const { return dense_; }
  Scalar& operator()(std::size_t row, std::size_t c) { return dense_(row, c); }  // of a dense one
  Scalar operator()(std::size_t row, std::size_t c) const { return dense_(row, c); }

  operator StatesView() const { return is_sparse_ ? StatesView(SparseView(sparse_)) : StatesView(dense_.view()); }
  StatesView columns(std::size_t first, std::size_t count) const { return StatesView(*this).columns(first, count); }

 private:
  Matrix dense_;
  SparseMatrix sparse_;
  bool is_sparse_ = false;
};

/// Column c of `to` becomes column `from` of X, without its zeros. Read next: network.hpp.
void put_nonzeros(ConstMatrixView X, std::size_t from, SparseMatrix& to, std::size_t c);

}  // namespace nn
