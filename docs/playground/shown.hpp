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

  /// Plays the episodes of update `number`, which has not been made yet, and weighs them. Throws std::invalid_argument
  /// when they are more than are weighed together.
  void play(std::size_t number);
  std::size_t episodes() const { return batch_->episodes.size(); }

  std::size_t steps(std::size_t episode) const { return batch_->episodes[episode].length; }

  const rl::Batch& batch() const { return *batch_; }
  const nn::Matrix& probs() const { return probs_; }
  const nn::Vector& coefficients() const { return coefficients_; }

  /// The coefficients of an episode above the line or below it, and its actions under them; `step` is marked.
  std::string strip(std::size_t episode, std::size_t step) const;
  /// As JSON: the `table` of a step's numbers, as HTML; what was done, `did`; which sentence of page.html `fits` it; is
  /// it `wrong`; and `most`, the largest coefficient of the episode.
  std::string step(std::size_t episode, std::size_t step) const;
  /// The first step behind `step` where another vector is injected than the right one; from the last on to the first.
  /// When there is none, the number of steps.
  std::size_t next_wrong(std::size_t episode, std::size_t step) const;
  /// The picture of a step; behind the last one, of where the episode ended.
  rl::Scene scene(std::size_t episode, std::size_t step) const;
  /// All episodes as the diagnoser reads them. docs/diagnose.md, section 1
  std::string csv();

 private:
  bool is_wrong(std::size_t t) const;  // by more than rounding
  nn::Matrix injected(rl::Distribution& head, nn::ConstVectorView coefficients);
  bool gaussian() const { return setup_.experiment.distribution->name() == "gaussian"; }
  std::vector<double> observation(std::size_t t) const;

  const Setup& setup_;
  rl::Learner& learner_;
  rl::Player player_;
  rl::Rollout rollout_;
  const rl::Batch* batch_ = nullptr;
  nn::Matrix outputs_, probs_, injected_, right_, score_;
  nn::Vector returns_, coefficients_, right_coefficients_;
  double sigma_ = 0;
};

}  // namespace playground
