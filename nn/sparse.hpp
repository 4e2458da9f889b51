#pragma once
/// A dense layer whose inputs are nearly all 0: the same sums without the zeros.
/// docs/17-pong-from-pixels.md, section 4.
///
///   X  inputs x batch     W  inputs x outputs     b  outputs     Y, dY  outputs x batch
/// The weights stand input by input, so that an input which is not 0 finds its weights in one row. With at least 8
/// inputs and 8 outputs the results are those of dense.hpp, bit for bit: what is left out there would add 0. Shapes are
/// the caller's promise (assert).

#include "nn/arithmetic/matrix.hpp"
#include "nn/arithmetic/sparse_matrix.hpp"

namespace nn {

/// Y = Wᵀ X + b: of each state the rows of W that belong to its inputs, times these, are added up.      Eq. (17.3)
/// Y is overwritten.
void sparse_forward(ConstMatrixView W, ConstVectorView b, SparseView X, MatrixView Y);

/// dW += X dYᵀ, db += dY summed over the batch: a state changes those rows of dW that it has used, and no others.
/// Eq. (17.4). There is no dX: nobody asks what a pixel would have to be. Read next: network.hpp.
void sparse_backward(SparseView X, ConstMatrixView dY, MatrixView dW, VectorView db);

}  // namespace nn
