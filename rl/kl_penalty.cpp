#include "rl/kl_penalty.hpp"

#include "nn/arithmetic/elementary.hpp"

namespace rl {

// #region kl
nn::Scalar kl_estimate(KlEstimator estimator, nn::Scalar x) {
  switch (estimator) {
    case KlEstimator::k1: return x;
    case KlEstimator::k2: return x * x / 2;
    case KlEstimator::k3: return nn::exp(-x) - 1 + x;
  }
  return 0;
}

nn::Scalar kl_slope(KlEstimator estimator, nn::Scalar x) {
  switch (estimator) {
    case KlEstimator::k1: return 1;
    case KlEstimator::k2: return x;
    case KlEstimator::k3: return 1 - nn::exp(-x);
  }
  return 0;
}
// #endregion kl

}  // namespace rl
