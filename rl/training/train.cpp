#include "rl/training/train.hpp"

#include <time.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace rl {
namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point then) {
  return std::chrono::duration<double>(Clock::now() - then).count();
}

/// One training as it goes on.
class Training {
 public:
  Training(Learner& learner, const TrainingHooks& hooks, TrainingResult result)
      : learner_(learner),
        hooks_(hooks),
        result_(std::move(result)),
        process_(learner.settings().threads > 1),
        wall_before_(result_.wall_seconds),
        cpu_before_(result_.cpu_seconds - cpu_seconds(process_)),
        until_save_(hooks.save_every),
        saved_(result_.curve.size()),
        passed_(result_.passed) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    if (result_.started == 0) result_.started = std::chrono::duration<double>(now).count();
  }

  TrainingResult run() {
    const TrainingSettings& settings = learner_.settings();
    for (;;) {
      evaluate_when_good();
      if (stopped() || result_.solved || result_.timesteps >= settings.total_timesteps) break;
      update();
    }
    note_time();
    if (!stopped() && (!result_.solved || settings.greedy || settings.episodes != 100)) {
      if (hooks_.save && result_.curve.size() > saved_) hooks_.save(result_);  // an evaluation may take long
      result_.evaluation = evaluate(settings.episodes, 0, settings.greedy);
    }
    result_.interrupted = stopped();
    result_.solved = result_.solved && !result_.interrupted;
    return std::move(result_);
  }

 private:
  bool stopped() const { return hooks_.stop && hooks_.stop(); }

  EvaluationSummary evaluate(std::size_t episodes, std::uint64_t round, bool greedy) {
    return summarize(learner_.play(episodes, round, greedy, hooks_.stop), greedy);
  }

  void evaluate_when_good() {
    const double worth_it = learner_.training_spec().reward_threshold, threshold = learner_.spec().reward_threshold;
    if (result_.curve.empty() || result_.curve.back().mean_return < worth_it || stopped()) return;
    result_.evaluation = evaluate(100, result_.curve.size(), false);
    passed_ = result_.evaluation.mean_return >= threshold ? result_.passed + 1 : 0;
    result_.solved = passed_ >= learner_.experiment().evaluations_to_solve;
  }

  void update() {
    const std::size_t number = result_.curve.size() + 1;
    const UpdateReport report = learner_.update(number);
    result_.passed = passed_;
    result_.timesteps += report.timesteps;
    result_.episodes += report.episodes.size();
    note_time();
    result_.curve.push_back({number, result_.timesteps, result_.episodes, report.mean_return(), report.entropy,
                             report.gradient_norm, result_.wall_seconds});
    for (const EpisodeStatistics& episode : report.episodes)
      result_.monitor.push_back({episode.episode_return, episode.length, result_.wall_seconds});
    if (hooks_.progressed) hooks_.progressed(result_);
    if (hooks_.save && since(last_save_) >= until_save_) save();
  }

  void save() {
    const auto before = Clock::now();
    hooks_.save(result_);
    last_save_ = Clock::now(), saved_ = result_.curve.size();
    until_save_ = hooks_.save_every == 0 ? 0 : std::max(hooks_.save_every, 20 * since(before));
  }

  void note_time() {
    result_.wall_seconds = wall_before_ + since(start_);
    result_.cpu_seconds = cpu_before_ + cpu_seconds(process_);
  }

  Learner& learner_;
  const TrainingHooks& hooks_;
  TrainingResult result_;
  const bool process_;  // are there threads whose time counts?
  const Clock::time_point start_ = Clock::now();
  const double wall_before_, cpu_before_;
  Clock::time_point last_save_ = start_;
  double until_save_;
  std::size_t saved_;   // updates
  std::size_t passed_;  // evaluations, with that after the last update
};

}  // namespace

double cpu_seconds(bool process) {
  timespec time{};
  clock_gettime(process ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

TrainingResult train(Learner& learner, const TrainingHooks& hooks, TrainingResult result) {
  return Training(learner, hooks, std::move(result)).run();
}

}  // namespace rl
