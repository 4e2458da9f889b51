#include "nn/sparse.hpp"

#include <algorithm>
#include <vector>

#include "nn/arithmetic/product.hpp"
#include "nn/arithmetic/tile.hpp"

namespace nn {
namespace {

constexpr std::size_t parts = 4;    // partial sums of an output, as in product()
constexpr std::size_t block = 256;  // columns at a time, as in add_outer_products()

using tiles::Lanes, tiles::load, tiles::store, tiles::width;

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
    std::size_t ends[parts + 1] = {};
    for (const Entry& x : column) ++ends[x.row % parts + 1];
    for (std::size_t p = 0; p < parts; ++p) first_[p] = ends[p], ends[p + 1] += ends[p];
    first_[parts] = column.size();
    entries_.resize(column.size());
    for (const Entry& x : column) entries_[ends[x.row % parts]++] = x;
  }
  std::span<const Entry> part(std::size_t p) const { return {entries_.data() + first_[p], first_[p + 1] - first_[p]}; }

 private:
  std::size_t first_[parts + 1] = {};
  std::vector<Entry> entries_;
};

/// Some columns of a sparse matrix, row by row.
class ByRow {
 public:
  struct Number {
    std::uint32_t column;
    Scalar value;
  };
  explicit ByRow(SparseView X) : ends_(X.rows() + 1) {
    for (std::size_t t = 0; t < X.cols(); ++t)
      for (const Entry& x : X.column(t)) ++ends_[x.row + 1];
    for (std::size_t i = 0; i < X.rows(); ++i) {
      if (ends_[i + 1] > 0) rows_.push_back(static_cast<std::uint32_t>(i));
      ends_[i + 1] += ends_[i];
    }
    numbers_.resize(ends_.back());
    for (std::size_t t = 0; t < X.cols(); ++t)
      for (const Entry& x : X.column(t)) numbers_[ends_[x.row]++] = {static_cast<std::uint32_t>(t), x.value};
  }
  /// The rows that have numbers, and those of one, from the first column to the last.
  std::span<const std::uint32_t> rows() const { return rows_; }
  std::span<const Number> row(std::size_t i) const {
    const std::size_t first = i == 0 ? 0 : ends_[i - 1];
    return {numbers_.data() + first, ends_[i] - first};
  }

 private:
  std::vector<std::uint32_t> ends_, rows_;  // row i ends before numbers_[ends_[i]]
  std::vector<Number> numbers_;
};

}  // namespace

// #region forward
void sparse_forward(ConstMatrixView W, ConstVectorView b, SparseView X, MatrixView Y) {
  assert(W.rows() == X.rows() && W.cols() == Y.rows() && X.cols() == Y.cols() && b.size() == W.cols());
  ByPart inputs;
  for (std::size_t t = 0; t < X.cols(); ++t) {
    inputs.sort(X.column(t));
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
        for (std::size_t j = 0; j < count; ++j) Y(o + v * count + j, t) = b[o + v * count + j] + total[v][j];
    });
  }
}
// #endregion forward

// #region backward
void sparse_backward(SparseView X, ConstMatrixView dY, MatrixView dW, VectorView db) {
  assert(dW.rows() == X.rows() && dW.cols() == dY.rows() && X.cols() == dY.cols());
  add_row_sums(dY, db);
  for (std::size_t first = 0; first < X.cols(); first += block) {
    const std::size_t columns = std::min(block, X.cols() - first);
    const ByRow inputs(X.columns(first, columns));
    for_outputs(dY.rows(), [&]<std::size_t vectors, std::size_t count>(std::size_t o) {
      constexpr std::size_t some = vectors * count;
      alignas(64) Scalar turned[block * some];  // of dY
      for (std::size_t j = 0; j < some; ++j)
        for (std::size_t t = 0; t < columns; ++t) turned[t * some + j] = dY(o + j, first + t);
      for (const std::uint32_t i : inputs.rows()) {
        Lanes<count> sums[vectors] = {};
        for (const ByRow::Number& x : inputs.row(i))
          for (std::size_t v = 0; v < vectors; ++v)
            sums[v] += x.value * load<count>(turned + x.column * some + v * count);
        Scalar* dw = dW.row(i).data() + o;
        for (std::size_t v = 0; v < vectors; ++v) store(load<count>(dw + v * count) + sums[v], dw + v * count);
      }
    });
  }
}
// #endregion backward

}  // namespace nn
