#pragma once
/// A matrix whose numbers are nearly all 0, kept by columns: of each those that are not.

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "nn/arithmetic/scalar.hpp"

namespace nn {

/// A number of a sparse column.
struct Entry {
  std::uint32_t row;
  Scalar value;
};

class SparseMatrix {
 public:
  /// All columns are empty afterwards; memory is only ever added, so a loop that resizes does not allocate.
  void resize(std::size_t rows, std::size_t cols) {
    rows_ = rows;
    places_.assign(cols, {0, 0});
    entries_.clear();
  }
  /// Column c is empty again; then its entries are added, in the order of their rows, before another column's.
  void clear(std::size_t c) {
    assert(c < places_.size());
    places_[c] = {entries_.size(), 0};
  }
  void add(std::size_t c, Entry x) {
    assert(x.row < rows_ && places_[c].first + places_[c].count == entries_.size());
    entries_.push_back(x);
    ++places_[c].count;
  }
  /// Column c becomes these entries, of a column with as many rows.
  void put(std::size_t c, std::span<const Entry> entries) {
    clear(c);
    entries_.insert(entries_.end(), entries.begin(), entries.end());
    places_[c].count = entries.size();
  }
  /// Column c gets `count` entries, which the caller writes, in the order of their rows, before another column's.
  std::span<Entry> room(std::size_t c, std::size_t count) {
    clear(c);
    entries_.resize(entries_.size() + count);
    places_[c].count = count;
    return std::span(entries_).last(count);
  }
  std::size_t rows() const { return rows_; }
  std::size_t cols() const { return places_.size(); }
  std::span<const Entry> column(std::size_t c) const {
    assert(c < places_.size());
    return {entries_.data() + places_[c].first, places_[c].count};
  }

 private:
  struct Place {
    std::size_t first, count;
  };
  std::size_t rows_ = 0;
  std::vector<Place> places_;
  std::vector<Entry> entries_;  // of all columns, in the order in which they were put
};

/// A window on some columns of a sparse matrix that lives elsewhere. Read next: sparse.hpp.
class SparseView {
 public:
  SparseView(const SparseMatrix& matrix) : SparseView(matrix, 0, matrix.cols()) {}
  SparseView(const SparseMatrix& matrix, std::size_t first, std::size_t count)
      : matrix_(&matrix), first_(first), count_(count) {
    assert(first + count <= matrix.cols());
  }
  std::size_t rows() const { return matrix_->rows(); }
  std::size_t cols() const { return count_; }
  std::span<const Entry> column(std::size_t c) const {
    assert(c < count_);
    return matrix_->column(first_ + c);
  }
  SparseView columns(std::size_t first, std::size_t count) const { return {*matrix_, first_ + first, count}; }

 private:
  const SparseMatrix* matrix_;
  std::size_t first_, count_;
};

}  // namespace nn
