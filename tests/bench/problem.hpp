#pragma once
/// What the network tables measure: inputs-hidden-outputs, one activation, one batch. Ours and every peer get the same
/// weights, states and injected gradient.

#include <fmt/core.h>

#include <array>
#include <string>
#include <vector>

#include "nn/network.hpp"

namespace bench {

struct Problem {
  std::size_t inputs, hidden, outputs, batch;
  nn::Activation activation;

  std::string name() const {
    return fmt::format("{}-{}-{} {} batch {}", inputs, hidden, outputs, nn::name(activation), batch);
  }
  double forward_flop() const { return 2. * double(batch) * double(inputs * hidden + hidden * outputs); }
  /// Forward, both weight gradients, and the gradient of the hidden layer; none to the inputs.
  double flop() const { return 2. * double(batch) * double(2 * inputs * hidden + 3 * hidden * outputs); }
};

inline std::vector<Problem> problems() {
  std::vector<Problem> all;
  for (const auto activation : {nn::Activation::tanh, nn::Activation::relu})
    for (const auto& [inputs, hidden, outputs] : {std::array<std::size_t, 3>{4, 64, 2}, {64, 64, 64}, {256, 256, 256}})
      for (const std::size_t batch : {1u, 32u, 256u, 2048u})
        all.push_back({inputs, hidden, outputs, batch, activation});
  return all;
}

/// Our network with its states and the gradient that is injected at its outputs.
struct Ours {
  explicit Ours(const Problem& p)
      : rng(7),
        network({p.inputs, p.hidden, p.outputs}, p.activation, rng),
        X(p.inputs, p.batch),
        dY(p.outputs, p.batch) {
    for (nn::Scalar& x : X.flat()) x = static_cast<nn::Scalar>(rng.uniform(-1, 1));
    for (nn::Scalar& d : dY.flat()) d = static_cast<nn::Scalar>(rng.uniform(-1, 1) / double(p.batch));
    for (std::size_t l = 0; l < 2; ++l)
      for (nn::Scalar& b : network.bias(l)) b = static_cast<nn::Scalar>(rng.uniform(-0.1, 0.1));
  }
  void forward() { network.feedforward(X); }
  void forward_backward() { network.feedforward(X), network.backpropagate(dY); }

  nn::Random rng;
  nn::Network network;
  nn::Matrix X, dY;
};

}  // namespace bench
