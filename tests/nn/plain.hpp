#pragma once
/// Formulas of chapters 1, 2 and 4 in plain loops, one loop for each letter, and nothing for speed. The network calls
/// faster functions (nn/dense.hpp, nn/softmax.hpp); tests/docs/test_formulas_plain.cpp holds them to these.

#include <algorithm>

#include "nn/arithmetic/elementary.hpp"
#include "nn/arithmetic/matrix.hpp"

namespace plain {

using nn::ConstMatrixView, nn::ConstVectorView, nn::Matrix, nn::MatrixView, nn::Scalar, nn::VectorView;

// #region layer
/// Y = W X + b.                                                        Eq. (1.2)
inline void layer(ConstMatrixView W, ConstVectorView b, ConstMatrixView X, MatrixView Y) {
  for (std::size_t o = 0; o < W.rows(); ++o)
    for (std::size_t t = 0; t < X.cols(); ++t) {
      Scalar sum = 0;
      for (std::size_t i = 0; i < W.cols(); ++i) sum += W(o, i) * X(i, t);
      Y(o, t) = b[o] + sum;
    }
}
// #endregion layer

// #region layer-backward
/// From dY to dW, db and dX. dW and db are added to, dX is overwritten.
inline void layer_backward(ConstMatrixView W, ConstMatrixView X, ConstMatrixView dY, MatrixView dW, VectorView db,
                           MatrixView dX) {
  const std::size_t outputs = W.rows(), inputs = W.cols(), states = X.cols();
  for (std::size_t o = 0; o < outputs; ++o)
    for (std::size_t i = 0; i < inputs; ++i)
      for (std::size_t t = 0; t < states; ++t) dW(o, i) += dY(o, t) * X(i, t);  // (2.2)

  for (std::size_t o = 0; o < outputs; ++o)
    for (std::size_t t = 0; t < states; ++t) db[o] += dY(o, t);  // (2.3)

  for (std::size_t i = 0; i < inputs; ++i)
    for (std::size_t t = 0; t < states; ++t) {
      dX(i, t) = 0;
      for (std::size_t o = 0; o < outputs; ++o) dX(i, t) += W(o, i) * dY(o, t);  // (2.4)
    }
}
// #endregion layer-backward

/// A network with one hidden layer of tanh, and what it remembers of a batch of states X.
struct TwoLayers {
  Matrix W1, W2, dW1, dW2;
  nn::Vector b1, b2, db1, db2;
  Matrix X, H;
  void forward(ConstMatrixView states, MatrixView Z);
  void backward(ConstMatrixView dZ);
};

inline void TwoLayers::forward(ConstMatrixView states, MatrixView Z) {
  X.resize(states.rows(), states.cols());
  for (std::size_t i = 0; i < X.rows(); ++i) std::ranges::copy(states.row(i), X.row(i).begin());
  H.resize(W1.rows(), X.cols());
  layer(W1, b1, X, H);
  for (Scalar& h : H.flat()) h = nn::tanh(h);
  layer(W2, b2, H, Z);
}

// #region two-layers-backward
/// From dZ at the logits to the gradients of both layers.              Eq. (2.8)
inline void TwoLayers::backward(ConstMatrixView dZ) {
  Matrix dH(H.rows(), H.cols()), dU(H.rows(), H.cols()), dX(X.rows(), X.cols());
  layer_backward(W2, H, dZ, dW2, db2, dH);
  for (std::size_t j = 0; j < H.rows(); ++j)
    for (std::size_t t = 0; t < H.cols(); ++t) dU(j, t) = dH(j, t) * (1 - H(j, t) * H(j, t));  // (2.7)
  layer_backward(W1, X, dU, dW1, db1, dX);
}
// #endregion two-layers-backward

// #region log-softmax
/// L(k, t) = log p of action k in state t, from the logits Z.          Eq. (4.3)
inline void log_softmax(ConstMatrixView Z, MatrixView L) {
  for (std::size_t t = 0; t < Z.cols(); ++t) {
    Scalar largest = Z(0, t), total = 0;
    for (std::size_t k = 1; k < Z.rows(); ++k) largest = std::max(largest, Z(k, t));
    for (std::size_t k = 0; k < Z.rows(); ++k) total += nn::exp(Z(k, t) - largest);
    for (std::size_t k = 0; k < Z.rows(); ++k) L(k, t) = Z(k, t) - largest - nn::log(total);
  }
}
// #endregion log-softmax

}  // namespace plain
