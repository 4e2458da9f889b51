#pragma once
/// A dense layer and its gradients. docs/01-a-dense-layer.md, docs/02-backward.md.

#include "nn/arithmetic/matrix.hpp"

namespace nn {

/// Dense layer, Y = W X + b.                                                              Eq. (1.2)
///
///   X  inputs x batch     W  outputs x inputs     b  outputs     Y  outputs x batch
/// Y is overwritten. A column of Y depends on its column of X alone, to the last bit.
void dense_forward(ConstMatrixView W, ConstVectorView b, ConstMatrixView X, MatrixView Y);

/// Gradients of any scalar J, given dY = dJ/dY.                                           Eq. (2.5)
/// dW and db are added to, dX is overwritten; pass an empty dX when nobody needs it.
/// Shapes are the caller's promise (assert). Read next: activation.hpp.
void dense_backward(ConstMatrixView W, ConstMatrixView X, ConstMatrixView dY, MatrixView dW, VectorView db,
                    MatrixView dX);

}  // namespace nn
