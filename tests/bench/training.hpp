#pragma once
/// The training loop that the benchmarks time: REINFORCE on CartPole with the settings of make run-cartpole and a
/// 4-64-2 tanh net, without evaluations. The one place here that knows how an update is called.

#include <array>

#include "envs/cartpole.hpp"
#include "nn/optimizer.hpp"
#include "rl/categorical.hpp"
#include "rl/reinforce.hpp"

namespace bench {

class CartPoleTraining {
 public:
  /// As many lanes as episodes per update.
  explicit CartPoleTraining(std::size_t lanes, std::size_t threads = 1)
      : rng_(7),
        policy_({4, 64, 2}, nn::Activation::tanh, rng_, nn::Scalar(0.01)),
        optimizer_({.learning_rate = nn::Scalar(0.04), .beta1 = nn::Scalar(0.5), .beta2 = nn::Scalar(0.9)}),
        algorithm_({policy_, head_, optimizer_}, of(lanes),
                   {.gamma = 1, .episodes_per_update = lanes, .threads = threads}) {}

  /// Learns first, 16 episodes at a time, until they last: a short episode leaves its lane empty until the longest of
  /// its group is over, and what is measured then is how long episodes are.
  void learn() {
    Algorithm teacher({policy_, head_, optimizer_}, of(16), {.gamma = 1, .episodes_per_update = 16});
    for (double mean_return = 0; mean_return < 490;) mean_return = teacher.update(0, ++updates_).mean_return;
  }

  /// Whole updates until at least so many timesteps are played; returns how many were.
  std::size_t run(std::size_t timesteps) {
    std::size_t done = 0;
    while (done < timesteps) done += algorithm_.update(0, ++updates_).timesteps;
    return done;
  }

 private:
  using Lanes = rl::Lanes<envs::VectorCartPole, rl::Categorical>;
  using Algorithm = rl::Reinforce<envs::VectorCartPole, rl::Categorical>;
  static Lanes of(std::size_t count) { return Lanes(count, std::array<nn::Scalar, 4>{2, 2, 16, 4}); }

  nn::Random rng_;
  nn::Network policy_;
  rl::Categorical head_;
  nn::Adam optimizer_;
  Algorithm algorithm_;
  std::size_t updates_ = 0;
};

}  // namespace bench
