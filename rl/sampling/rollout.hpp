#pragma once
/// Plays episodes side by side and keeps what the network made of every state, so that the policy gradient has nothing
/// to compute twice.

#include <cstdint>
#include <vector>

#include "nn/network.hpp"
#include "rl/batch.hpp"
#include "rl/sampling/player.hpp"

namespace rl {

/// What the network made of a time step is kept as it came, all episodes side by side. The gradient takes many steps at
/// once, in a block that stays in the cache: of N episodes, column t * N + n is step t of episode n, and counts for
/// nothing when the episode has ended. Memory is kept from one batch to the next.
class Rollout : private Recorder {
 public:
  /// What a batch holds. The policy gradient needs the rewards; states and actions are laid end to end for a critic and
  /// for minibatches.
  enum class Shows { everything, rewards };
  explicit Rollout(Shows shows = Shows::everything) : shows_(shows) {}

  /// Plays the training episodes first .. first + count - 1 of an update, and lays them end to end. `group` of them in
  /// a row have the same start.
  const Batch& collect(Player& player, Policy& policy, std::size_t first, std::size_t count, std::uint64_t seed,
                       std::uint64_t update, std::size_t group = 1);

  /// Becomes as if it had played this batch, of others with the same policy.
  void adopt(const envs::EnvSpec& spec, Policy& policy, const Batch& batch);

  const Batch& batch() const { return batch_; }

  /// accumulate_policy_gradient of the batch, with what the network made of it, and entropy_weight for every step.
  /// Returns the sum of the entropies over its states.
  double accumulate_gradient(Policy& policy, ConstVectorView weights, Scalar entropy_weight = 0);

 private:
  /// As many episodes as the player has environments, played side by side, step by step.
  struct Round {
    std::size_t first = 0, count = 0, steps = 0;
    std::vector<nn::Activations> activations;
  };

  nn::Activations& activations(std::size_t t) override;
  void record(const Player& player, std::size_t t) override;
  void begin(const envs::EnvSpec& spec, std::size_t count);
  void end_episode(const Player& player, std::size_t n, std::size_t length);
  void join();
  void join_states();
  void gather(std::size_t first, ConstVectorView weights);

  Shows shows_;
  std::size_t count_ = 0, steps_ = 0, block_steps_ = 1;
  std::vector<Round> rounds_;
  Round* round_ = nullptr;  // that is being played
  nn::Activations block_;
  nn::Matrix actions_;  // of step t and episode n, column t * N + n
  nn::Vector rewards_;
  nn::Vector weights_, taken_, entropies_, entropy_weights_;  // of one block; taken is 0 where an episode has ended
  Batch batch_;
};

}  // namespace rl
