#pragma once
/// Losses and their gradients at the network's output. A loss goes down: give its gradient to
/// Network::backpropagate and let the optimizer descend. The weighted ones are sums over the batch.

#include <span>

#include "nn/arithmetic/matrix.hpp"

namespace nn {

/// Weighted cross-entropy of logits Z with class labels,
///   L = - sum_t weights[t] * log softmax(Z)(labels[t], t).                               Eq. (0.7)
///
///   Z  logits, classes x batch     labels  class index per column     weights  one number per column
/// Throws std::invalid_argument for a label that is no class.
Scalar cross_entropy(ConstMatrixView Z, std::span<const int> labels, ConstVectorView weights);

/// dZ = dL/dZ = (softmax(Z) - one_hot(labels)) * weights, overwritten.                    Eq. (0.8)
void cross_entropy_gradient(ConstMatrixView Z, std::span<const int> labels, ConstVectorView weights, MatrixView dZ);

/// Weighted logistic loss: cross-entropy of two classes with one logit, whose probability of label 1 is sigmoid(Z),
///   L = - sum_t weights[t] * log (labels[t] == 1 ? sigmoid(Z(0, t)) : 1 - sigmoid(Z(0, t))).          Eq. (11.6)
///
///   Z  logits, 1 x batch     labels  0 or 1 per column     weights  one number per column
/// Throws std::invalid_argument for another label.
Scalar logistic_loss(ConstMatrixView Z, std::span<const int> labels, ConstVectorView weights);

/// dZ = dL/dZ = (sigmoid(Z) - labels) * weights, overwritten.
void logistic_loss_gradient(ConstMatrixView Z, std::span<const int> labels, ConstVectorView weights, MatrixView dZ);

/// Weighted squared error, L = 1/2 sum_t weights[t] * |Y(., t) - target(., t)|^2.         Eq. (0.12)
Scalar squared_error(ConstMatrixView Y, ConstMatrixView target, ConstVectorView weights);

/// dY = dL/dY = (Y - target) * weights, overwritten.
void squared_error_gradient(ConstMatrixView Y, ConstMatrixView target, ConstVectorView weights, MatrixView dY);

/// Mean squared error, L = mean of (Y - target)^2 over all entries: squared_error with every weight 2 / entries.
Scalar mean_squared_error(ConstMatrixView Y, ConstMatrixView target);
/// dY = 2 (Y - target) / entries, overwritten. Read next: optimizer.hpp.
void mean_squared_error_gradient(ConstMatrixView Y, ConstMatrixView target, MatrixView dY);

}  // namespace nn
