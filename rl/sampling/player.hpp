#pragma once
/// Playing: a policy in N environments side by side, one feedforward per time step for all of them.

#include <memory>
#include <span>
#include <vector>

#include "envs/vector_env.hpp"
#include "nn/network.hpp"
#include "nn/random.hpp"
#include "rl/policy.hpp"
#include "rl/seeds.hpp"

namespace rl {

static_assert(std::is_same_v<nn::Scalar, envs::Scalar>, "nn and envs are built with the same -DSCALAR");

class Player;

/// Who watches a player, and keeps what the network makes of each time step.
class Recorder {
 public:
  virtual ~Recorder() = default;
  /// Where the network writes what it makes of the states of step t.
  virtual nn::Activations& activations(std::size_t t) = 0;
  /// Step t is done: player.actions(), rewards() and so on are of it.
  virtual void record(const Player& player, std::size_t t) = 0;
};

/// N environments, and the buffers that one time step needs. Which episode an environment plays, and beside which
/// others, changes nothing in it: each draws from a stream of its own (seeds.hpp).
class Player {
 public:
  /// The network sees observation * observation_scale, variable by variable.
  Player(std::unique_ptr<envs::VectorEnv> env, ConstVectorView observation_scale);
  /// A player in environments of its own, with `num_envs` of them, or as many as `other` has.
  Player(const Player& other, std::size_t num_envs);
  Player(const Player& other) : Player(other, other.size()) {}
  Player(Player&&) = default;

  std::size_t size() const { return env_->num_envs(); }
  const envs::EnvSpec& spec() const { return env_->spec(); }

  /// Plays the episodes first .. first + count - 1 to their ends, one per environment, count <= size(). With greedy,
  /// the most probable action instead of a sampled one.
  void play(Policy& policy, const EpisodeSeeds& seeds, std::size_t first, std::size_t count, bool greedy,
            Recorder& recorder);

  /// Of the last time step, environment by environment: who took it, what was done and what came of it.
  std::span<const int> was_running() const { return env_->was_running(); }
  ConstMatrixView actions() const {
    return {std::as_const(*env_).actions().data(), spec().action_size, count_, env_->stride()};
  }
  std::span<const Scalar> rewards() const { return env_->rewards(); }
  std::span<const int> running() const { return env_->running(); }  // who goes on
  std::span<const int> terminated() const { return env_->terminated(); }
  std::span<const int> truncated() const { return env_->truncated(); }
  /// What the policy sees of environment n now, into column c of `states`.
  void show(std::size_t n, nn::States& states, std::size_t c) const;
  /// What a picture of environment n is drawn of.
  std::vector<double> picture(std::size_t n) const { return env_->picture(n); }

 private:
  void reset(const EpisodeSeeds& seeds, std::size_t first);
  bool is_running() const;
  nn::StatesView observe();
  std::span<const double> draw(std::size_t uniforms_per_action);

  std::unique_ptr<envs::VectorEnv> env_;
  nn::Vector scale_;
  std::size_t count_ = 0;  // environments that play
  nn::States states_;
  std::vector<double> u_;
  std::vector<nn::Random> streams_;
};

}  // namespace rl
