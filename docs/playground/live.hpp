#pragma once
/// An episode that is played step by step, in which a person may act in the policy's place. No training sees it.

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "docs/playground/setup.hpp"
#include "envs/vector_env.hpp"
#include "nn/random.hpp"
#include "rl/policy.hpp"
#include "rl/watch/scene.hpp"

namespace playground {

class Live {
 public:
  /// Episode `number` of those, which begins with random numbers of its own.
  Live(const Setup& setup, std::uint64_t number);

  /// One step: by `by_hand`, or as the policy draws. Does the episode go on? Throws std::invalid_argument for an action
  /// that does not exist, and when the episode is over.
  bool step(rl::Policy& policy, std::optional<double> by_hand);

  /// The picture of where it is now.
  rl::Scene scene() const { return rl::scene_of(env_->spec().id, observation(), action_); }

 private:
  std::vector<double> observation() const;

  nn::Vector scale_;
  std::unique_ptr<envs::VectorEnv> env_;
  nn::Random rng_;
  double action_ = 0;
};

}  // namespace playground
