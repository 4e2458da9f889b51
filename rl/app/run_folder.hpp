#pragma once
/// The files of a run. Every file is written whole or not at all.
///
///   policy.safetensors   the weights            learning_curve.csv   one row an update
///   state.safetensors    all a resume needs     monitor.csv          one row an episode, as Stable-Baselines3 has it
///   summary.json         of a finished run
///
/// and of many runs seeds.csv and learning_curves.csv. A solved run that another one replaces moves to solved-1,
/// solved-2, ...
///
/// policy.safetensors opens in PyTorch: torch.nn.Sequential(...).load_state_dict(safetensors.torch.load_file(path)). A
/// Gaussian policy with a sigma of its own also has log_sigma, one number for each dimension of an action, which is
/// no part of the network: take it from the file, and give load_state_dict strict=False.

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include "nn/io/file.hpp"
#include "nn/io/safetensors.hpp"
#include "rl/app/options.hpp"
#include "rl/training/result.hpp"

namespace rl {

/// What the folder says of a run besides its numbers.
struct RunTitle {
  std::string environment, algorithm, scalar;  // scalar: float or double, of the build
  double threshold = 0;                        // the mean return that counts as solved
  double curve_threshold = 0;   // of the learning curve, whose episodes may be others: parts of a game, say
  std::size_t evaluations = 1;  // in a row that have to reach the threshold
};

/// The value below which a share p of the values lies, interpolated between two of them; there is at least one.
double percentile(std::vector<double> values, double p);

class RunFolder {
 public:
  /// Makes the folder; throws std::runtime_error with the path when it cannot, cannot write in it, or another run does.
  explicit RunFolder(std::filesystem::path path);
  ~RunFolder();
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;

  /// policy, state, learning curve and monitor of a run that goes on. A summary of an older run goes, and here and
  /// below its picture.
  void write_progress(const RunTitle& title, const TrainingResult& result, nn::SafeTensors policy,
                      nn::SafeTensors state) const;
  /// The same, and the summary.
  void write_run(const RunTitle& title, const Options& options, const TrainingResult& result, nn::SafeTensors policy,
                 nn::SafeTensors state) const;
  /// One row for each of the seeds first_seed, first_seed + 1, ... that were not interrupted; and their learning
  /// curves.
  void write_seeds(const RunTitle& title, std::uint64_t first_seed, std::span<const TrainingResult> results) const;
  /// A folder in it that does not exist yet, solved-1 or the next number; and a run's files moved there.
  std::filesystem::path free_place() const;
  void move_run(const std::filesystem::path& place) const;
  const std::filesystem::path& path() const { return path_; }

 private:
  /// What write_progress writes, on the disk and not yet renamed.
  std::vector<nn::NewFile> new_files(const RunTitle& title, const TrainingResult& result, nn::SafeTensors policy,
                                     nn::SafeTensors state) const;
  void remove(std::initializer_list<const char*> names) const;
  std::filesystem::path path_;
  int lock_ = -1;  // the folder itself, which one run may hold at a time
};

}  // namespace rl
