#pragma once
/// What every run program does: train until solved, evaluate on fresh episodes, write the run folder; go on where an
/// interrupted run stopped.

#include <fmt/core.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "nn/io/file.hpp"
#include "rl/terminal/interrupt.hpp"
#include "rl/training/learner.hpp"
#include "rl/app/plot.hpp"
#include "rl/app/report.hpp"
#include "rl/app/run_folder.hpp"
#include "rl/app/state.hpp"
#include "rl/terminal/terminal.hpp"
#include "rl/watch/watch.hpp"

namespace rl {

/// Of this thread, or of the process with all its threads.
inline double cpu_seconds(bool process) {
  timespec time{};
  clock_gettime(process ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// Trains until an evaluation reaches the threshold or the timesteps are used up. An evaluation is made whenever the
/// episodes of an update reach the threshold themselves: 100 fresh episodes with sampled actions, on streams that
/// training never uses. `result` is what the run did before, of a learner that remembers it; `save` is called with what
/// it did so far, every `options.save_every` seconds and never so often that saving takes more than a twentieth of the
/// time, and before a last evaluation. A stop_signal ends it after the update at hand, without an evaluation: then the
/// result is `interrupted`. Throws std::runtime_error, with the update's number, when the numbers overflow.
template <class Env, class Head>
TrainingResult train(Learner<Env, Head>& learner, const Options& options, Progress& progress,
                     TrainingResult result = {}, const std::function<void(const TrainingResult&)>& save = {}) {
  using Clock = std::chrono::steady_clock;
  const auto since = [](Clock::time_point then) { return std::chrono::duration<double>(Clock::now() - then).count(); };
  const auto start = Clock::now();
  const bool process = options.threads > 1;
  const double wall_before = result.wall_seconds, cpu_before = result.cpu_seconds - cpu_seconds(process);
  const auto note_time = [&] {
    result.wall_seconds = wall_before + since(start);
    result.cpu_seconds = cpu_before + cpu_seconds(process);
  };
  if (result.started == 0)
    result.started = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();

  auto last_save = start;
  double until_save = options.save_every;
  std::size_t saved = result.curve.size();
  for (;;) {
    const std::size_t done = result.curve.size();
    if (done > 0 && result.curve.back().mean_return >= Env::reward_threshold && stop_signal() == 0) {
      result.evaluation = summarize(learner.play(100, done, false), false);
      result.solved = result.evaluation.mean_return >= Env::reward_threshold;
    }
    if (stop_signal() != 0 || result.solved || result.timesteps >= options.total_timesteps) break;
    const UpdateReport report = learner.update(done + 1);
    result.timesteps += report.timesteps;
    result.episodes += report.episodes;
    note_time();
    result.curve.push_back({done + 1, result.timesteps, result.episodes, report.mean_return, report.entropy,
                            report.gradient_norm, result.wall_seconds});
    for (const Played& episode : report.played)
      result.monitor.push_back({episode.episode_return, episode.length, result.wall_seconds});
    if (progress.due(done + 1))
      progress.show(progress_line(result, options.total_timesteps, Env::reward_threshold, progress.width()));
    if (save && since(last_save) >= until_save) {
      const auto before = Clock::now();
      save(result);
      last_save = Clock::now(), saved = done + 1;
      until_save = options.save_every == 0 ? 0 : std::max(options.save_every, 20 * since(before));
    }
  }
  note_time();
  if (stop_signal() == 0 && (!result.solved || options.greedy || options.episodes != 100)) {
    if (save && result.curve.size() > saved) save(result);  // an evaluation may take long
    result.evaluation = summarize(learner.play(options.episodes, 0, options.greedy), options.greedy);
  }
  result.interrupted = stop_signal() != 0;
  result.solved = result.solved && !result.interrupted;
  progress.clear();
  return result;
}

inline std::string algorithm_title(const Options& options) {
  return options.algorithm == "ppo" ? "PPO" : options.algorithm == "reinforce" ? "REINFORCE" : "actor-critic";
}

template <class Env>
RunTitle run_title(const Options& options) {
  return {Env::name, algorithm_title(options), std::is_same_v<Scalar, double> ? "double" : "float",
          Env::reward_threshold};
}

/// learning_curve.svg, when there is gnuplot. A run without its picture is a good run: why there is none is a warning.
inline void draw_curve(const Program& program, const RunFolder& folder) {
  try {
    write_svg(folder.path() / "learning_curve.svg", plot_of_folder(folder.path()));
  } catch (const std::runtime_error& error) {
    say(fmt::format("{}: warning: {}\n", program.name, error.what()));
  }
}

/// One run with a folder, from the start or from a state. Returns the exit status.
template <class Env, class Head>
int train_one(const Program& program, const Options& options, const Task<Env, Head>& task,
              const nn::SafeTensors& state) {
  const RunTitle title = run_title<Env>(options);
  Learner<Env, Head> learner(options, task);
  TrainingResult before;
  if (!options.resume.empty()) {
    const std::string path = state_path(options.resume);
    before = result_of_state(state, path);
    learner.remember(state.doubles, path);
  }
  const RunFolder folder(options.output);
  Progress progress(options.quiet);
  const auto save = [&](const TrainingResult& so_far) {
    folder.write_progress(title, so_far, learner.checkpoint(), make_state(title, options, so_far, learner.memory()));
  };
  const TrainingResult result = train(learner, options, progress, std::move(before), save);
  if (result.interrupted) {
    if (!result.curve.empty()) save(result);
    print_interrupted(program.name, result, folder);
    return 128 + stop_signal();
  }
  folder.write_run(title, options, result, learner.checkpoint(), make_state(title, options, result, learner.memory()));
  print_run(Env::name, Env::reward_threshold, result, folder, options.quiet);
  if (!options.quiet) draw_curve(program, folder);
  return options.watch ? watch(learner, options, task) : 0;
}

/// The seeds of --seeds, several at a time, each on one thread. What is done is saved as options.save_every says; a
/// seed whose numbers overflow is reported and takes none of the others with it. Returns the exit status.
template <class Env, class Head>
int train_seeds(const Program& program, const Options& options, const Task<Env, Head>& task) {
  using Clock = std::chrono::steady_clock;
  const auto since = [](Clock::time_point then) { return std::chrono::duration<double>(Clock::now() - then).count(); };
  const RunTitle title = run_title<Env>(options);
  const RunFolder folder(options.output);
  Progress progress(options.quiet);
  std::vector<TrainingResult> results(options.seeds);
  for (TrainingResult& result : results) result.interrupted = true;  // until it is there
  std::map<std::uint64_t, std::string> failures;                     // by seed
  std::mutex mutex;
  std::size_t done = 0;
  auto last_save = Clock::now();
  double until_save = options.save_every;
  Workers(std::min(options.threads, options.seeds)).run(options.seeds, [&](std::size_t, std::size_t i) {
    if (stop_signal() != 0) return;
    Options one = options;
    one.seed += i;
    one.threads = 1;
    Progress none(true);
    TrainingResult result;
    std::string failure;
    try {
      Learner<Env, Head> learner(one, task);
      result = train(learner, one, none);
    } catch (const std::runtime_error& error) {
      failure = error.what();
    }
    const std::lock_guard lock(mutex);
    if (failure.empty())
      results[i] = std::move(result);
    else
      failures[one.seed] = failure;
    if (progress.due(++done)) progress.show(fmt::format("{} of {} seeds", done, options.seeds));
    if (since(last_save) < until_save) return;
    const auto before = Clock::now();
    folder.write_seeds(title, options.seed, results);
    last_save = Clock::now();
    until_save = options.save_every == 0 ? 0 : std::max(options.save_every, 20 * since(before));
  });
  progress.clear();
  folder.write_seeds(title, options.seed, results);
  if (stop_signal() != 0) {
    print_interrupted_seeds(program.name, results, folder);
    return 128 + stop_signal();
  }
  print_seeds(Env::name, Env::reward_threshold, results, folder, options.quiet);
  if (!options.quiet) draw_curve(program, folder);
  for (const auto& [seed, failure] : failures) say(fmt::format("{}: seed {}: {}\n", program.name, seed, failure));
  return failures.empty() ? 0 : 1;
}

/// A file of a run folder. Throws std::runtime_error with the path, and the command that trains when there is none yet.
inline std::string read_run(const Program& program, const std::string& path) {
  std::error_code none;
  if (std::filesystem::exists(path, none) || none) return nn::read_file(path);
  std::string target = program.name;
  std::ranges::replace(target, '_', '-');
  throw std::runtime_error(fmt::format("{}: cannot read: no such file; make {} trains and writes one", path, target));
}

/// --evaluate: plays the policy of a run folder, whatever its shape.
template <class Env, class Head>
int evaluate_folder(const Program& program, Options options, const Task<Env, Head>& task) {
  const std::string path = (std::filesystem::path(options.evaluate) / "policy.safetensors").string();
  const nn::SafeTensors content = nn::parse_safetensors(read_run(program, path), path);
  const auto text = [&](const char* key) {
    const auto found = content.metadata.find(key);
    return found == content.metadata.end() ? std::string("none") : found->second;
  };
  if (text("environment") != Env::name)
    throw std::runtime_error(fmt::format("{}: expected a policy for {}, got {}", path, Env::name, text("environment")));
  const auto sizes = nn::network_sizes(content.tensors, path);
  options.hidden.assign(sizes.begin() + 1, sizes.end() - 1);
  options.activation = text("activation");
  try {
    nn::activation_from_name(options.activation);
  } catch (const std::invalid_argument& error) {
    throw std::runtime_error(fmt::format("{}: {}", path, error.what()));
  }
  Learner<Env, Head> learner(options, task);
  learner.load(content, path);
  if (options.watch) return watch(learner, options, task);
  const auto returns = learner.play(options.episodes, 0, options.greedy);
  if (stop_signal() != 0) return 128 + stop_signal();
  print_evaluation(Env::name, Env::reward_threshold, summarize(returns, options.greedy));
  return 0;
}

/// A run program: the command line over the defaults of its algorithm, then one training, many, or an evaluation.
/// Returns the exit status.
template <envs::VectorEnvironment Env, PolicyHead Head>
int run_program(int argc, const char* const* argv, const Program& program, const std::string& algorithm,
                const Defaults& defaults, const Task<Env, Head>& task) {
  return guarded(program.name, [&] {
    const std::vector<std::string> words(argv + 1, argv + argc);
    Options options;
    if (const auto status = parse_options(words, program, algorithm, defaults, options)) return *status;
    nn::SafeTensors state;
    if (!options.resume.empty()) {
      const std::string path = state_path(options.resume);
      state = parse_state(read_run(program, path), path);
      const auto stored = arguments_of_state(state, run_title<Env>(options), path);
      if (const auto status = parse_resume_options(words, stored, program, algorithm, defaults, options))
        return *status;
    }
    note_signals(program.name);
    if (!options.evaluate.empty()) return evaluate_folder(program, options, task);
    return options.seeds > 0 ? train_seeds(program, options, task) : train_one(program, options, task, state);
  });
}

}  // namespace rl
