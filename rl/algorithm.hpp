#pragma once
/// What all algorithms share: an update plays some episodes, turns them into one weight per step, and climbs.
///
/// They differ in the weight alone: the return, the return minus a baseline, an advantage, a clipped ratio times the
/// advantage. Read next: reinforce.hpp, actor_critic.hpp, ppo.hpp.

#include <fmt/core.h>

#include <cstdint>
#include <functional>
#include <span>
#include <stdexcept>
#include <vector>

#include "rl/batch.hpp"
#include "rl/policy.hpp"

namespace rl {

/// A whole episode that training played: its undiscounted return and its length.
struct EpisodeStatistics {
  double episode_return = 0;
  std::size_t length = 0;
};
/// Those of a batch.
std::vector<EpisodeStatistics> episode_statistics(const Batch& batch);

/// What one update did.
struct UpdateReport {
  std::size_t timesteps = 0;                // played for this update
  double entropy = 0;                       // of the policy before it, mean over its states, in nats
  double gradient_norm = 0;                 // of the last step, before any clipping
  double mean_return_to_go = 0;             // mean G_t over its steps, where the algorithm weighs with it
  std::vector<EpisodeStatistics> episodes;  // that it played, in order
  double mean_return() const;               // undiscounted, over its episodes
};

/// Who plays for an algorithm, and adds up the gradient of what was played. How, side by side and on many threads, is
/// the matter of rl/sampling; the numbers do not depend on it.
class Sampler {
 public:
  virtual ~Sampler() = default;

  /// Plays the episodes of update `number` of the training with this seed, and lays them end to end. The batch is valid
  /// until the next call.
  virtual const Batch& play(std::uint64_t seed, std::uint64_t number) = 0;
  /// Adds the policy gradient of what was played last to the policy's gradients, as accumulate_policy_gradient does,
  /// with entropy_weight for every step. Returns the policy's mean entropy over the states.
  virtual double inject(ConstVectorView weights, Scalar entropy_weight) = 0;
};

/// The same in one go, for weights that need nothing but the episodes themselves.
class GradientEstimator {
 public:
  virtual ~GradientEstimator() = default;

  /// Fills in weights[t] of every step of some episodes, and returns the sum of their G_t. Called from several threads
  /// at once.
  using Weigh = std::function<double(const Batch& batch, VectorView weights)>;
  /// Plays the episodes of an update in groups, asks `weigh` for the weights of each, and adds the policy gradient of
  /// all to the policy's. The report lacks the gradient's norm.
  virtual UpdateReport play_weigh_inject(std::uint64_t seed, std::uint64_t number, const Weigh& weigh,
                                         Scalar entropy_weight) = 0;
};

class Algorithm {
 public:
  virtual ~Algorithm() = default;
  /// Update `number` (1, 2, ...) of the training with this seed. Throws std::invalid_argument when a number overflows.
  virtual UpdateReport update(std::uint64_t seed, std::uint64_t number) = 0;

  /// result[t] = the number in front of grad log pi(a_t | s_t), for every step of some episodes, as the next update
  /// would have it, before the mean over them is taken: a return minus a baseline, or an advantage (for PPO before its
  /// ratio, which starts at 1). Nothing is learned from it: it is for looking.
  virtual void coefficients(const Batch& batch, VectorView result) = 0;

  /// What it carries from one update to the next besides networks and optimizers, and the inverse. Throws
  /// std::invalid_argument for a state that is not of this algorithm.
  virtual std::vector<double> state() const { return {}; }
  virtual void load_state(std::span<const double> state) {
    if (!state.empty())
      throw std::invalid_argument(fmt::format("Algorithm::load_state: expected no numbers, got {}", state.size()));
  }
};

}  // namespace rl
