#pragma once
/// The command line that every run program shares.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

namespace rl {

inline constexpr std::string_view version = "0.1.0";

/// What a program is, for its --help.
struct Program {
  std::string name;     // run_cartpole
  std::string purpose;  // one sentence
};

/// A program fills in its defaults, parse_options what the reader typed.
struct Options {
  std::uint64_t seed = 0;
  std::size_t seeds = 0;  // 0: one run, with a folder of its own
  std::size_t total_timesteps = 0;
  std::string algorithm = "reinforce";
  std::string baseline = "leave-one-out";
  std::string returns = "reward-to-go";
  std::string optimizer = "adam";
  double learning_rate = 0;
  double gamma = 1;
  double entropy_coefficient = 0;
  double gae_lambda = 0.95;
  double clip = 0.2;
  std::size_t epochs = 10;
  std::size_t minibatch_size = 64;
  double critic_learning_rate = 0.01;
  std::size_t critic_steps = 20;
  std::vector<std::size_t> hidden;
  std::string activation = "tanh";
  std::size_t episodes_per_update = 1;
  std::size_t num_envs = 1;
  std::size_t threads = std::max(1u, std::thread::hardware_concurrency());
  std::size_t episodes = 100;
  bool greedy = false;
  std::string output;
  std::string resume, config;
  double save_every = 1;  // seconds
  std::string evaluate;
  bool watch = false;
  std::string output_svg;
  bool quiet = false;
};

/// The defaults of a program, which depend on the algorithm.
using Defaults = std::function<Options(const std::string& algorithm)>;

/// Reads the words of a command line, and of the --config file among them, over the defaults of their --algorithm, or
/// of `algorithm`. Returns the exit status when there is nothing to run: 0 after --help or --version (printed on
/// stdout), 2 after one line on stderr that says who, expected and got; also for an option that the algorithm, or the
/// way of working, does not read. Throws std::runtime_error when the file cannot be read.
std::optional<int> parse_options(const std::vector<std::string>& words, const Program& program,
                                 const std::string& algorithm, const Defaults& defaults, Options& options);

/// The same for --resume, after parse_options: `stored` are the words of the run to resume, and `words` may only change
/// what a run may change underway: how long, how wide, where to, how to evaluate. 1 when what is stored is no run's.
std::optional<int> parse_resume_options(const std::vector<std::string>& words, const std::vector<std::string>& stored,
                                        const Program& program, const std::string& algorithm, const Defaults& defaults,
                                        Options& options);

/// The same for a program that has no options but --help and --version.
std::optional<int> parse_no_options(int argc, const char* const* argv, const Program& program);

/// The same for a program that reads one file or folder; with --list it is asked for what it knows instead.
std::optional<int> parse_path(int argc, const char* const* argv, const Program& program, std::string& path, bool& list);

/// The same for the plot program: the run folders, and where a joint picture goes.
std::optional<int> parse_plot_options(const std::vector<std::string>& words, const Program& program,
                                      std::vector<std::string>& runs, std::string& output);

/// The options by name, for the run folder.
using OptionValue = std::variant<std::uint64_t, double, bool, std::string>;
std::vector<std::pair<std::string, OptionValue>> describe(const Options& options);
std::string text_of(const OptionValue& value);  // as it is typed

}  // namespace rl
