#pragma once
/// The plain loops, as the equations read: what a faster kernel is measured against.

#include "nn/activation.hpp"
#include "nn/arithmetic/matrix.hpp"
#include "nn/arithmetic/vector_ops.hpp"

namespace bench::plain {

using nn::ConstMatrixView, nn::ConstVectorView, nn::MatrixView, nn::VectorView;

/// Y = W X + b
inline void dense_forward(ConstMatrixView W, ConstVectorView b, ConstMatrixView X, MatrixView Y) {
  for (std::size_t o = 0; o < W.rows(); ++o) {
    nn::fill(Y.row(o), b[o]);
    for (std::size_t i = 0; i < W.cols(); ++i) nn::axpy(W(o, i), X.row(i), Y.row(o));
  }
}

/// dW += dY Xᵀ, db += row sums of dY, dX = Wᵀ dY; an empty dX is left out.
inline void dense_backward(ConstMatrixView W, ConstMatrixView X, ConstMatrixView dY, MatrixView dW, VectorView db,
                           MatrixView dX) {
  for (std::size_t i = 0; i < dX.rows(); ++i) nn::fill(dX.row(i), 0);
  for (std::size_t o = 0; o < W.rows(); ++o) {
    db[o] += nn::sum(dY.row(o));
    for (std::size_t i = 0; i < W.cols(); ++i) {
      dW(o, i) += nn::dot(dY.row(o), X.row(i));
      if (!dX.empty()) nn::axpy(W(o, i), dY.row(o), dX.row(i));
    }
  }
}

/// inputs-hidden-outputs from these loops, layer by layer over the whole batch.
struct Network {
  nn::Matrix W1, W2, hidden, outputs, dW1, dW2, dhidden;
  nn::Vector b1, b2, db1, db2;
  nn::Activation activation;

  Network(std::size_t in, std::size_t width, std::size_t out, std::size_t batch, nn::Activation f)
      : W1(width, in),
        W2(out, width),
        hidden(width, batch),
        outputs(out, batch),
        dW1(width, in),
        dW2(out, width),
        dhidden(width, batch),
        b1(width),
        b2(out),
        db1(width),
        db2(out),
        activation(f) {}
  void forward(ConstMatrixView X) {
    dense_forward(W1, b1, X, hidden);
    nn::activation_forward(activation, hidden);
    dense_forward(W2, b2, hidden, outputs);
  }
  void backward(ConstMatrixView X, ConstMatrixView output_gradient) {
    dense_backward(W2, hidden, output_gradient, dW2, db2, dhidden);
    nn::activation_backward(activation, hidden, dhidden);
    dense_backward(W1, X, dhidden, dW1, db1, {});
  }
};

}  // namespace bench::plain
