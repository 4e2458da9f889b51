#include "rl/run/program.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>

#include "nn/checkpoint.hpp"
#include "nn/io/checksum.hpp"
#include "nn/io/file.hpp"
#include "rl/app/plot.hpp"
#include "rl/app/report.hpp"
#include "rl/app/run_folder.hpp"
#include "rl/app/state.hpp"
#include "rl/run/train_seeds.hpp"
#include "rl/terminal/interrupt.hpp"
#include "rl/terminal/terminal.hpp"
#include "rl/training/checkpoint.hpp"
#include "rl/training/experiments.hpp"
#include "rl/training/train.hpp"
#include "rl/watch/watch.hpp"

namespace rl {
namespace {

/// Does the output folder hold a solved run of other options, which this training would replace?
bool would_replace_solved(const Options& options) {
  const std::filesystem::path summary = std::filesystem::path(options.output) / "summary.json";
  std::error_code none;
  if (!std::filesystem::exists(summary, none)) return false;
  if (!options.resume.empty() && std::filesystem::equivalent(options.resume, options.output, none)) return false;
  try {
    const std::string path = state_path(options.output);
    return nn::read_file(summary).find("\"solved\": true") != std::string::npos &&
           trains_otherwise(parse_state(nn::read_file(path), path), options);
  } catch (const std::runtime_error&) {  // what cannot be read is no loss
    return false;
  }
}

/// Refuses a state whose options ask for another network than it holds, before one is made that may be huge.
void check_shape(const Options& options, const Experiment& experiment, const nn::SafeTensors& state,
                 const std::string& path) {
  std::vector<std::size_t> sizes{options.hidden};
  sizes.push_back(experiment.distribution->outputs());
  double expected = 0;
  for (std::size_t l = 0, inputs = experiment.observation_scale.size(); l < sizes.size(); inputs = sizes[l++])
    expected += (static_cast<double>(inputs) + 1) * static_cast<double>(sizes[l]);
  const auto policy = std::ranges::find(state.doubles, "policy", &nn::DoubleTensor::name);
  if (policy != state.doubles.end() && static_cast<double>(policy->data.size()) != expected)
    throw std::runtime_error(
        fmt::format("{}: tensor policy: expected {} numbers, got {}", path, expected, policy->data.size()));
}

int watch(const Voice& voice, Learner& learner, const Options& options) {
  if (!voice.watch || !options.output_svg.empty()) return watch(learner, options.output_svg);
  voice.watch(learner);
  return 0;
}

/// Says so where ranks have nothing to play.
void say_idle(const Program& program, const Options& options, const Experiment& experiment, const Ranks& ranks) {
  const bool in_groups = options.algorithm == "reinforce" && options.baseline != "value";
  const std::size_t group = in_groups ? experiment.baseline_group : 1;
  const std::size_t parts = (options.episodes_per_update + group - 1) / group;
  if (options.quiet || parts >= ranks.size()) return;
  say(fmt::format("{}: an update of {} episodes has work for {} of {} ranks{}; evaluations are shared by all\n",
                  program.name, options.episodes_per_update, parts, ranks.size(),
                  in_groups ? fmt::format(", which play groups of {}", group) : ""));
}

/// One run with a folder, from the start or from a state. Returns the exit status.
int train_one(const Program& program, const Options& options, const Experiment& experiment,
              const nn::SafeTensors& state, const Voice& voice, Ranks& ranks) {
  if (!options.resume.empty()) check_shape(options, experiment, state, state_path(options.resume));
  Learner learner(options, experiment, {}, ranks);
  const RunTitle title = run_title(options, experiment);
  TrainingResult before;
  if (!options.resume.empty()) {
    const std::string path = state_path(options.resume);
    before = result_of_state(state, path);
    load_state(learner, state.doubles, path);
  }
  TrainingHooks hooks{.stop = [&] { return ranks.agreed_signal() != 0; }, .progressed = {}, .save = {}};
  if (ranks.rank() > 0) return train(learner, hooks, std::move(before)), 0;
  if (voice.before && !options.quiet) voice.before(learner);
  const RunFolder folder(options.output);
  say_idle(program, options, experiment, ranks);
  std::filesystem::path kept = would_replace_solved(options) ? folder.free_place() : "";
  if (!kept.empty() && !options.quiet)
    say(fmt::format("{}: {} holds a solved run with other options; it is kept in {}\n", program.name,
                    folder.path().string(), kept.string()));
  const auto keep_solved = [&] {  // not before there is something to put in its place
    if (!kept.empty()) folder.move_run(std::exchange(kept, {}));
  };
  const std::size_t updates_before = before.curve.size();
  Progress progress(options.quiet);
  const auto state_after = [&](const TrainingResult& done) {
    return make_state(title, options, done, state_of(learner));
  };
  hooks.save_every = options.save_every;
  hooks.progressed = [&](const TrainingResult& so_far) {
    if (progress.due(so_far.curve.size()))
      progress.show(progress_line(so_far, options.total_timesteps, title.curve_threshold, progress.width()));
  };
  hooks.save = [&](const TrainingResult& so_far) {
    keep_solved();
    folder.write_progress(title, so_far, checkpoint(learner, version), state_after(so_far));
  };
  const TrainingResult result = train(learner, hooks, std::move(before));
  progress.clear();
  if (result.interrupted) {
    if (!result.curve.empty()) hooks.save(result);
    print_interrupted(program.name, result, folder);
    return 128 + ranks.agreed_signal();
  }
  keep_solved();
  folder.write_run(title, options, result, checkpoint(learner, version), state_after(result));
  const bool nothing_done = updates_before > 0 && result.curve.size() == updates_before;
  if (nothing_done)
    fmt::print("nothing to do: the run in {} {}\n", folder.path().string(),
               result.solved ? "is solved already" : "has used its --total-timesteps; give it more");
  print_run(title, result, folder, options.quiet || nothing_done);
  if (!options.quiet) draw_curve(program, folder);
  if (voice.after && !options.quiet) voice.after(learner);
  return options.watch ? watch(voice, learner, options) : 0;
}

/// A file of a run folder. Throws std::runtime_error with the path, and the command that trains when there is none yet.
std::string read_run(const Program& program, const std::string& path) {
  std::error_code none;
  if (std::filesystem::exists(path, none) || none) return nn::read_file(path);
  throw std::runtime_error(
      fmt::format("{}: cannot read: no such file; {} trains and writes one", path, make_target(program.name)));
}

/// The shape that a policy has in its file. Throws std::runtime_error with the path when it is of another environment.
void take_shape(Options& options, const nn::SafeTensors& content, const Experiment& experiment,
                const std::string& environment, const std::string& path) {
  const auto text = [&](const char* key) {
    const auto found = content.metadata.find(key);
    return found == content.metadata.end() ? std::string("none") : found->second;
  };
  if (text("environment") != environment)
    throw std::runtime_error(
        fmt::format("{}: expected a policy for {}, got {}", path, environment, text("environment")));
  if (text("distribution") != "none" && text("distribution") != experiment.distribution->name())
    throw std::runtime_error(
        fmt::format("{}: expected a {} policy, got {}", path, experiment.distribution->name(), text("distribution")));
  const auto sizes = nn::network_sizes(content.tensors, path);
  options.hidden.assign(sizes.begin() + 1, sizes.end() - 1);
  options.activation = text("activation");
  try {
    nn::activation_from_name(options.activation);
  } catch (const std::invalid_argument& error) {
    throw std::runtime_error(fmt::format("{}: {}", path, error.what()));
  }
}

/// --evaluate: plays the policy of a run folder, whatever its shape.
int evaluate_folder(const Program& program, Options options, Experiment experiment, const Voice& voice, Ranks& ranks) {
  experiment.pretrain = {};  // the file has what came of it
  const std::string environment = run_title(options, experiment).environment;
  const std::string path = (std::filesystem::path(options.evaluate) / "policy.safetensors").string();
  const nn::SafeTensors content = nn::parse_safetensors(read_run(program, path), path);
  take_shape(options, content, experiment, environment, path);
  Learner learner(options, experiment, {}, ranks);
  load_checkpoint(learner, content, path);
  nn::verify_checksum(content, path);
  if (options.watch) return ranks.rank() > 0 ? 0 : watch(voice, learner, options);
  const auto returns = learner.play(options.episodes, 0, options.greedy);
  if (ranks.agreed_signal() != 0) return 128 + ranks.agreed_signal();
  print_evaluation(environment, learner.spec().reward_threshold, summarize(returns, options.greedy));
  return 0;
}

}  // namespace

int run_program(int argc, const char* const* argv, const Program& program, std::string_view environment,
                const Voice& voice) {
  const auto body = [&](Ranks& ranks) {
    const StandardExperiment standard = standard_experiment(environment);
    const std::string algorithm(standard.algorithm);
    const std::vector<std::string> words(argv + 1, argv + argc);
    Options options;
    if (const auto status = parse_options(words, program, algorithm, standard.defaults, options)) return *status;
    nn::SafeTensors state;
    if (!options.resume.empty()) {
      const std::string path = state_path(options.resume);
      state = parse_state(read_run(program, path), path);
      const auto stored = arguments_of_state(state, run_title(options, standard.with(options)), path);
      if (const auto status = parse_resume_options(words, stored, program, algorithm, standard.defaults, options))
        return *status;
    }
    note_signals(ranks.rank() == 0 ? program.name : "");
    if (!options.evaluate.empty()) return evaluate_folder(program, options, standard.with(options), voice, ranks);
    return options.seeds > 0 ? train_seeds(program, options, standard.with(options), ranks)
                             : train_one(program, options, standard.with(options), state, voice, ranks);
  };
  return guarded(program.name, [&] {
    const std::unique_ptr<Ranks> ranks = all_ranks(stop_signal);
    return ranks->run([&] { return body(*ranks); });
  });
}

}  // namespace rl
