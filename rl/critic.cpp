#include "rl/critic.hpp"

#include <algorithm>
#include <utility>

#include "nn/loss.hpp"

namespace rl {
namespace {

constexpr std::size_t block = 256;  // columns at a time, so that they stay in the cache

}  // namespace

Critic::Critic(nn::Network network, nn::Scalar learning_rate)
    : network_(std::move(network)), optimizer_({.learning_rate = learning_rate}) {}

void Critic::values(const nn::StatesView& states, nn::VectorView values) {
  assert(values.size() == states.cols());
  for (std::size_t first = 0; first < states.cols(); first += block) {
    const std::size_t count = std::min(block, states.cols() - first);
    std::ranges::copy(network_.feedforward(states.columns(first, count)).row(0), values.subspan(first).begin());
  }
}

double Critic::fit(const nn::StatesView& states, nn::ConstVectorView targets) {
  assert(targets.size() == states.cols());
  double error = 0;
  network_.zero_gradients();
  for (std::size_t first = 0; first < states.cols(); first += block) {
    const std::size_t count = std::min(block, states.cols() - first);
    const auto values = network_.feedforward(states.columns(first, count));
    const nn::ConstMatrixView target(targets.data() + first, 1, count);
    const nn::Vector weights(count, 1 / static_cast<nn::Scalar>(states.cols()));
    gradient_.resize(1, count);
    nn::squared_error_gradient(values, target, weights, gradient_);
    error += 2 * static_cast<double>(nn::squared_error(values, target, weights));
    network_.backpropagate(gradient_);
  }
  optimizer_.descend(network_.parameters(), network_.gradients());
  return error;
}

}  // namespace rl
