#include "nn/softmax.hpp"

#include <algorithm>

#include "nn/arithmetic/elementary.hpp"

namespace nn {
namespace {

constexpr std::size_t block = 64;  // columns at a time: two rows of scratch on the stack

/// Z in blocks of columns, each with its largest logit per column.
template <class Body>
void for_blocks(ConstMatrixView Z, MatrixView out, Body body) {
  assert(Z.rows() == out.rows() && Z.cols() == out.cols());
  for (std::size_t first = 0; first < Z.cols(); first += block) {
    const std::size_t count = std::min(block, Z.cols() - first);
    Scalar largest[block];
    std::copy_n(Z.row(0).data() + first, count, largest);
    for (std::size_t k = 1; k < Z.rows(); ++k) {
      const Scalar* z = Z.row(k).data() + first;
      for (std::size_t t = 0; t < count; ++t) largest[t] = z[t] > largest[t] ? z[t] : largest[t];
    }
    body(Z.columns(first, count), out.columns(first, count), largest);
  }
}

}  // namespace

void softmax(ConstMatrixView Z, MatrixView P) {
  for_blocks(Z, P, [](ConstMatrixView z, MatrixView p, const Scalar* largest) {
    Scalar total[block] = {};
    for (std::size_t k = 0; k < z.rows(); ++k) {
      const Scalar* from = z.row(k).data();
      Scalar* to = p.row(k).data();
      for (std::size_t t = 0; t < z.cols(); ++t) {
        const Scalar e = exp(from[t] - largest[t]);
        to[t] = e;
        total[t] += e;
      }
    }
    for (std::size_t k = 0; k < z.rows(); ++k) {
      Scalar* to = p.row(k).data();
      for (std::size_t t = 0; t < z.cols(); ++t) to[t] /= total[t];
    }
  });
}

void log_softmax(ConstMatrixView Z, MatrixView L) {
  for_blocks(Z, L, [](ConstMatrixView z, MatrixView l, const Scalar* largest) {
    Scalar total[block] = {};
    for (std::size_t k = 0; k < z.rows(); ++k) {
      const Scalar* from = z.row(k).data();
      for (std::size_t t = 0; t < z.cols(); ++t) total[t] += exp(from[t] - largest[t]);
    }
    for (std::size_t t = 0; t < z.cols(); ++t) total[t] = log(total[t]);
    for (std::size_t k = 0; k < z.rows(); ++k) {
      const Scalar* from = z.row(k).data();
      Scalar* to = l.row(k).data();
      for (std::size_t t = 0; t < z.cols(); ++t) to[t] = (from[t] - largest[t]) - total[t];
    }
  });
}

}  // namespace nn
