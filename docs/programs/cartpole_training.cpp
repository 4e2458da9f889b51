#include "docs/programs/cartpole_training.hpp"

#include <memory>

#include "envs/registry.hpp"
#include "rl/sampling/parallel_gradient.hpp"

namespace book {
namespace {

nn::Network first_network(std::uint64_t seed) {
  nn::Random rng({seed, static_cast<std::uint64_t>(rl::SeedPurpose::weights)});
  return {{4, 32, 2}, nn::Activation::tanh, rng, Scalar(0.01)};
}
std::unique_ptr<nn::Adam> adam() {
  return std::make_unique<nn::Adam>(
      nn::AdamOptions{.learning_rate = Scalar(0.04), .beta1 = Scalar(0.5), .beta2 = Scalar(0.9)});
}

}  // namespace

CartPoleTraining::CartPoleTraining(std::uint64_t seed)
    : policy(first_network(seed), std::make_unique<rl::Categorical>(2)),
      player(envs::make_vec("CartPole-v1", 8), Vector{2, 2, 16, 4}),
      seed_(seed),
      optimizer_(adam(), adam()),
      reinforce_(policy, optimizer_, std::make_unique<rl::ParallelGradient>(policy, player, 8, 1), {}) {}

}  // namespace book
