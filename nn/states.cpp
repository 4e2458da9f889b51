#include "nn/states.hpp"

namespace nn {

const SparseMatrix& StatesView::none() {
  static const SparseMatrix empty;
  return empty;
}

void States::resize(std::size_t features, std::size_t columns, bool sparse) {
  is_sparse_ = sparse;
  if (sparse)
    sparse_.resize(features, columns);
  else
    dense_.resize(features, columns);
}

void States::clear(std::size_t c) {
  if (is_sparse_) return sparse_.clear(c);
  for (std::size_t row = 0; row < dense_.rows(); ++row) dense_(row, c) = 0;
}

void States::set(std::size_t row, std::size_t c, Scalar value) {
  if (is_sparse_)
    sparse_.add(c, {static_cast<std::uint32_t>(row), value});
  else
    dense_(row, c) = value;
}

void States::put(std::size_t c, const StatesView& others, std::size_t from) {
  assert(others.rows() == rows());
  if (is_sparse_) {
    if (others.is_sparse())
      sparse_.put(c, others.sparse().column(from));
    else
      put_nonzeros(others.dense(), from, sparse_, c);
  } else if (others.is_sparse()) {
    clear(c);
    for (const Entry& x : others.sparse().column(from)) dense_(x.row, c) = x.value;
  } else {
    const ConstMatrixView X = others.dense();
    for (std::size_t row = 0; row < X.rows(); ++row) dense_(row, c) = X(row, from);
  }
}

void put_nonzeros(ConstMatrixView X, std::size_t from, SparseMatrix& to, std::size_t c) {
  to.clear(c);
  for (std::size_t row = 0; row < X.rows(); ++row)
    if (X(row, from) != 0) to.add(c, {static_cast<std::uint32_t>(row), X(row, from)});
}

}  // namespace nn
