#pragma once
/// A network as named tensors, as torch.nn.Sequential names them: 0.weight (outputs x inputs), 0.bias, 2.weight, ...
/// (the odd numbers are the activations, which have no weights).

#include <string_view>
#include <vector>

#include "nn/io/safetensors.hpp"
#include "nn/network.hpp"

namespace nn {

/// The weights in float32. With input_scale (one factor per input, each a power of two), the first layer's weights
/// are multiplied by it, so that the stored network takes unscaled inputs and gives the same outputs, bit for bit.
std::vector<Tensor> network_tensors(Network network, ConstVectorView input_scale = {});

/// The inverse: overwrites the parameters. Throws std::runtime_error, with `path` and the tensor's name, when a
/// tensor is missing, has another shape, holds a number that is not finite, or is not the network's.
void set_network_tensors(Network& network, const std::vector<Tensor>& tensors, std::string_view path,
                         ConstVectorView input_scale = {});

/// The sizes {inputs, hidden ..., outputs} of the network in a file. Throws std::runtime_error with `path`.
std::vector<std::size_t> network_sizes(const std::vector<Tensor>& tensors, std::string_view path);

}  // namespace nn
