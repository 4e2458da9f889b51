#pragma once
/// The command line that every run program shares.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "rl/training/settings.hpp"

namespace rl {

inline constexpr std::string_view version = "0.1.0";

/// What a program is, for its --help, and how often it saves when nothing is typed.
struct Program {
  std::string name;       // run_cartpole
  std::string purpose;    // one sentence
  double save_every = 1;  // seconds
};

/// A program fills in its defaults, parse_options what the reader typed.
struct Options : TrainingSettings {
  Options();              // 8 environments, and as many threads as the machine has
  std::size_t seeds = 0;  // 0: one run, with a folder of its own
  std::string output;
  std::string resume, config;
  double save_every = 1;  // seconds
  std::string evaluate;
  bool watch = false;
  std::string output_svg;
  bool quiet = false;
};

/// What a program sets otherwise than Options, whose algorithm is chosen already.
using Defaults = std::function<void(TrainingSettings& settings)>;

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

/// The rows of a table, as --help shows them: what a training reads, and the rest.
class OptionTable;
void add_training_options(OptionTable& add, TrainingSettings& settings, std::size_t& seeds);
void add_run_options(OptionTable& add, Options& options);
std::vector<std::string> algorithm_names(bool post_training = false);

/// The options by name, for the run folder.
using OptionValue = std::variant<std::uint64_t, double, bool, std::string>;
std::vector<std::pair<std::string, OptionValue>> describe(const Options& options);
std::string text_of(const OptionValue& value);  // as it is typed

}  // namespace rl
