/// The exhibits of docs/museum.md: continuous actions, and the way back through the layers.
#include <algorithm>

#include "docs/programs/museum.hpp"
#include "nn/arithmetic/elementary.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "nn/dense.hpp"

namespace book {
namespace {

Vector gaussian_right(Scalar mu, Scalar sigma, Scalar action, Scalar G) {
  const Scalar x = (action - mu) / sigma;
  return {G * x / sigma, G * (x * x - 1)};
}
// #region clipped
Vector clipped(Scalar mu, Scalar sigma, Scalar action, Scalar G) {
  return gaussian_right(mu, sigma, std::clamp(action, Scalar(-1), Scalar(1)), G);
}
// #endregion clipped

// #region through-the-draw
Vector through_the_draw(Scalar mu, Scalar sigma, Scalar action, Scalar G) {
  const Scalar noise = (action - mu) / sigma;  // action = mu + sigma * noise moves along with both
  const Vector direct = gaussian_right(mu, sigma, action, G);
  const Scalar along_action = -G * noise / sigma;
  return {direct[0] + along_action, direct[1] + along_action * sigma * noise};
}
// #endregion through-the-draw

/// One pass back, with the derivative of the activation in net.du for what comes back to be multiplied with.
void back_with_derivatives(Layers& net) {
  Matrix dh(net.h.rows(), net.h.cols());
  Vector none0(net.W0.rows()), none1(net.W1.rows());
  nn::dense_backward(net.W1, net.h, net.dout, net.dW1, none1, dh);
  nn::multiply(dh.flat(), net.du.flat());
  nn::dense_backward(net.W0, net.x, net.du, net.dW0, none0, {});
}
void fill_derivatives(Layers& net, const Matrix& at, Scalar (*derivative)(Scalar)) {
  for (std::size_t i = 0; i < at.flat().size(); ++i) net.du.flat()[i] = derivative(at.flat()[i]);
}

// #region open-at-zero
void open_at_zero(Layers& net) {
  fill_derivatives(net, net.h, [](Scalar h) { return Scalar(h >= 0); });  // h = relu(u) is never below 0
  back_with_derivatives(net);
}
// #endregion open-at-zero

// #region derivative-at-the-activation
void derivative_at_the_activation(Layers& net) {
  fill_derivatives(net, net.h, [](Scalar h) { return 1 - nn::tanh(h) * nn::tanh(h); });  // h is tanh(u) already
  back_with_derivatives(net);
}
// #endregion derivative-at-the-activation

// #region derivative-missing
void derivative_missing(Layers& net) {
  fill_derivatives(net, net.h, [](Scalar) { return Scalar(1); });
  back_with_derivatives(net);
}
// #endregion derivative-missing

// #region outer-product
void outer_product(Layers& net) {
  fill_derivatives(net, net.h, [](Scalar h) { return 1 - h * h; });
  back_with_derivatives(net);
  for (std::size_t r = 0; r < net.dW0.rows(); ++r)  // outer(input, delta); W0 is square, so its shape fits
    for (std::size_t c = 0; c < r; ++c) std::swap(net.dW0(r, c), net.dW0(c, r));
}
// #endregion outer-product

constexpr GaussianExhibit of_gaussians[] = {{"gaussian-right", "the action drawn", gaussian_right},
                                            {"clipped", "the action clipped", clipped},
                                            {"through-the-draw", "through the draw", through_the_draw}};
constexpr LayerExhibit of_layers[] = {
    {"open-at-zero", "relu' with >= 0", nn::Activation::relu, open_at_zero},
    {"derivative-at-the-activation", "tanh' at tanh(u)", nn::Activation::tanh, derivative_at_the_activation},
    {"derivative-missing", "tanh' left out", nn::Activation::tanh, derivative_missing},
    {"outer-product", "outer product transposed", nn::Activation::tanh, outer_product}};

}  // namespace

std::span<const GaussianExhibit> gaussian_exhibits() {
  return of_gaussians;
}
std::span<const LayerExhibit> layer_exhibits() {
  return of_layers;
}

}  // namespace book
