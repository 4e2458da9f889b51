#include "nn/activation.hpp"

#include <fmt/core.h>

#include <stdexcept>

#include "nn/arithmetic/elementary.hpp"

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

namespace {

#if __has_cpp_attribute(clang::min_vector_width)
#define IN_WIDEST_REGISTERS [[clang::min_vector_width(512)]]
#else
#define IN_WIDEST_REGISTERS
#endif

/// In the widest registers there are, of which both compilers by themselves take half. Some processors slow down for a
/// while as soon as one instruction uses them, which only many entries are worth. Inlined, it would load its constants
/// in front of few entries, too.
template <class Function>
IN_WIDEST_REGISTERS [[gnu::noinline]] void for_many(VectorView y, Function f) {
#pragma omp simd simdlen(64 / sizeof(Scalar))
  for (std::size_t t = 0; t < y.size(); ++t) y[t] = f(y[t]);
}

template <class Function>
void for_entries(MatrixView Y, Function f) {
  const bool many = Y.rows() * Y.cols() >= 512;
  Y = Y.joined();
  for (std::size_t r = 0; r < Y.rows(); ++r) {
    if (many) {
      for_many(Y.row(r), f);
    } else {
      Scalar* y = Y.row(r).data();
      for (std::size_t t = 0; t < Y.cols(); ++t) y[t] = f(y[t]);
    }
  }
}

template <class Function>
void for_entries(ConstMatrixView Y, MatrixView dY, Function f) {
  if (Y.stride() == dY.stride()) Y = Y.joined(), dY = dY.joined();
  for (std::size_t r = 0; r < Y.rows(); ++r) {
    const Scalar* y = Y.row(r).data();
    Scalar* dy = dY.row(r).data();
    for (std::size_t t = 0; t < Y.cols(); ++t) dy[t] = f(y[t], dy[t]);
  }
}

}  // namespace

void activation_forward(Activation activation, MatrixView Y) {
  switch (activation) {
    case Activation::identity: return;
    case Activation::relu: return for_entries(Y, [](Scalar x) { return x > 0 ? x : Scalar(0); });
    case Activation::tanh: return for_entries(Y, [](Scalar x) { return tanh(x); });
    case Activation::sigmoid: return for_entries(Y, [](Scalar x) { return Scalar(1) / (Scalar(1) + exp(-x)); });
  }
}

// #region backward
void activation_backward(Activation activation, ConstMatrixView Y, MatrixView dY) {
  assert(Y.rows() == dY.rows() && Y.cols() == dY.cols());
  switch (activation) {
    case Activation::identity: return;
    case Activation::relu: return for_entries(Y, dY, [](Scalar y, Scalar dy) { return y > 0 ? dy : Scalar(0); });
    case Activation::tanh: return for_entries(Y, dY, [](Scalar y, Scalar dy) { return dy * (Scalar(1) - y * y); });
    case Activation::sigmoid: return for_entries(Y, dY, [](Scalar y, Scalar dy) { return dy * (y * (Scalar(1) - y)); });
  }
}
// #endregion backward

}  // namespace nn
