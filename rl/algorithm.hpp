#pragma once
/// What all algorithms share: an update plays some episodes, turns them into one weight per step, and climbs.
///
/// They differ in the weight alone: the return, the return minus a baseline, an advantage, a clipped ratio times the
/// advantage. Read next: reinforce.hpp, actor_critic.hpp, ppo.hpp.

#include <fmt/core.h>

#include <cmath>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

#include "nn/network.hpp"
#include "nn/optimizer.hpp"
#include "nn/vector_ops.hpp"
#include "rl/batch.hpp"

namespace rl {

/// A whole episode that training played: its undiscounted return and its length.
struct Played {
  double episode_return = 0;
  std::size_t length = 0;
};

/// The episodes of a batch.
template <class Action>
std::vector<Played> played(const Batch<Action>& batch) {
  std::vector<Played> played;
  for (const Episode& e : batch.episodes) {
    played.push_back({0, e.length});
    for (std::size_t t = e.first; t < e.first + e.length; ++t)
      played.back().episode_return += static_cast<double>(batch.rewards[t]);
  }
  return played;
}

/// What one update did.
struct UpdateReport {
  std::size_t timesteps = 0, episodes = 0;  // played for this update
  double mean_return = 0;                   // undiscounted, over its episodes
  double entropy = 0;                       // of the policy before it, mean over its states, in nats
  double gradient_norm = 0;                 // of the last step, before any clipping
  std::vector<Played> played = {};          // episode by episode
};

class Algorithm {
 public:
  virtual ~Algorithm() = default;
  /// Update `number` (1, 2, ...) of the training with this seed. Throws std::invalid_argument when a number overflows.
  virtual UpdateReport update(std::uint64_t seed, std::uint64_t number) = 0;

  /// What it carries from one update to the next besides networks and optimizers, and the inverse. Throws
  /// std::invalid_argument for a memory that is not of this algorithm.
  virtual std::vector<double> memory() const { return {}; }
  virtual void remember(std::span<const double> memory) {
    if (!memory.empty())
      throw std::invalid_argument(fmt::format("Algorithm::remember: expected no numbers, got {}", memory.size()));
  }
};

/// A policy in training: the network, what the head learns outside of it, and an optimizer for each.
template <class Head>
struct Policy {
  nn::Network& network;
  Head& head;
  nn::Optimizer& optimizer;
  nn::Optimizer* head_optimizer = nullptr;  // needed when head.parameters() is not empty

  void zero_gradients() {
    network.zero_gradients();
    head.zero_gradients();
  }
  /// One step up both gradients, which together are first cut to max_norm (0: not). Returns their norm before. A
  /// gradient of exactly 0 leaves everything alone: Adam would still move, on the memory of older gradients.
  double ascend(nn::Scalar max_norm = 0) {
    const auto squares =
        nn::dot(network.gradients(), network.gradients()) + nn::dot(head.gradients(), head.gradients());
    const nn::Scalar norm = std::sqrt(squares);
    if (max_norm > 0 && norm > max_norm) {
      nn::scale(max_norm / norm, network.gradients());
      nn::scale(max_norm / norm, head.gradients());
    }
    if (norm != 0) {
      optimizer.ascend(network.parameters(), network.gradients());
      if (!head.parameters().empty()) head_optimizer->ascend(head.parameters(), head.gradients());
    }
    return static_cast<double>(norm);
  }
};

}  // namespace rl
