#pragma once
/// The files of a run: summary.json, learning_curve.csv, policy.safetensors; seeds.csv of many runs.
/// Every file is written whole or not at all.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "nn/safetensors.hpp"
#include "rl/options.hpp"

namespace rl {

/// One line of learning_curve.csv. mean_return is over the update's episodes; entropy in nats.
struct CurvePoint {
  std::size_t update = 0, timesteps = 0, episodes = 0;
  double mean_return = 0, entropy = 0, gradient_norm = 0, wall_seconds = 0;
};

struct EvaluationSummary {
  std::size_t episodes = 0;
  bool greedy = false;
  double mean_return = 0, std_return = 0, min_return = 0;  // std with n in the denominator
};
EvaluationSummary summarize(std::span<const double> returns, bool greedy);

/// What a training run did. solved_at is where training stood when an evaluation first reached the threshold.
struct TrainingResult {
  bool solved = false;
  std::size_t timesteps = 0, episodes = 0;
  double wall_seconds = 0, cpu_seconds = 0;  // of the whole run, evaluations included
  EvaluationSummary evaluation;
  std::vector<CurvePoint> curve;
};

class RunFolder {
 public:
  /// Makes the folder; throws std::runtime_error with the path when it cannot, or cannot write in it.
  explicit RunFolder(std::filesystem::path path);

  void write_run(const std::string& environment, const std::string& algorithm, const Options& options,
                 const TrainingResult& result, const nn::SafeTensors& policy) const;
  /// One row for each of the seeds first_seed, first_seed + 1, ...
  void write_seeds(std::uint64_t first_seed, std::span<const TrainingResult> results) const;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace rl
