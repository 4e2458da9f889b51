#pragma once
/// A policy that learns: the policy, its optimizers and the algorithm, made from settings.

#include <cassert>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "rl/algorithm.hpp"
#include "rl/critic.hpp"
#include "rl/sampling/player.hpp"
#include "rl/sampling/ranks.hpp"
#include "rl/training/experiment.hpp"
#include "rl/training/settings.hpp"

namespace rl {

/// Stands between REINFORCE and who plays and adds up the gradient for it: to look at the weights, or to plant a
/// mistake in them.
using Between = std::function<std::unique_ptr<GradientEstimator>(Policy&, std::unique_ptr<GradientEstimator>)>;

class Learner {
 public:
  /// Throws std::invalid_argument for an environment or an activation that does not exist. An algorithm with a critic
  /// has no place for `between`. The ranks share the episodes of an update and of an evaluation.
  Learner(const TrainingSettings& settings, const Experiment& experiment, const Between& between = {},
          Ranks& ranks = Ranks::alone());
  Learner(const Learner&) = delete;
  Learner& operator=(const Learner&) = delete;

  /// Update `number` (1, 2, ...). Throws std::runtime_error with that number when the numbers overflow.
  UpdateReport update(std::size_t number);

  /// The returns of fresh episodes; `round` tells evaluations apart. Once `stop` says so, no more are played.
  std::vector<double> play(std::size_t episodes, std::uint64_t round, bool greedy,
                           const std::function<bool()>& stop = {});

  const TrainingSettings& settings() const { return settings_; }
  const Experiment& experiment() const { return experiment_; }
  const envs::EnvSpec& spec() const { return judged_in_.spec(); }
  const envs::EnvSpec& training_spec() const { return player_.spec(); }
  Policy& policy() { return policy_; }
  /// The policy as it was before the first update, of an experiment that is pretrained.
  const Policy& reference() const {
    assert(reference_);
    return *reference_;
  }
  Algorithm& algorithm() { return *algorithm_; }

  /// All parameters that are learned, and who moves them.
  struct Part {
    std::string name;
    VectorView parameters;
    nn::Optimizer* optimizer;
  };
  std::vector<Part> parts();

 private:
  std::unique_ptr<nn::Optimizer> make_optimizer() const;
  std::unique_ptr<Algorithm> make_algorithm(const Between& between);
  std::unique_ptr<Algorithm> make_post_training();
  std::unique_ptr<Critic> make_critic() const;

  Ranks& ranks_;
  TrainingSettings settings_;
  Experiment experiment_;
  Player player_, judged_in_;  // where it learns, and where it is evaluated
  Policy policy_;
  std::unique_ptr<const Policy> reference_;  // of what is pretrained, or post-trained
  PolicyOptimizer optimizer_;
  std::unique_ptr<Critic> critic_;  // of the algorithms that have one
  std::unique_ptr<Algorithm> algorithm_;
};

}  // namespace rl
