#include "rl/options.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <functional>
#include <limits>
#include <memory>
#include <numeric>

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

/// "a, b or c"
std::string one_of(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 < names.size() ? ", " : " or ") + names[i];
  return text;
}

std::string join(const std::vector<std::size_t>& sizes) {
  std::string text;
  for (const std::size_t size : sizes) text += fmt::format("{}{}", text.empty() ? "" : ",", size);
  return text.empty() ? "none" : text;
}

std::vector<std::size_t> parse_sizes(const std::string& option, const std::string& text) {
  constexpr std::string_view expected = "widths from 1 to 65536, like 32 or 32,32, or none";
  std::vector<std::size_t> sizes;
  if (text == "none") return sizes;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t comma = std::min(text.find(',', begin), text.size());
    const auto width = std::string_view(text).substr(begin, comma - begin);
    const auto good = [](std::size_t w) { return w >= 1 && w <= 65536; };
    std::size_t value{};
    const auto [end, error] = std::from_chars(width.data(), width.data() + width.size(), value);
    if (error != std::errc() || end != width.data() + width.size() || !good(value)) refuse(option, expected, text);
    sizes.push_back(value);
    begin = comma + 1;
  }
  return sizes;
}

/// How many letters to insert, delete or change to turn one word into the other.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j)
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])}));
  }
  return row.back();
}

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
  fmt::print(stderr, "{}: {} (see --help)\n", program.name, message);
  return 2;
}

void set_up(CLI::App& app, const Program& program) {
  app.set_help_flag("-h,--help", "Print this and exit");
  app.set_version_flag("--version", fmt::format("{} (onehot {})", program.name, version), "Print the version and exit");
  app.formatter(std::make_shared<HelpFormatter>());
  app.get_formatter()->column_width(38);
}

/// The exit status when there is nothing to run.
std::optional<int> parse_command_line(CLI::App& app, int argc, const char* const* argv, const Program& program) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::ExtrasError&) {
    const auto unknown = app.remaining().front();
    return usage(program, unknown.starts_with("-")
                              ? fmt::format("unknown option {}{}", unknown, nearest_name(app, unknown))
                              : fmt::format("expected options only, got '{}'", unknown));
  } catch (const CLI::ArgumentMismatch& error) {
    const std::string text = error.what();
    return usage(program, fmt::format("{}: expected a value, got none", text.substr(0, text.find(':'))));
  } catch (const CLI::ParseError& error) {
    return usage(program, error.what());
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> chosen_algorithm(int argc, const char* const* argv) {
  std::optional<std::string> chosen;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--algorithm" && i + 1 < argc) chosen = argv[i + 1];
    if (word.starts_with("--algorithm=")) chosen = word.substr(12);
  }
  const bool known = chosen && std::ranges::find(algorithms, *chosen) != algorithms.end();
  return known ? chosen : std::nullopt;  // parse_options refuses what is not known
}

std::optional<int> parse_options(int argc, const char* const* argv, const Program& program, Options& options) {
  CLI::App app{program.purpose, program.name};
  set_up(app, program);

  const auto option = [&](const std::string& name, const std::string& unit, const std::string& standard,
                          const std::string& help, const std::function<void(const std::string&)>& store) {
    auto* added = app.add_option_function<std::string>(name, store, help);
    added->type_name(unit)->default_str(standard)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  };
  const auto count = [&](const std::string& name, const std::string& unit, std::size_t& value, std::size_t lowest,
                         std::size_t highest, const std::string& help) {
    option(name, unit, fmt::format("{}", value), help, [=, &value](const std::string& text) {
      value = parse<std::size_t>(name, text, fmt::format("a whole number from {} to {}", lowest, highest),
                                 [=](std::size_t v) { return v >= lowest && v <= highest; });
    });
  };
  const auto real = [&](const std::string& name, const std::string& unit, double& value, const std::string& expected,
                        const std::string& help, const std::function<bool(double)>& good) {
    option(name, unit, fmt::format("{}", value), help,
           [=, &value](const std::string& text) { value = parse<double>(name, text, expected, good); });
  };

  option("--seed", "N", fmt::format("{}", options.seed), "Seed of everything random", [&](const std::string& text) {
    options.seed = parse<std::uint64_t>("--seed", text, "a whole number from 0 to 2^64-1", [](auto) { return true; });
  });
  option("--seeds", "N", "", "Train N seeds, from --seed on, and print the distribution; writes seeds.csv only",
         [&](const std::string& text) {
           options.seeds = parse<std::size_t>("--seeds", text, "a whole number from 1 to 1000000",
                                              [](std::size_t v) { return v >= 1 && v <= 1'000'000; });
         });
  count("--total-timesteps", "STEPS", options.total_timesteps, 1, 1'000'000'000'000,
        "Stop after so many environment steps, solved or not");
  const auto choice = [&](const std::string& name, std::string& value, const std::vector<std::string>& names,
                          const std::string& help) {
    option(name, "NAME", value, help, [=, &value](const std::string& text) {
      if (std::ranges::find(names, text) == names.end()) refuse(name, one_of(names), text);
      value = text;
    });
  };
  choice("--algorithm", options.algorithm, algorithms,
         "reinforce, actor-critic or ppo; each has defaults of its own");
  choice("--baseline", options.baseline, {"none", "running-mean", "leave-one-out", "value"},
         "What REINFORCE takes from the returns: none, running-mean, leave-one-out or value");
  choice("--returns", options.returns, {"reward-to-go", "total"},
         "What REINFORCE weighs a step with: the rewards from it on (reward-to-go), or all (total)");
  option("--optimizer", "NAME", options.optimizer, "adam, or sgd: plain steps, with a --learning-rate of their own",
         [&](const std::string& text) {
           if (text != "adam" && text != "sgd") refuse("--optimizer", "adam or sgd", text);
           options.optimizer = text;
         });
  real("--learning-rate", "X", options.learning_rate, "a number from 1e-30 to 1e30", "Step size of the optimizer",
       [](double v) { return v >= 1e-30 && v <= 1e30; });
  real("--gamma", "X", options.gamma, "a number from 0 to 1", "Discount per time step",
       [](double v) { return v >= 0 && v <= 1; });
  real("--entropy-coefficient", "X", options.entropy_coefficient, "a number from 0 to 1e6",
       "Weight of the entropy bonus, in units of return per nat", [](double v) { return v >= 0 && v <= 1e6; });
  real("--gae-lambda", "X", options.gae_lambda, "a number from 0 to 1",
       "Actor-critic, PPO: 0 trusts the critic, 1 the returns", [](double v) { return v >= 0 && v <= 1; });
  real("--clip", "X", options.clip, "a number above 0, at most 10", "PPO: how far a probability ratio may leave 1",
       [](double v) { return v > 0 && v <= 10; });
  count("--epochs", "N", options.epochs, 1, 10'000, "PPO: passes over the steps of an update");
  count("--minibatch-size", "STEPS", options.minibatch_size, 1, 1'000'000'000, "PPO: steps of one gradient");
  real("--critic-learning-rate", "X", options.critic_learning_rate, "a number from 1e-30 to 1e30",
       "Step size of the value network's Adam", [](double v) { return v >= 1e-30 && v <= 1e30; });
  count("--critic-steps", "N", options.critic_steps, 1, 1'000'000,
        "Actor-critic: steps of the value network per update");
  option("--hidden", "W,W,...", join(options.hidden), "Widths of the hidden layers, or none",
         [&](const std::string& text) { options.hidden = parse_sizes("--hidden", text); });
  option("--activation", "NAME", options.activation, "Of the hidden layers: tanh or relu",
         [&](const std::string& text) {
           if (text != "tanh" && text != "relu") refuse("--activation", "tanh or relu", text);
           options.activation = text;
         });
  count("--episodes-per-update", "N", options.episodes_per_update, 1, 1'000'000, "Whole episodes played per update");
  count("--num-envs", "N", options.num_envs, 1, 65536,
        "Environments played side by side; the result is the same for any number");
  count("--threads", "N", options.threads, 1, 1024,
        "Threads that share the episodes of an update, or the seeds; the result is the same for any number");
  count("--episodes", "N", options.episodes, 1, 10'000'000, "Fresh episodes of an evaluation");
  app.add_flag("--greedy", options.greedy, "Evaluate the most probable action instead of sampled ones");
  option("--output", "DIR", options.output, "Folder of the run: weights, learning curve, summary",
         [&](const std::string& text) {
           if (text.empty()) refuse("--output", "a folder", text);
           options.output = text;
         });
  option("--evaluate", "DIR", "", "Train nothing; evaluate the policy in the run folder DIR, whatever its shape",
         [&](const std::string& text) {
           if (text.empty()) refuse("--evaluate", "a folder", text);
           options.evaluate = text;
         });
  app.add_flag("-q,--quiet", options.quiet, "No progress and no picture, only the result");

  if (const auto status = parse_command_line(app, argc, argv, program)) return status;
  if (options.seeds > 0 && options.seed > std::numeric_limits<std::uint64_t>::max() - (options.seeds - 1))
    return usage(program,
                 fmt::format("--seeds: expected seeds up to 2^64-1, got {} from {} on", options.seeds, options.seed));
  return std::nullopt;
}

std::optional<int> parse_no_options(int argc, const char* const* argv, const Program& program) {
  CLI::App app{program.purpose, program.name};
  set_up(app, program);
  return parse_command_line(app, argc, argv, program);
}

std::optional<int> parse_path(int argc, const char* const* argv, const Program& program, std::string& path,
                              bool& list) {
  CLI::App app{program.purpose, program.name};
  set_up(app, program);
  std::vector<std::string> paths;
  app.add_option("PATH", paths, "The file or folder to read");
  app.add_flag("--list", list, "Print what there is to find and exit");
  if (const auto status = parse_command_line(app, argc, argv, program)) return status;
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
          {"hidden", join(o.hidden)},
          {"activation", o.activation},
          {"episodes-per-update", o.episodes_per_update},
          {"num-envs", o.num_envs},
          {"episodes", o.episodes},
          {"greedy", o.greedy},
          {"output", o.output}};
}

}  // namespace rl
