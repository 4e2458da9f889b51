#pragma once
/// The three matrix products of a dense layer, as fast as they go in plain C++. Each is three nested loops in another
/// order: a tile of results stays in registers while the inner dimension passes by. tests/bench/reference.hpp has the
/// plain loops; tests prove that both give the same bits.
///
///   W  outputs x inputs     X, dX  inputs x batch     Y, dY  outputs x batch     b  outputs
/// The results must not overlap the operands. Shapes are the caller's promise (assert). Read next: dense.hpp.

#include "nn/arithmetic/matrix.hpp"

namespace nn {

/// Y = W X + b. Each entry is b + ((s_0 + s_1) + s_2) + s_3, where s_j sums W(o, i) X(i, t) over i = j, j + 4, j + 8,
/// ... in this order. So a column of Y depends on its column of X alone, to the last bit, and four sums of a single
/// column fit side by side into a register.
void product(ConstMatrixView W, ConstMatrixView X, ConstVectorView b, MatrixView Y);

/// dX = Wᵀ dY. Each entry is 0 + W(0, i) dY(0, t) + W(1, i) dY(1, t) + ..., added in this order.
void transposed_product(ConstMatrixView W, ConstMatrixView dY, MatrixView dX);

/// dW += dY Xᵀ. The columns are summed in blocks of 256, each from 0 and then added to dW. Within a block the sum runs
/// from the first column to the last; with fewer than 8 inputs or outputs it runs in 16 partial sums as in sum_of.
void add_outer_products(ConstMatrixView dY, ConstMatrixView X, MatrixView dW);

/// db[o] += dY(o, 0) + dY(o, 1) + ..., in 16 partial sums as in sum_of.
void add_row_sums(ConstMatrixView dY, VectorView db);

}  // namespace nn
