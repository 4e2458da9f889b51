#include "nn/dense.hpp"

#include "nn/arithmetic/product.hpp"
#include "nn/arithmetic/vector_ops.hpp"

namespace nn {

// #region forward
void dense_forward(ConstMatrixView W, ConstVectorView b, ConstMatrixView X, MatrixView Y) {
  product(W, X, b, Y);  // Y = W X + b
}
// #endregion forward

// #region backward
void dense_backward(ConstMatrixView W, ConstMatrixView X, ConstMatrixView dY, MatrixView dW, VectorView db,
                    MatrixView dX) {
  add_outer_products(dY, X, dW);                   // dW += dY Xᵀ
  add_row_sums(dY, db);                            // db += dY summed over the batch
  if (!dX.empty()) transposed_product(W, dY, dX);  // dX = Wᵀ dY
}
// #endregion backward

}  // namespace nn
