#pragma once
/// Is a gradient right? Ask the function itself: move one number a little to each side and look.

#include <algorithm>
#include <cmath>
#include <limits>

#include "nn/arithmetic/matrix.hpp"

namespace nn {

/// The largest difference between gradients[i] and the central difference
///   (J(theta_i + h) - J(theta_i - h)) / (2 h),                                           Eq. (3.2)
/// relative to the largest number among both, Eq. (3.5); 0 where all of them are 0. J is any function of no argument
/// that reads theta; theta is restored. In double, with h = 1e-5, a right gradient gives about 1e-9 and a wrong one
/// more than 1e-3; one that is not finite gives infinity. Check beside it that the gradient is not 0 everywhere: zeros
/// agree with zeros, and where only the central differences are not quite 0, rounding is compared with rounding.
/// Read next: network.hpp, which this proves.
// #region gradient-check
template <class Function>
double max_gradient_error(VectorView theta, ConstVectorView gradients, Function J,
                          Scalar h = is_double ? Scalar(1e-5) : Scalar(1e-2)) {
  double error = 0, largest = 0;
  for (std::size_t i = 0; i < theta.size(); ++i) {
    const Scalar saved = theta[i];
    const Scalar above = saved + h, below = saved - h;
    theta[i] = above;
    const double J_above = static_cast<double>(J());
    theta[i] = below;
    const double J_below = static_cast<double>(J());
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
