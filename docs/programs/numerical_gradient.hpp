#pragma once
/// The difference quotient, with which every page checks its gradients.

#include "nn/arithmetic/matrix.hpp"

namespace book {

/// The derivative of J along each number of theta, by central differences.                Eq. (3.2)
template <class Function>
nn::Vector numerical_gradient(nn::Vector theta, Function J) {
  constexpr nn::Scalar h = nn::Scalar(1) / (nn::is_double ? 65536 : 256);
  nn::Vector result;
  for (nn::Scalar& x : theta) {
    const nn::Scalar saved = x, above = J((x = saved + h, theta)), below = J((x = saved - h, theta));
    result.push_back((above - below) / (2 * h));
    x = saved;
  }
  return result;
}

}  // namespace book
