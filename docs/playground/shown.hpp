#pragma once
/// The episodes that the coming update will play, every step with all its numbers: what was seen and done, what came of
/// it, and what is injected, as the program does it and as a right one would.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "docs/playground/setup.hpp"
#include "rl/sampling/rollout.hpp"
#include "rl/training/learner.hpp"
#include "rl/watch/scene.hpp"

namespace playground {

class Shown {
 public:
  Shown(const Setup& setup, rl::Learner& learner);

  /// Plays the episodes of update `number`, which has not been made yet, and weighs them.
  void play(std::size_t number);
  std::size_t episodes() const { return batch_->episodes.size(); }

  /// The numbers of every step of an episode, one record after the other, as fields() names them.
  std::vector<double> records(std::size_t episode);
  /// The picture of a step; behind the last one, of where the episode ended.
  rl::Scene scene(std::size_t episode, std::size_t step) const;
  /// All episodes as the diagnoser reads them. docs/diagnose.md, section 1
  std::string csv();

  /// Where in a record each number stands, as JSON: {"observation":[0,4],"action":[4,1],...}.
  std::string fields() const;
  std::size_t record_size() { return record(0).size(); }

 private:
  std::vector<double> record(std::size_t t);
  nn::Matrix injected(rl::Distribution& head, nn::ConstVectorView coefficients);
  bool gaussian() const { return setup_.experiment.distribution->name() == "gaussian"; }
  std::vector<double> observation(std::size_t t) const;

  const Setup& setup_;
  rl::Learner& learner_;
  rl::Player player_;
  rl::Rollout rollout_;
  const rl::Batch* batch_ = nullptr;
  nn::Matrix outputs_, probs_, injected_, right_, score_;
  nn::Vector returns_, coefficients_, right_coefficients_, log_probs_;
  double sigma_ = 0;
};

}  // namespace playground
