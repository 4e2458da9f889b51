#include "nn/sparse.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "nn/arithmetic/product.hpp"
#include "nn/arithmetic/tile.hpp"

namespace nn {
namespace {

constexpr std::size_t parts = 4;    // partial sums of an output, as in product()
constexpr std::size_t block = 256;  // columns at a time, as in add_outer_products()

using tiles::Lanes, tiles::load, tiles::store, tiles::transpose, tiles::width;

/// body.operator()<vectors, count>(o) for all outputs o, in tiles of `vectors` registers of `count` numbers.
void for_outputs(std::size_t outputs, auto body) {
  std::size_t o = 0;
  const auto tiles = [&]<std::size_t vectors, std::size_t count>() {
    for (; o + vectors * count <= outputs; o += vectors * count) body.template operator()<vectors, count>(o);
  };
  tiles.template operator()<4, width>();
  tiles.template operator()<1, width>();
  if constexpr (width > 8) tiles.template operator()<1, 8>();
  if constexpr (width > 4) tiles.template operator()<1, 4>();
  tiles.template operator()<1, 1>();
}

/// The entries of a column by the partial sum that they belong to, each part in the order of its rows.
class ByPart {
 public:
  void sort(std::span<const Entry> column) {
    room_ = std::max(room_, column.size());
    entries_.resize(parts * room_);
    std::fill_n(counts_, parts, 0);
    for (const Entry& x : column) entries_[x.row % parts * room_ + counts_[x.row % parts]++] = x;
  }
  std::span<const Entry> part(std::size_t p) const { return {entries_.data() + p * room_, counts_[p]}; }

 private:
  std::size_t room_ = 0, counts_[parts] = {};
  std::vector<Entry> entries_;  // room_ for each part
};

/// Some columns of a sparse matrix, row by row.
class ByRow {
 public:
  struct Number {
    std::uint32_t column;
    Scalar value;
  };
  explicit ByRow(std::size_t rows) : ends_(rows) {}
  /// Of the columns before, only the rows that they had are cleared: there are many rows, and of most there is nothing.
  void sort(SparseView X) {
    for (const std::uint32_t i : rows_) ends_[i] = 0;
    rows_.clear();
    for (std::size_t t = 0; t < X.cols(); ++t)
      for (const Entry& x : X.column(t))
        if (ends_[x.row]++ == 0) rows_.push_back(x.row);
    std::uint32_t count = 0;
    for (const std::uint32_t i : rows_) count += std::exchange(ends_[i], count);
    numbers_.resize(count);
    for (std::size_t t = 0; t < X.cols(); ++t)
      for (const Entry& x : X.column(t)) numbers_[ends_[x.row]++] = {static_cast<std::uint32_t>(t), x.value};
  }
  /// visit(row, its numbers from the first column to the last), for every row that has any.
  void for_rows(auto visit) const {
    std::size_t first = 0;
    for (const std::uint32_t i : rows_) {
      visit(i, std::span(numbers_).subspan(first, ends_[i] - first));
      first = ends_[i];
    }
  }

 private:
  std::vector<std::uint32_t> ends_, rows_;  // row i ends before numbers_[ends_[i]]
  std::vector<Number> numbers_;
};

// #region forward
/// u = b + the rows of W that belong to a state's inputs, times these.
void add_rows(ConstMatrixView W, ConstVectorView b, const ByPart& inputs, VectorView u) {
  for_outputs(W.cols(), [&]<std::size_t vectors, std::size_t count>(std::size_t o) {
    Lanes<count> total[vectors] = {};
    for (std::size_t p = 0; p < parts; ++p) {
      Lanes<count> sums[vectors] = {};
      for (const Entry& x : inputs.part(p)) {
        const Scalar* w = W.row(x.row).data() + o;
        for (std::size_t v = 0; v < vectors; ++v) sums[v] += x.value * load<count>(w + v * count);
      }
      for (std::size_t v = 0; v < vectors; ++v) total[v] += sums[v];
    }
    for (std::size_t v = 0; v < vectors; ++v)
      store(load<count>(b.data() + o + v * count) + total[v], u.data() + o + v * count);
  });
}
// #endregion forward

}  // namespace

void sparse_forward(ConstMatrixView W, ConstVectorView b, SparseView X, MatrixView Y) {
  assert(W.rows() == X.rows() && W.cols() == Y.rows() && X.cols() == Y.cols() && b.size() == W.cols());
  ByPart inputs;
  Matrix turned(std::min(width, X.cols()), W.cols());  // some columns of Y, as rows
  for (std::size_t first = 0; first < X.cols(); first += turned.rows()) {
    const std::size_t columns = std::min(turned.rows(), X.cols() - first);
    for (std::size_t t = 0; t < columns; ++t) {
      inputs.sort(X.column(first + t));
      add_rows(W, b, inputs, turned.row(t));
    }
    transpose({turned.row(0).data(), columns, W.cols()}, Y.data() + first, Y.stride());
  }
}

// #region backward
void sparse_backward(SparseView X, ConstMatrixView dY, MatrixView dW, VectorView db) {
  assert(dW.rows() == X.rows() && dW.cols() == dY.rows() && X.cols() == dY.cols());
  add_row_sums(dY, db);
  ByRow inputs(X.rows());
  for (std::size_t first = 0; first < X.cols(); first += block) {
    const std::size_t columns = std::min(block, X.cols() - first);
    inputs.sort(X.columns(first, columns));
    for_outputs(dY.rows(), [&]<std::size_t vectors, std::size_t count>(std::size_t o) {
      constexpr std::size_t some = vectors * count;
      alignas(64) Scalar turned[block * some];  // of dY
      transpose({dY.row(o).data() + first, some, columns, dY.stride()}, turned, some);
      inputs.for_rows([&](std::size_t i, std::span<const ByRow::Number> row) {
        Lanes<count> sums[vectors] = {};
        for (const ByRow::Number& x : row)
          for (std::size_t v = 0; v < vectors; ++v)
            sums[v] += x.value * load<count>(turned + x.column * some + v * count);
        Scalar* dw = dW.row(i).data() + o;
        for (std::size_t v = 0; v < vectors; ++v) store(load<count>(dw + v * count) + sums[v], dw + v * count);
      });
    });
  }
}
// #endregion backward

}  // namespace nn
