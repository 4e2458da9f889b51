#pragma once
/// From logits to probabilities, one column per state. The largest logit is subtracted first, so that no exp
/// overflows: logits of +-1e5 give finite numbers.

#include "nn/arithmetic/matrix.hpp"

namespace nn {

/// P(k, t) = exp(Z(k, t)) / sum_j exp(Z(j, t)).                                           Eq. (0.2)
///
///   Z  logits, classes x batch     P  probabilities, same shape; may be Z itself
void softmax(ConstMatrixView Z, MatrixView P);

/// L(k, t) = Z(k, t) - log sum_j exp(Z(j, t)), the logarithm of softmax, finite where softmax rounds to 0.  Eq. (0.3)
/// L may be Z itself. Read next: loss.hpp.
void log_softmax(ConstMatrixView Z, MatrixView L);

}  // namespace nn
