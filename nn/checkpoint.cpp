#include "nn/checkpoint.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace nn {
namespace {

std::string weight_name(std::size_t layer) {
  return fmt::format("{}.weight", 2 * layer);
}
std::string bias_name(std::size_t layer) {
  return fmt::format("{}.bias", 2 * layer);
}

const Tensor* find(const std::vector<Tensor>& tensors, const std::string& name) {
  const auto found = std::ranges::find(tensors, name, &Tensor::name);
  return found == tensors.end() ? nullptr : &*found;
}

std::string shape_text(const std::vector<std::size_t>& shape) {
  std::string text;
  for (const std::size_t size : shape) text += fmt::format("{}{}", text.empty() ? "" : " x ", size);
  return text.empty() ? "a single number" : text;
}

/// Is the layer's W kept inputs x outputs?
bool turned(const Network& network, std::size_t layer) {
  return layer == 0 && network.is_sparse();
}

/// The weights of input i of the first layer times factor[i], or divided by it.
void multiply_inputs(Network& network, ConstVectorView factor, bool divide) {
  const MatrixView W = network.weight(0);
  for (std::size_t o = 0; o < network.sizes()[1]; ++o)
    for (std::size_t i = 0; i < factor.size(); ++i)
      (network.is_sparse() ? W(i, o) : W(o, i)) *= divide ? 1 / factor[i] : factor[i];
}

/// The same numbers with rows and columns exchanged.
Matrix transposed(ConstMatrixView W) {
  Matrix result(W.cols(), W.rows());
  for (std::size_t r = 0; r < W.rows(); ++r)
    for (std::size_t c = 0; c < W.cols(); ++c) result(c, r) = W(r, c);
  return result;
}

}  // namespace

std::vector<Tensor> network_tensors(Network network, ConstVectorView input_scale) {
  multiply_inputs(network, input_scale, false);
  std::vector<Tensor> tensors;
  for (std::size_t l = 0; l < network.layers(); ++l) {
    const Matrix other = turned(network, l) ? transposed(network.weight(l)) : Matrix();
    const ConstMatrixView W = turned(network, l) ? other.view() : network.weight(l);
    const VectorView b = network.bias(l);
    tensors.push_back({weight_name(l), {W.rows(), W.cols()}, {W.flat().begin(), W.flat().end()}});
    tensors.push_back({bias_name(l), {b.size()}, {b.begin(), b.end()}});
  }
  return tensors;
}

void set_network_tensors(Network& network, const std::vector<Tensor>& tensors, std::string_view path,
                         ConstVectorView input_scale) {
  const auto read = [&](const std::string& name, const std::vector<std::size_t>& shape, VectorView to) {
    const Tensor* tensor = find(tensors, name);
    if (!tensor) throw std::runtime_error(fmt::format("{}: expected a tensor {}, got none", path, name));
    if (tensor->shape != shape)
      throw std::runtime_error(
          fmt::format("{}: tensor {}: expected {}, got {}", path, name, shape_text(shape), shape_text(tensor->shape)));
    for (std::size_t i = 0; i < to.size(); ++i) {
      if (!std::isfinite(tensor->data[i]))
        throw std::runtime_error(
            fmt::format("{}: tensor {}: expected finite numbers, got {}", path, name, tensor->data[i]));
      to[i] = static_cast<Scalar>(tensor->data[i]);
    }
  };
  Network loaded = network;  // all or nothing
  for (std::size_t l = 0; l < loaded.layers(); ++l) {
    const std::size_t inputs = loaded.sizes()[l], outputs = loaded.sizes()[l + 1];
    const MatrixView W = loaded.weight(l);
    read(weight_name(l), {outputs, inputs}, W.flat());
    if (turned(loaded, l)) std::ranges::copy(transposed({W.data(), outputs, inputs}).flat(), W.flat().begin());
    read(bias_name(l), {outputs}, loaded.bias(l));
  }
  if (tensors.size() != 2 * loaded.layers())
    throw std::runtime_error(fmt::format("{}: expected {} tensors, got {}", path, 2 * loaded.layers(), tensors.size()));
  multiply_inputs(loaded, input_scale, true);
  std::ranges::copy(loaded.parameters(), network.parameters().begin());
}

std::vector<std::size_t> network_sizes(const std::vector<Tensor>& tensors, std::string_view path) {
  std::vector<std::size_t> sizes;
  for (std::size_t l = 0; const Tensor* tensor = find(tensors, weight_name(l)); ++l) {
    if (tensor->shape.size() != 2)
      throw std::runtime_error(fmt::format("{}: tensor {}: expected outputs x inputs, got {}", path, tensor->name,
                                           shape_text(tensor->shape)));
    if (sizes.empty()) sizes.push_back(tensor->shape[1]);
    sizes.push_back(tensor->shape[0]);
  }
  if (sizes.empty()) throw std::runtime_error(fmt::format("{}: expected a tensor 0.weight, got none", path));
  return sizes;
}

}  // namespace nn
