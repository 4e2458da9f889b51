#include "rl/app/options.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <thread>
#include <utility>

#include "nn/io/file.hpp"
#include "rl/app/option_parser.hpp"
#include "rl/app/option_table.hpp"
#include "rl/app/option_text.hpp"
#include "rl/app/state.hpp"

namespace rl {
namespace {

/// The last value of an option among the joined words, as the parser would take it; else `otherwise`.
std::string value_of(const std::string& name, const std::vector<std::string>& words, std::string otherwise) {
  for (const std::string& word : words)
    if (word.starts_with(name + "=")) otherwise = word.substr(name.size() + 1);
  return otherwise;
}

/// What does not go together.
std::optional<int> check_together(const Program& program, const Options& o) {
  if (o.seeds > 0 && o.seed > std::numeric_limits<std::uint64_t>::max() - (o.seeds - 1))
    return usage(program, fmt::format("--seeds: expected seeds up to 2^64-1, got {} from {} on", o.seeds, o.seed));
  if (o.algorithm == "post-training" && o.episodes_per_update % o.group_size != 0)
    return usage(program, fmt::format("--episodes-per-update: expected whole groups of {}, got {}", o.group_size,
                                      o.episodes_per_update));
  if (!o.output_svg.empty() && !o.watch) return usage(program, "--output-svg: expected --watch with it, got none");
  if (o.seeds > 0 && o.watch) return usage(program, "--watch: expected one run to watch, got --seeds");
  if (!o.resume.empty() && (o.seeds > 0 || !o.evaluate.empty()))
    return usage(program, fmt::format("--resume: expected one run to go on with, got {}",
                                      o.seeds > 0 ? "--seeds" : "--evaluate"));
  return std::nullopt;
}

/// What run_mountain_car does when nothing is typed: into build/runs/mountain-car, what it has set, what all share.
Options defaults_of(const Program& program, const std::string& algorithm, const Defaults& defaults) {
  Options options;
  options.algorithm = algorithm;
  std::string name = program.name.substr(program.name.find('_') + 1);
  std::ranges::replace(name, '_', '-');
  options.output = "build/runs/" + name;
  options.save_every = program.save_every;
  defaults(options);
  return options;
}

OptionTable table_of(Options& options) {
  OptionTable table;
  add_training_options(table, options, options.seeds);
  add_run_options(table, options);
  return table;
}

/// Reads what is typed, and what its --config says, over the options of a run that is `stored`.
std::optional<int> parse_over(const std::vector<Word>& stored, std::vector<std::string> typed, const Program& program,
                              const std::string& algorithm, const Defaults& defaults, Options& options) {
  Options trial = defaults_of(program, algorithm, defaults);
  const OptionTable one_by_one = table_of(trial);
  std::vector<Word> given;
  try {
    typed = joined(one_by_one, typed);
    if (const std::string path = value_of("--config", typed, ""); !path.empty())
      given = config_words(nn::read_file(path), path);
  } catch (const std::invalid_argument& error) {
    return usage(program, error.what());
  }
  for (const auto* words : {&stored, &std::as_const(given)})
    for (const Word& word : *words)
      if (const auto status = parse_words(program, one_by_one, {word.text}, word.origin)) return status;

  for (const std::string& word : typed) given.push_back({word});
  std::vector<std::string> all;
  for (const auto* words : {&stored, &std::as_const(given)})
    for (const Word& word : *words) all.push_back(word.text);
  const std::string chosen = value_of("--algorithm", all, algorithm);
  const std::vector<std::string> names = algorithm_names(true);
  const bool known = std::ranges::find(names, chosen) != names.end();  // the parser refuses what is not
  options = defaults_of(program, known ? chosen : algorithm, defaults);
  if (const auto status = parse_words(program, table_of(options), all)) return status;
  for (const Word& word : given) {
    const std::string name = word.text.substr(0, word.text.find('='));
    const std::string why = name.starts_with("--") ? why_unread(name.substr(2), options) : "";
    if (!why.empty()) return usage(program, fmt::format("{}{}: {}", word.origin, name, why));
  }
  return check_together(program, options);
}

}  // namespace

Options::Options() {
  num_envs = 8;
  threads = std::max(1u, std::thread::hardware_concurrency());
}

std::optional<int> parse_options(const std::vector<std::string>& words, const Program& program,
                                 const std::string& algorithm, const Defaults& defaults, Options& options) {
  return parse_over({}, words, program, algorithm, defaults, options);
}

std::optional<int> parse_resume_options(const std::vector<std::string>& words, const std::vector<std::string>& stored,
                                        const Program& program, const std::string& algorithm, const Defaults& defaults,
                                        Options& options) {
  const std::string origin = state_path(options.resume) + ": ";
  std::vector<Word> first;
  first.reserve(stored.size() + 1);
  for (const std::string& word : stored) first.push_back({word, origin});
  first.push_back({"--output=" + options.resume});
  if (parse_over(first, {}, program, algorithm, defaults, options)) return 1;  // has said why
  const auto before = describe(options);
  if (const auto status = parse_over(first, words, program, algorithm, defaults, options)) return status;
  const auto now = describe(options);
  const std::vector<std::string> free = {"total-timesteps", "num-envs", "episodes", "greedy", "output"};
  for (std::size_t i = 0; i < now.size(); ++i)
    if (now[i].second != before[i].second && std::ranges::find(free, now[i].first) == free.end())
      return usage(program, fmt::format("--{}: expected {}, as in the run to resume, got {}", now[i].first,
                                        text_of(before[i].second), text_of(now[i].second)));
  return std::nullopt;
}

std::optional<int> parse_no_options(int argc, const char* const* argv, const Program& program) {
  return parse_words(program, {}, {argv + 1, argv + argc});
}

std::optional<int> parse_plot_options(const std::vector<std::string>& words, const Program& program,
                                      std::vector<std::string>& runs, std::string& output) {
  OptionTable table;
  table.group = "Options";
  table.path("--output", "FILE", output, "One picture of all of them, in FILE");
  return parse_words(program, table, words, "",
                     Positional{"runs", "RUN...",
                                "Run folders, or their names in build/runs; all of these when none is named", &runs});
}

std::optional<int> parse_path(int argc, const char* const* argv, const Program& program, std::string& path,
                              bool& list) {
  OptionTable table;
  table.group = "Options";
  table.flag("--list", list, "Print what there is to find and exit");
  std::vector<std::string> paths;
  const Positional positional{"PATH", "TEXT ...", "The file or folder to read", &paths};
  if (const auto status = parse_words(program, table, {argv + 1, argv + argc}, "", positional)) return status;
  if (list && paths.empty()) return std::nullopt;
  if (paths.size() != 1 || list || paths[0].empty())
    return usage(program, fmt::format("expected one file or folder, or --list, got {}",
                                      list               ? "both"
                                      : paths.size() < 2 ? "nothing: make diagnose FILE=my.csv"
                                                         : fmt::format("'{}' and '{}'", paths[0], paths[1])));
  path = paths[0];
  return std::nullopt;
}

}  // namespace rl
