#include "nn/gradient_check.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nn {

// #region gradient-check
double max_gradient_error(VectorView theta, ConstVectorView gradients, const std::function<double()>& J, Scalar h) {
  double error = 0, largest = 0;
  for (std::size_t i = 0; i < theta.size(); ++i) {
    const Scalar saved = theta[i];
    const Scalar above = saved + h, below = saved - h;
    theta[i] = above;
    const double J_above = J();
    theta[i] = below;
    const double J_below = J();
    theta[i] = saved;
    const double d = (J_above - J_below) / static_cast<double>(above - below), g = static_cast<double>(gradients[i]);
    if (!std::isfinite(g - d)) return std::numeric_limits<double>::infinity();
    error = std::max(error, std::abs(g - d));
    largest = std::max({largest, std::abs(g), std::abs(d)});
  }
  return largest > 0 ? error / largest : 0;
}
// #endregion gradient-check

}  // namespace nn
