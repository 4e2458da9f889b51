#include "nn/dense.hpp"

#include "nn/vector_ops.hpp"

namespace nn {

// #region forward
void dense_forward(ConstMatrixView W, ConstVectorView b, ConstMatrixView X, MatrixView Y) {
  assert(W.cols() == X.rows() && W.rows() == Y.rows() && X.cols() == Y.cols() && b.size() == W.rows());
  for (std::size_t o = 0; o < W.rows(); ++o) {
    fill(Y.row(o), b[o]);
    for (std::size_t i = 0; i < W.cols(); ++i) axpy(W(o, i), X.row(i), Y.row(o));  // Y = W X + b
  }
}
// #endregion forward

// #region backward
void dense_backward(ConstMatrixView W, ConstMatrixView X, ConstMatrixView dY, MatrixView dW, VectorView db,
                    MatrixView dX) {
  assert(W.cols() == X.rows() && W.rows() == dY.rows() && X.cols() == dY.cols());
  assert(dW.rows() == W.rows() && dW.cols() == W.cols() && db.size() == W.rows());
  assert(dX.empty() || (dX.rows() == X.rows() && dX.cols() == X.cols()));
  for (std::size_t i = 0; i < dX.rows(); ++i) fill(dX.row(i), 0);
  for (std::size_t o = 0; o < W.rows(); ++o) {
    db[o] += sum(dY.row(o));
    for (std::size_t i = 0; i < W.cols(); ++i) {
      dW(o, i) += dot(dY.row(o), X.row(i));                  // dW = dY Xᵀ
      if (!dX.empty()) axpy(W(o, i), dY.row(o), dX.row(i));  // dX = Wᵀ dY
    }
  }
}
// #endregion backward

}  // namespace nn
