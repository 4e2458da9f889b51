#pragma once
/// Is a gradient right? Ask the function itself: move one number a little to each side and look.

#include <functional>

#include "nn/arithmetic/matrix.hpp"

namespace nn {

/// The largest difference between gradients[i] and the central difference
///   (J(theta_i + h) - J(theta_i - h)) / (2 h),                                           Eq. (3.2)
/// relative to the largest number among both, Eq. (3.5); 0 where all of them are 0. J is any function of no argument
/// that reads theta; theta is restored. In double, with h = 1e-5, a right gradient gives about 1e-9 and a wrong one
/// more than 1e-3; one that is not finite gives infinity. Check beside it that the gradient is not 0 everywhere: zeros
/// agree with zeros, and where only the central differences are not quite 0, rounding is compared with rounding.
/// Read next: network.hpp, which this proves.
double max_gradient_error(VectorView theta, ConstVectorView gradients, const std::function<double()>& J,
                          Scalar h = is_double ? Scalar(1e-5) : Scalar(1e-2));

}  // namespace nn
