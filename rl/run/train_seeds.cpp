#include "rl/run/train_seeds.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "envs/registry.hpp"
#include "rl/app/plot.hpp"
#include "rl/app/report.hpp"
#include "rl/sampling/workers.hpp"
#include "rl/terminal/interrupt.hpp"
#include "rl/terminal/terminal.hpp"
#include "rl/training/train.hpp"

namespace rl {
namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point then) {
  return std::chrono::duration<double>(Clock::now() - then).count();
}

/// What came of each seed; filled from several threads. Only rank 0 has a folder.
class SeedResults {
 public:
  SeedResults(const Options& options, const RunTitle& title, const RunFolder* folder, std::size_t share)
      : options_(options),
        title_(title),
        folder_(folder),
        share_(share),
        progress_(options.quiet),
        results_(options.seeds),
        until_save_(options.save_every) {
    for (TrainingResult& result : results_) result.interrupted = true;  // until it is there
  }

  void add(std::size_t i, TrainingResult result, const std::string& failure) {
    const std::lock_guard lock(mutex_);
    if (failure.empty())
      results_[i] = std::move(result);
    else
      failures_[options_.seed + i] = failure;
    if (progress_.due(++done_)) progress_.show(fmt::format("{} of {} seeds", done_, share_));
    if (since(last_save_) >= until_save_) save();
  }

  void save() {
    if (!folder_) return;
    const auto before = Clock::now();
    folder_->write_seeds(title_, options_.seed, results_);
    last_save_ = Clock::now();
    until_save_ = options_.save_every == 0 ? 0 : std::max(options_.save_every, 20 * since(before));
  }
  void end(Ranks& ranks) {
    progress_.clear();
    ranks.exchange(options_.seeds, [&](std::size_t i, Parcel& parcel) { pack(i, parcel); });
    save();
  }
  const std::vector<TrainingResult>& results() const { return results_; }
  const std::map<std::uint64_t, std::string>& failures() const { return failures_; }  // by seed

 private:
  const Options& options_;
  const RunTitle& title_;
  void pack(std::size_t i, Parcel& parcel) {
    TrainingResult& r = results_[i];
    std::vector<char> failure;
    if (const auto found = failures_.find(options_.seed + i); found != failures_.end())
      failure.assign(found->second.begin(), found->second.end());
    parcel(r.solved)(r.interrupted)(r.timesteps)(r.episodes)(r.wall_seconds)(r.cpu_seconds)(r.evaluation)(r.curve);
    parcel(failure);
    if (!failure.empty()) failures_[options_.seed + i].assign(failure.begin(), failure.end());
  }

  const RunFolder* folder_;
  std::size_t share_;
  Progress progress_;
  std::mutex mutex_;
  std::vector<TrainingResult> results_;
  std::map<std::uint64_t, std::string> failures_;
  std::size_t done_ = 0;
  Clock::time_point last_save_ = Clock::now();
  double until_save_;
};

void train_seed(const Options& options, const Experiment& experiment, std::size_t i, SeedResults& results) {
  TrainingSettings one = options;
  one.seed += i;
  one.threads = 1;
  TrainingResult result;
  std::string failure;
  try {
    Learner learner(one, experiment);
    result = train(learner, {.stop = [] { return stop_signal() != 0; }, .progressed = {}, .save = {}});
  } catch (const std::runtime_error& error) {
    failure = error.what();
  }
  results.add(i, std::move(result), failure);
}

std::string algorithm_title(const Options& options) {
  return options.algorithm == "ppo" ? "PPO" : options.algorithm == "reinforce" ? "REINFORCE" : "actor-critic";
}

}  // namespace

RunTitle run_title(const Options& options, const Experiment& experiment) {
  const auto spec_of = [](const std::string& id) { return envs::make_vec(id, 1)->spec(); };
  const envs::EnvSpec spec = spec_of(experiment.environment), trained = spec_of(experiment.trained_in());
  return {std::string(spec.id),  algorithm_title(options), nn::is_double ? "double" : "float",
          spec.reward_threshold, trained.reward_threshold, experiment.evaluations_to_solve};
}

void draw_curve(const Program& program, const RunFolder& folder) {
  try {
    write_svg(folder.path() / "learning_curve.svg", plot_of_folder(folder.path()));
  } catch (const std::runtime_error& error) {
    say(fmt::format("{}: warning: {}\n", program.name, printable(error.what())));
  }
}

int train_seeds(const Program& program, const Options& options, const Experiment& experiment, Ranks& ranks) {
  const RunTitle title = run_title(options, experiment);
  std::optional<RunFolder> folder;
  if (ranks.rank() == 0) folder.emplace(options.output);
  ranks.exchange(0, {});  // without a folder nobody need begin
  const Ranks::Share mine = ranks.share(options.seeds);
  SeedResults results(options, title, folder ? &*folder : nullptr, mine.count);
  Workers(std::min(options.threads, mine.count)).run(mine.count, [&](std::size_t, std::size_t i) {
    if (stop_signal() == 0) train_seed(options, experiment, mine.first + i, results);
  });
  results.end(ranks);
  if (!folder) return 0;
  if (ranks.agreed_signal() != 0) {
    print_interrupted_seeds(program.name, results.results(), *folder);
    return 128 + ranks.agreed_signal();
  }
  print_seeds(title, results.results(), *folder, options.quiet);
  if (!options.quiet) draw_curve(program, *folder);
  for (const auto& [seed, failure] : results.failures())
    say(fmt::format("{}: seed {}: {}\n", program.name, seed, failure));
  return results.failures().empty() ? 0 : 1;
}

}  // namespace rl
