#pragma once
/// CartPole-v1, as in Gymnasium: push a cart left or right so that the pole on it stays up.
///
///   action       0 pushes left, 1 pushes right, with 10 N
///   observation  x, x_dot, theta, theta_dot (m, m/s, rad, rad/s)
///   reward       1 for every step, the last one included
///   terminated   |x| > 2.4 m or |theta| > 12 degrees
/// The time limit of 500 steps stands outside: TimeLimit<CartPole>, VectorTimeLimit<VectorCartPole>.

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "envs/cartpole_dynamics.hpp"
#include "envs/environment.hpp"

namespace envs {

struct CartPoleSpec {
  using Action = int;
  using Observation = std::array<Scalar, 4>;
  static constexpr const char* name = "CartPole-v1";
  static constexpr std::size_t observation_size = 4;
  static constexpr int action_count = 2;
  static constexpr std::size_t max_episode_steps = 500;
  static constexpr double reward_threshold = 475;  // Gymnasium's registry: the mean return that counts as solved

  /// Each number uniform in [-0.05, 0.05), in the order of the observation.
  template <UniformSource Source>
  static CartPoleState initial_state(Source& source) {
    const auto number = [&] { return static_cast<Scalar>(uniform(source, -0.05, 0.05)); };
    const Scalar x = number(), x_dot = number(), theta = number(), theta_dot = number();
    return {x, x_dot, theta, theta_dot};
  }
};

/// One world.
class CartPole : public CartPoleSpec {
 public:
  /// Starts an episode. With a source of NumPy's default_rng(s), where Gymnasium's reset(seed=s) starts.
  template <UniformSource Source>
  Observation reset(Source& source) {
    return reset_to(initial_state(source));
  }
  /// Starts at a state of your choice; throws std::invalid_argument when a number is not finite.
  Observation reset_to(CartPoleState state);

  /// Throws std::invalid_argument for an action other than 0 and 1, std::logic_error before a reset or after the end.
  Step<Observation> step(Action action);

  CartPoleState state() const { return state_; }

 private:
  CartPoleState state_{};
  bool running_ = false;
};

/// N worlds, one row per variable: the same physics in a loop that vectorises. Lane for lane the same numbers as
/// CartPole, bit for bit. Read next: rl/rollout.hpp.
class VectorCartPole : public CartPoleSpec {
 public:
  /// Throws std::invalid_argument for no lanes. Every lane waits for its reset.
  explicit VectorCartPole(std::size_t count);

  template <UniformSource Source>
  void reset(std::size_t lane, Source& source) {
    reset_to(lane, initial_state(source));
  }
  void reset_to(std::size_t lane, CartPoleState state);

  /// Moves every running lane; the others stand still, with reward 0. Throws std::invalid_argument unless there is
  /// one action, 0 or 1, per lane; then no lane has moved.
  void step(std::span<const int> actions);
  void stop(std::size_t lane) { running_[lane] = 0; }

  std::size_t size() const { return running_.size(); }
  std::span<const Scalar> observations() const { return states_; }
  std::span<const Scalar> rewards() const { return rewards_; }
  std::span<const int> terminated() const { return terminated_; }
  std::span<const int> running() const { return running_; }

 private:
  std::vector<Scalar> states_;  // rows x, x_dot, theta, theta_dot
  std::vector<Scalar> sine_, cosine_, rewards_;
  std::vector<int> terminated_, running_;
};

}  // namespace envs
