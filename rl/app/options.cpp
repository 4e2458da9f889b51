#include "rl/app/options.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <functional>
#include <limits>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "nn/io/file.hpp"
#include "rl/app/option_text.hpp"
#include "rl/app/state.hpp"
#include "rl/terminal/terminal.hpp"

namespace rl {
namespace {

/// Every failure has one form: the option, what it expects, what it got.
[[noreturn]] void refuse(const std::string& option, std::string_view expected, std::string_view got) {
  throw CLI::ValidationError(option, fmt::format("expected {}, got '{}'", expected, got));
}

template <class Number>
Number parse(const std::string& option, std::string_view text, std::string_view expected, auto good) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !good(value)) refuse(option, expected, text);
  return value;
}

const std::vector<std::string> algorithms = {"reinforce", "actor-critic", "ppo"};

/// ", the nearest is --name", or nothing when no name is near.
std::string nearest_name(const CLI::App& app, const std::string& typed) {
  const std::string word = typed.substr(0, typed.find('='));
  std::string best;
  std::size_t distance = std::max<std::size_t>(word.size(), 4) / 2;  // half of the letters may differ
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames())
      if (const std::size_t d = edit_distance(word, "--" + name); d < distance)
        distance = d, best = ", the nearest is --" + name;
  return best;
}

/// --seed N [0]: the unit, then the default in brackets.
class HelpFormatter : public CLI::Formatter {
  std::string make_option_opts(const CLI::Option* option) const override {
    std::string text;
    if (!option->get_type_name().empty()) text += " " + option->get_type_name();
    if (!option->get_default_str().empty()) text += " [" + option->get_default_str() + "]";
    return text;
  }
};

int usage(const Program& program, const std::string& message) {
  say(fmt::format("{}: {} (see --help)\n", program.name, message));
  return 2;
}

void set_up(CLI::App& app, const Program& program) {
  app.set_help_flag("-h,--help", "Print this and exit");
  app.set_version_flag("--version", fmt::format("{} (onehot {})", program.name, version), "Print the version and exit");
  app.formatter(std::make_shared<HelpFormatter>());
  app.get_formatter()->column_width(38);
}

bool is_number(std::string_view text) {
  double value{};
  return std::from_chars(text.data(), text.data() + text.size(), value).ptr == text.data() + text.size();
}

/// Each option with its value in one word, --name=value: CLI11 would take an option for the value of the one before it.
std::vector<std::string> joined(const CLI::App& app, const std::vector<std::string>& words) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string word = words[i];
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const CLI::Option* option = name.starts_with("--") ? app.get_option_no_throw(name) : nullptr;
    const bool flag = option && option->get_items_expected_max() == 0;
    std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
    if (flag && equals != std::string::npos && value != "true" && value != "false")
      refuse(name, "true or false", value);
    if (option && !flag) {
      if (equals == std::string::npos && i + 1 < words.size()) {
        value = words[++i];
        if (value.starts_with("-") && !is_number(value)) refuse(name, "a value", value);
        word += "=" + value;
      }
      if (value.empty()) throw CLI::ValidationError(name, "expected a value, got none");
    }
    result.push_back(std::move(word));
  }
  return result;
}

/// The exit status when there is nothing to run. `origin` says where the words stand.
std::optional<int> parse_words(CLI::App& app, const std::vector<std::string>& words, const Program& program,
                               const std::string& origin = "") {
  try {
    auto all = joined(app, words);
    std::ranges::reverse(all);  // CLI11 wants the last one first
    app.parse(std::move(all));
  } catch (const CLI::Success& success) {
    std::ostringstream text;  // not std::cout, whose errors guarded does not see
    const int status = app.exit(success, text, text);
    fmt::print("{}", text.str());
    return status;
  } catch (const CLI::ExtrasError&) {
    const auto unknown = app.remaining().front();
    return usage(program, origin + (unknown.starts_with("-")
                                        ? fmt::format("unknown option {}{}", unknown, nearest_name(app, unknown))
                                        : fmt::format("expected options only, got '{}'", unknown)));
  } catch (const CLI::ParseError& error) {
    return usage(program, origin + error.what());
  }
  return std::nullopt;
}

/// Adds options that all have one form: a unit, a default, and one line when a value is wrong.
struct Table {
  CLI::App& app;
  std::string group = "";

  void option(const std::string& name, const std::string& unit, const std::string& standard, const std::string& help,
              const std::function<void(const std::string&)>& store) const {
    auto* added = app.add_option_function<std::string>(name, store, help)->group(group);
    added->type_name(unit)->default_str(standard)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }
  template <class Whole>
  void count(const std::string& name, const std::string& unit, Whole& value, Whole lowest, Whole highest,
             const std::string& help, const std::string& highest_text = "") const {
    const std::string expected = fmt::format("a whole number from {} to {}", lowest,
                                             highest_text.empty() ? fmt::format("{}", highest) : highest_text);
    const std::string standard = value >= lowest ? fmt::format("{}", value) : "";
    option(name, unit, standard, help, [=, &value](const std::string& text) {
      value = parse<Whole>(name, text, expected, [=](Whole v) { return v >= lowest && v <= highest; });
    });
  }
  void real(const std::string& name, const std::string& unit, double& value, const std::string& expected,
            const std::string& help, const std::function<bool(double)>& good) const {
    option(name, unit, fmt::format("{}", value), help,
           [=, &value](const std::string& text) { value = parse<double>(name, text, expected, good); });
  }
  void choice(const std::string& name, std::string& value, const std::vector<std::string>& names,
              const std::string& help) const {
    option(name, "NAME", value, help + ": " + one_of(names), [=, &value](const std::string& text) {
      if (std::ranges::find(names, text) == names.end()) refuse(name, one_of(names), text);
      value = text;
    });
  }
  void path(const std::string& name, const std::string& unit, std::string& value, const std::string& help) const {
    option(name, unit, value, help, [&value](const std::string& text) { value = text; });
  }
  void flag(const std::string& names, bool& value, const std::string& help) const {
    app.add_flag(names, value, help)->group(group)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }
};

bool is_rate(double v) {
  return v >= 1e-30 && v <= 1e30;
}
bool is_share(double v) {
  return v >= 0 && v <= 1;
}

void add_training_options(Table add, Options& options) {
  const std::string rate = "a number from 1e-30 to 1e30", share = "a number from 0 to 1";
  add.group = "Training";
  add.count("--seed", "N", options.seed, std::uint64_t{0}, std::numeric_limits<std::uint64_t>::max(),
            "Seed of everything random", "2^64-1");
  add.count<std::size_t>(
      "--seeds", "N", options.seeds, 1, 1'000'000,
      "Train N seeds, from --seed on, and print the distribution; writes seeds.csv and learning_curves.csv");
  add.count<std::size_t>("--total-timesteps", "STEPS", options.total_timesteps, 1, 1'000'000'000'000,
                         "Stop after so many environment steps, solved or not");
  add.choice("--algorithm", options.algorithm, algorithms, "Each has defaults of its own");
  add.choice("--baseline", options.baseline, {"none", "running-mean", "leave-one-out", "value"},
             "REINFORCE: what is taken from the returns");
  add.choice("--returns", options.returns, {"reward-to-go", "total"},
             "REINFORCE: what weighs a step, the rewards from it on or all of them");
  add.choice("--optimizer", options.optimizer, {"adam", "sgd"}, "sgd wants a --learning-rate of its own");
  add.real("--learning-rate", "X", options.learning_rate, rate, "Step size of the optimizer", is_rate);
  add.count<std::size_t>("--episodes-per-update", "N", options.episodes_per_update, 1, 1'000'000,
                         "Whole episodes played per update");
  add.real("--gamma", "X", options.gamma, share, "Discount per time step", is_share);
  add.real("--entropy-coefficient", "X", options.entropy_coefficient, "a number from 0 to 1e6",
           "Weight of the entropy bonus, in units of return per nat", [](double v) { return v >= 0 && v <= 1e6; });
  add.real("--gae-lambda", "X", options.gae_lambda, share, "Actor-critic, PPO: 0 trusts the critic, 1 the returns",
           is_share);
  add.real("--critic-learning-rate", "X", options.critic_learning_rate, rate,
           "Actor-critic, PPO, --baseline value: step size of the value network's Adam", is_rate);
  add.count<std::size_t>("--critic-steps", "N", options.critic_steps, 1, 1'000'000,
                         "Actor-critic, --baseline value: steps of the value network per update");
  add.real("--clip", "X", options.clip, "a number above 0, at most 10", "PPO: how far a probability ratio may leave 1",
           [](double v) { return v > 0 && v <= 10; });
  add.count<std::size_t>("--epochs", "N", options.epochs, 1, 10'000, "PPO: passes over the steps of an update");
  add.count<std::size_t>("--minibatch-size", "STEPS", options.minibatch_size, 1, 1'000'000'000,
                         "PPO: steps of one gradient");
  add.group = "Network";
  add.option("--hidden", "W,W,...", join_sizes(options.hidden), "Widths of the hidden layers, or none",
             [&](const std::string& text) {
               if (!split_sizes(text, options.hidden))
                 refuse("--hidden", "widths from 1 to 65536, like 32 or 32,32, or none", text);
             });
  add.choice("--activation", options.activation, {"tanh", "relu"}, "Of the hidden layers");
}

void add_other_options(Table add, Options& options) {
  add.group = "Speed (changes no result)";
  add.count<std::size_t>("--num-envs", "N", options.num_envs, 1, 65536, "Environments played side by side");
  add.count<std::size_t>("--threads", "N", options.threads, 1, 1024,
                         "Threads that share the episodes of an update, or the seeds");
  add.group = "Evaluation";
  add.path("--evaluate", "DIR", options.evaluate, "Train nothing; evaluate the policy of the run folder DIR, as it is");
  add.count<std::size_t>("--episodes", "N", options.episodes, 1, 10'000'000, "Fresh episodes of an evaluation");
  add.flag("--greedy", options.greedy, "Evaluate the most probable action instead of sampled ones");
  add.flag("--watch", options.watch, "Show the policy at work, after the training or of --evaluate DIR");
  add.path("--output-svg", "FILE", options.output_svg, "With --watch: an animated picture instead of the terminal");
  add.group = "Files";
  add.path("--output", "DIR", options.output, "Folder of the run: weights, learning curve, summary");
  add.path("--resume", "DIR", options.resume, "Go on with the run in the folder DIR, with its options");
  add.real("--save-every", "SECONDS", options.save_every, "a number from 0 to 1e9",
           "How often a run is saved while it lasts; 0: after each update, or seed",
           [](double v) { return v >= 0 && v <= 1e9; });
  add.path("--config", "FILE", options.config, "Read options from FILE, one a line, like gamma = 0.99");
}

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
  if (!o.output_svg.empty() && !o.watch) return usage(program, "--output-svg: expected --watch with it, got none");
  if (o.seeds > 0 && o.watch) return usage(program, "--watch: expected one run to watch, got --seeds");
  if (!o.resume.empty() && (o.seeds > 0 || !o.evaluate.empty()))
    return usage(program, fmt::format("--resume: expected one run to go on with, got {}",
                                      o.seeds > 0 ? "--seeds" : "--evaluate"));
  return std::nullopt;
}

void add_options(CLI::App& app, const Program& program, Options& options) {
  set_up(app, program);
  add_training_options({app}, options);
  add_other_options({app}, options);
  Table{app, "General"}.flag("-q,--quiet", options.quiet, "No progress and no picture, only the result");
  for (const char* name : {"--help", "--version"}) app.get_option(name)->group("General");
}

/// Reads what is typed, and what its --config says, over the options of a run that is `stored`.
std::optional<int> parse_over(const std::vector<Word>& stored, std::vector<std::string> typed, const Program& program,
                              const std::string& algorithm, const Defaults& defaults, Options& options) {
  Options trial = defaults(algorithm);
  CLI::App one_by_one{program.purpose, program.name};
  add_options(one_by_one, program, trial);
  std::vector<Word> given;
  try {
    typed = joined(one_by_one, typed);
    if (const std::string path = value_of("--config", typed, ""); !path.empty())
      given = config_words(nn::read_file(path), path);
  } catch (const CLI::ParseError& error) {
    return usage(program, error.what());
  } catch (const std::invalid_argument& error) {
    return usage(program, error.what());
  }
  for (const auto* words : {&stored, &std::as_const(given)})
    for (const Word& word : *words)
      if (const auto status = parse_words(one_by_one, {word.text}, program, word.origin)) return status;

  for (const std::string& word : typed) given.push_back({word});
  std::vector<std::string> all;
  for (const auto* words : {&stored, &std::as_const(given)})
    for (const Word& word : *words) all.push_back(word.text);
  const std::string chosen = value_of("--algorithm", all, algorithm);
  const bool known = std::ranges::find(algorithms, chosen) != algorithms.end();  // the parser refuses what is not
  options = defaults(known ? chosen : algorithm);
  CLI::App app{program.purpose, program.name};
  add_options(app, program, options);
  if (const auto status = parse_words(app, all, program)) return status;
  for (const Word& word : given) {
    const std::string name = word.text.substr(0, word.text.find('='));
    const std::string why = name.starts_with("--") ? why_unread(name.substr(2), options) : "";
    if (!why.empty()) return usage(program, fmt::format("{}{}: {}", word.origin, name, why));
  }
  return check_together(program, options);
}

}  // namespace

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
  CLI::App app{program.purpose, program.name};
  set_up(app, program);
  return parse_words(app, {argv + 1, argv + argc}, program);
}

std::optional<int> parse_plot_options(const std::vector<std::string>& words, const Program& program,
                                      std::vector<std::string>& runs, std::string& output) {
  CLI::App app{program.purpose, program.name};
  set_up(app, program);
  app.add_option("runs", runs, "Run folders, or their names in build/runs; all of these when none is named")
      ->type_name("RUN...");
  Table{app, "Options"}.path("--output", "FILE", output, "One picture of all of them, in FILE");
  return parse_words(app, words, program);
}

std::string text_of(const OptionValue& value) {
  const auto text = [](const auto& v) -> std::string {
    if constexpr (std::is_same_v<std::decay_t<decltype(v)>, std::string>)
      return v;
    else
      return fmt::format("{}", v);  // a double with as many digits as name it
  };
  return std::visit(text, value);
}

std::optional<int> parse_path(int argc, const char* const* argv, const Program& program, std::string& path,
                              bool& list) {
  CLI::App app{program.purpose, program.name};
  set_up(app, program);
  std::vector<std::string> paths;
  app.add_option("PATH", paths, "The file or folder to read");
  app.add_flag("--list", list, "Print what there is to find and exit");
  if (const auto status = parse_words(app, {argv + 1, argv + argc}, program)) return status;
  if (list && paths.empty()) return std::nullopt;
  if (paths.size() != 1 || list || paths[0].empty())
    return usage(program, fmt::format("expected one file or folder, or --list, got {}",
                                      list               ? "both"
                                      : paths.size() < 2 ? "nothing"
                                                         : fmt::format("'{}' and '{}'", paths[0], paths[1])));
  path = paths[0];
  return std::nullopt;
}

std::vector<std::pair<std::string, OptionValue>> describe(const Options& o) {
  return {{"seed", o.seed},
          {"total-timesteps", o.total_timesteps},
          {"algorithm", o.algorithm},
          {"baseline", o.baseline},
          {"returns", o.returns},
          {"optimizer", o.optimizer},
          {"learning-rate", o.learning_rate},
          {"gamma", o.gamma},
          {"entropy-coefficient", o.entropy_coefficient},
          {"gae-lambda", o.gae_lambda},
          {"clip", o.clip},
          {"epochs", o.epochs},
          {"minibatch-size", o.minibatch_size},
          {"critic-learning-rate", o.critic_learning_rate},
          {"critic-steps", o.critic_steps},
          {"hidden", join_sizes(o.hidden)},
          {"activation", o.activation},
          {"episodes-per-update", o.episodes_per_update},
          {"num-envs", o.num_envs},
          {"episodes", o.episodes},
          {"greedy", o.greedy},
          {"output", o.output}};
}

}  // namespace rl
