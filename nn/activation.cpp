#include "nn/activation.hpp"

#include <fmt/core.h>

#include <stdexcept>

#include "nn/elementary.hpp"

namespace nn {

std::string_view name(Activation activation) {
  switch (activation) {
    case Activation::identity: return "identity";
    case Activation::relu: return "relu";
    case Activation::tanh: return "tanh";
    case Activation::sigmoid: return "sigmoid";
  }
  throw std::invalid_argument("name: expected an Activation");
}

Activation activation_from_name(std::string_view name) {
  for (const Activation activation : {Activation::identity, Activation::relu, Activation::tanh, Activation::sigmoid})
    if (name == nn::name(activation)) return activation;
  throw std::invalid_argument(fmt::format("activation: expected identity, relu, tanh or sigmoid, got {}", name));
}

void activation_forward(Activation activation, VectorView Y) {
  switch (activation) {
    case Activation::identity: return;
    case Activation::relu:
      for (Scalar& y : Y) y = y > 0 ? y : Scalar(0);
      return;
    case Activation::tanh:
      for (Scalar& y : Y) y = tanh(y);
      return;
    case Activation::sigmoid:
      for (Scalar& y : Y) y = Scalar(1) / (Scalar(1) + exp(-y));
      return;
  }
}

// #region backward
void activation_backward(Activation activation, ConstVectorView Y, VectorView dY) {
  assert(Y.size() == dY.size());
  switch (activation) {
    case Activation::identity: return;
    case Activation::relu:
      for (std::size_t i = 0; i < Y.size(); ++i) dY[i] = Y[i] > 0 ? dY[i] : Scalar(0);
      return;
    case Activation::tanh:
      for (std::size_t i = 0; i < Y.size(); ++i) dY[i] *= Scalar(1) - Y[i] * Y[i];
      return;
    case Activation::sigmoid:
      for (std::size_t i = 0; i < Y.size(); ++i) dY[i] *= Y[i] * (Scalar(1) - Y[i]);
      return;
  }
}
// #endregion backward

}  // namespace nn
