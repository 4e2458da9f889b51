#pragma once
/// The training loops that the benchmarks time, without evaluations: REINFORCE on CartPole with the settings of make
/// run-cartpole and a 4-64-2 tanh net, and on points of Pong as make run-pong does it. The one place here that knows
/// how an update is called.

#include <array>
#include <memory>

#include "envs/registry.hpp"
#include "nn/optimizer.hpp"
#include "rl/bernoulli.hpp"
#include "rl/categorical.hpp"
#include "rl/policy.hpp"
#include "rl/reinforce.hpp"
#include "rl/sampling/parallel_gradient.hpp"

namespace bench {

/// Whole updates, counted on from `updates`, until at least so many timesteps are played; returns how many were.
inline std::size_t run_updates(rl::Algorithm& algorithm, std::size_t& updates, std::size_t timesteps) {
  std::size_t done = 0;
  while (done < timesteps) done += algorithm.update(0, ++updates).timesteps;
  return done;
}

class CartPoleTraining {
 public:
  /// As many environments as episodes per update.
  explicit CartPoleTraining(std::size_t num_envs, std::size_t threads = 1)
      : rng_(7),
        policy_(nn::Network({4, 64, 2}, nn::Activation::tanh, rng_, nn::Scalar(0.01)),
                std::make_unique<rl::Categorical>(2)),
        optimizer_(adam(), adam()),
        algorithm_(reinforce(num_envs, threads)) {}

  /// Learns first, 16 episodes at a time, until they last: after a short episode its environment waits until the
  /// longest of its group is over, and what is measured then is how long episodes are.
  void learn() {
    rl::Reinforce teacher = reinforce(16, 1);
    for (double mean_return = 0; mean_return < 490;) mean_return = teacher.update(0, ++updates_).mean_return();
  }

  std::size_t run(std::size_t timesteps) { return run_updates(algorithm_, updates_, timesteps); }

 private:
  static std::unique_ptr<nn::Optimizer> adam() {
    return std::make_unique<nn::Adam>(
        nn::AdamOptions{.learning_rate = nn::Scalar(0.04), .beta1 = nn::Scalar(0.5), .beta2 = nn::Scalar(0.9)});
  }
  rl::Reinforce reinforce(std::size_t episodes, std::size_t threads) {
    constexpr std::array<nn::Scalar, 4> scale{2, 2, 16, 4};
    const rl::Player player(envs::make_vec("CartPole-v1", episodes), scale);
    return {policy_,
            optimizer_,
            std::make_unique<rl::ParallelGradient>(policy_, player, episodes, threads),
            {.gamma = 1, .episodes_per_update = episodes}};
  }

  nn::Random rng_;
  rl::Policy policy_;
  rl::PolicyOptimizer optimizer_;
  rl::Reinforce algorithm_;
  std::size_t updates_ = 0;
};

class PongTraining {
 public:
  /// 6400-hidden-1 tanh, with a first layer that skips zeros or one that does not. An update plays 10 games side by
  /// side, as the peer does, or 128 points, as make run-pong does.
  PongTraining(std::size_t hidden, bool skip_zeros, bool games)
      : rng_(7),
        policy_(nn::Network({6400, hidden, 1}, nn::Activation::tanh, rng_, 1, skip_zeros ? 36 : 0),
                std::make_unique<rl::Bernoulli>()),
        optimizer_(adam(), adam()),
        algorithm_(games ? reinforce("Pong", 10, 10) : reinforce("PongPoint", 32, 128)) {}

  std::size_t run(std::size_t timesteps) { return run_updates(algorithm_, updates_, timesteps); }

 private:
  static std::unique_ptr<nn::Optimizer> adam() {
    return std::make_unique<nn::Adam>(nn::AdamOptions{.learning_rate = nn::Scalar(0.006)});
  }
  rl::Reinforce reinforce(std::string_view environment, std::size_t num_envs, std::size_t episodes) {
    const rl::Player player(envs::make_vec(environment, num_envs), nn::Vector(6400, 1));
    return {policy_,
            optimizer_,
            std::make_unique<rl::ParallelGradient>(policy_, player, episodes, 1, episodes),
            {.gamma = nn::Scalar(0.95), .episodes_per_update = episodes, .entropy_coefficient = nn::Scalar(0.01)}};
  }

  nn::Random rng_;
  rl::Policy policy_;
  rl::PolicyOptimizer optimizer_;
  rl::Reinforce algorithm_;
  std::size_t updates_ = 0;
};

}  // namespace bench
