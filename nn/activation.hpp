#pragma once
/// What a layer does to its sums: nothing, cut them at 0, or squash them into (-1, 1) or (0, 1).

#include <string_view>

#include "nn/arithmetic/matrix.hpp"

namespace nn {

enum class Activation { identity, relu, tanh, sigmoid };

/// "identity", "relu", "tanh" or "sigmoid".
std::string_view name(Activation activation);
/// The other way; throws std::invalid_argument with the four names.
Activation activation_from_name(std::string_view name);

/// Y = f(Y), entry by entry.
void activation_forward(Activation activation, MatrixView Y);

/// dY = dY * f'(x), given Y = f(x): tanh' = 1 - Y^2, relu' = 1 where Y > 0, else 0.       Eq. (2.7)
/// sigmoid is 1 / (1 + e^-x), and sigmoid' = Y (1 - Y).
/// Written in terms of the output, so that nobody has to keep x. Read next: network.hpp.
void activation_backward(Activation activation, ConstMatrixView Y, MatrixView dY);

}  // namespace nn
