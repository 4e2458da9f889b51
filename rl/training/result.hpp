#pragma once
/// What a training did: numbers only.

#include <cstddef>
#include <span>
#include <vector>

namespace rl {

/// One update of a learning curve. mean_return is over the update's episodes; entropy in nats.
struct CurvePoint {
  std::size_t update = 0, timesteps = 0, episodes = 0;
  double mean_return = 0, entropy = 0, gradient_norm = 0, wall_seconds = 0;
};

/// An episode of training, and when its update was done.
struct MonitorRow {
  double episode_return = 0;
  std::size_t length = 0;
  double wall_seconds = 0;
};

struct EvaluationSummary {
  std::size_t episodes = 0;
  bool greedy = false;
  double mean_return = 0, std_return = 0, min_return = 0;  // std with n in the denominator
};
EvaluationSummary summarize(std::span<const double> returns, bool greedy);

/// What a training run did so far. It is solved when evaluations have reached the threshold, as many in a row as
/// its experiment asks for.
struct TrainingResult {
  bool solved = false, interrupted = false;
  std::size_t passed = 0;  // evaluations before the last update, one after another, that have reached the threshold
  double started = 0;      // seconds since 1970
  std::size_t timesteps = 0, episodes = 0;
  double wall_seconds = 0, cpu_seconds = 0;  // of the whole run, evaluations included
  EvaluationSummary evaluation;
  std::vector<CurvePoint> curve;
  std::vector<MonitorRow> monitor;
};

}  // namespace rl
