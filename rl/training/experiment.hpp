#pragma once
/// What to learn: an environment, and how a policy for it is made.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "nn/arithmetic/matrix.hpp"
#include "rl/policy.hpp"

namespace rl {

/// What a program knows of its environment and the settings do not say.
struct Experiment {
  std::string environment;                     // as it is registered; in it a policy is judged
  std::shared_ptr<Distribution> distribution;  // how the policy draws an action
  /// The network sees observation * observation_scale, so that every input is about 1 in size. Powers of two: the
  /// saved policy takes unscaled observations and is the same to the last bit.
  nn::Vector observation_scale;
  Scalar output_gain;                                 // small: the first policy is near uniform
  Scalar beta1 = Scalar(0.9), beta2 = Scalar(0.999);  // Adam's memory
  Scalar reward_scale = 1;  // what a critic sees of a reward, so that values are about 1 in size
  /// What happens to the first policy before any episode; may be empty. The result is the reference of post-training.
  std::function<void(Policy& policy, std::uint64_t seed)> pretrain = {};
  /// Where it learns, when that is another one: a point of a game, say. Its threshold says from which mean return on an
  /// evaluation is worth the time.
  std::string training_environment = {};
  const std::string& trained_in() const { return training_environment.empty() ? environment : training_environment; }
  std::size_t evaluations_to_solve = 1;  // that reach the threshold, one after another
  std::size_t baseline_group = 32;       // episodes that are played together, and share a baseline
};

}  // namespace rl
