#include "rl/app/report.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <new>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "rl/app/plot.hpp"
#include "rl/terminal/terminal.hpp"

namespace rl {
namespace {

std::string one_line(const EvaluationSummary& e) {
  const int digits = e.min_return == std::floor(e.min_return) ? 0 : std::abs(e.min_return) < 10 ? 2 : 1;
  return fmt::format("{} fresh episodes, {} actions: mean return {:.1f} ± {:.1f}, lowest {:.{}f}", e.episodes,
                     e.greedy ? "greedy" : "sampled", e.mean_return, e.std_return, e.min_return, digits);
}

/// A descriptor that is closed would be given to the next file, which would then get what is printed.
void occupy_standard_streams() {
  for (int file = ::open("/dev/null", O_RDONLY); file >= 0; file = ::open("/dev/null", O_RDONLY))
    if (file > STDERR_FILENO) {
      ::close(file);
      return;
    }
}

void flush_output() {
  if (std::fflush(stdout) != 0) throw std::system_error(errno, std::generic_category());
}

}  // namespace

std::string make_target(const std::string& program) {
  std::string target = program;
  std::ranges::replace(target, '_', '-');
  return "make " + target;
}

std::string make_line(const std::string& program, const std::string& option, const std::string& value) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+,-";
  const bool quoted = value.find_first_not_of(plain) != std::string::npos;
  if (value.find_first_of("'\"$`\\#\n") != std::string::npos)
    return option + " " + value;  // make and a shell would read it
  return fmt::format("{} ARGS=\"{} {}{}{}\"", make_target(program), option, quoted ? "'" : "", value,
                     quoted ? "'" : "");
}

void print_run(const RunTitle& title, const TrainingResult& result, const RunFolder& folder, bool quiet) {
  const std::string& environment = title.environment;
  if (!quiet) {
    std::vector<double> timesteps, returns;
    for (const CurvePoint& point : result.curve) {
      timesteps.push_back(static_cast<double>(point.timesteps));
      returns.push_back(point.mean_return);
    }
    fmt::print("trained for {:.3f} s; run folder: {}\n\n", result.wall_seconds, folder.path().string());
    fmt::print("{}", curve_picture(timesteps, returns, title.curve_threshold, picture_width(), 9));
    fmt::print("mean return of each update; the dots mark {}\n\n", title.curve_threshold);
  }
  fmt::print("evaluation: {}\n", one_line(result.evaluation));
  if (result.solved)
    fmt::print("solved {} after {} timesteps, {} episodes\n", environment, with_commas(result.timesteps),
               with_commas(result.episodes));
  else
    fmt::print(
        "not solved: {} in {} timesteps; a run is solved when the episodes of an update reach a mean return of {}, and "
        "then 100 fresh ones with sampled actions{}{}\n",
        environment, with_commas(result.timesteps), title.curve_threshold,
        title.threshold == title.curve_threshold ? "" : fmt::format(" one of {}", title.threshold),
        title.evaluations > 1 ? fmt::format(", {} times in a row", title.evaluations) : "");
  flush_output();
}

void print_seeds(const RunTitle& title, std::span<const TrainingResult> results, const RunFolder& folder, bool quiet) {
  std::vector<double> timesteps, episodes, milliseconds;
  for (const TrainingResult& result : results) {
    if (!result.solved) continue;
    timesteps.push_back(static_cast<double>(result.timesteps));
    episodes.push_back(static_cast<double>(result.episodes));
    milliseconds.push_back(1e3 * result.cpu_seconds);
  }
  if (!timesteps.empty()) {
    fmt::print("{:<24}{:>12}{:>12}{:>12}\n", "to solved", "5 %", "median", "95 %");
    const auto row = [](const char* name, const std::vector<double>& values, int digits) {
      fmt::print("{:<24}{:>12.{}f}{:>12.{}f}{:>12.{}f}\n", name, percentile(values, 0.05), digits,
                 percentile(values, 0.5), digits, percentile(values, 0.95), digits);
    };
    row("timesteps", timesteps, 0);
    row("episodes", episodes, 0);
    row("CPU milliseconds", milliseconds, 2);
  }
  if (!quiet) {
    const Curve curve = curve_of(results);
    fmt::print("\n{}median of the mean returns; the dots mark {}\n\n",
               curve_picture(curve.timesteps, curve.returns, title.curve_threshold, picture_width(), 9),
               title.curve_threshold);
  }
  if (!quiet) fmt::print("one row a seed: {}\n", (folder.path() / "seeds.csv").string());
  fmt::print("{}solved {}: {} of {} seeds reached a mean return of {}\n", timesteps.empty() ? "not " : "",
             title.environment, timesteps.size(), results.size(), title.threshold);
  flush_output();
}

void print_evaluation(const std::string& environment, double threshold, const EvaluationSummary& evaluation) {
  fmt::print("evaluation: {}\n", one_line(evaluation));
  if (evaluation.greedy) {
    fmt::print(
        "greedy actions are another policy, with another mean; whether a run is solved, 100 episodes with sampled ones "
        "say\n");
    return;
  }
  if (evaluation.std_return > 0)
    fmt::print("a run is called solved by 100 other episodes: chance moves a mean of {} by about ± {:.2g}\n",
               evaluation.episodes, evaluation.std_return / std::sqrt(static_cast<double>(evaluation.episodes)));
  const bool enough = evaluation.episodes >= 100;
  if (enough && evaluation.mean_return >= threshold)
    fmt::print("solved {}\n", environment);
  else
    fmt::print("not solved: {}{} is solved when at least 100 episodes with sampled actions reach a mean return of {}\n",
               enough ? "" : fmt::format("{} episodes are too few; ", evaluation.episodes), environment, threshold);
}

std::string progress_line(const TrainingResult& result, std::size_t total_timesteps, double threshold,
                          std::size_t width) {
  std::vector<double> returns;
  for (const CurvePoint& point : result.curve) returns.push_back(point.mean_return);
  const CurvePoint& now = result.curve.back();
  const CurvePoint then = result.curve.size() > 1 ? result.curve[result.curve.size() / 2 - 1] : CurvePoint();
  const double speed = static_cast<double>(now.timesteps - then.timesteps) /
                       std::max(now.wall_seconds - then.wall_seconds, 1e-9);  // of the second half: of late
  const double left = static_cast<double>(total_timesteps - std::min(total_timesteps, now.timesteps)) / speed;
  constexpr std::size_t shortest = 8, longest = 16;  // of the sparkline
  struct Part {
    std::string text;
    int importance;
  };
  std::vector<Part> parts = {{fmt::format("update {:>4}  ", now.update), 4},
                             {fmt::format("{:>9} timesteps  ", with_commas(now.timesteps)), 5},
                             {fmt::format("{:>6} episodes  ", with_commas(now.episodes)), 1},
                             {fmt::format("return {:6.1f}  ", now.mean_return), 6},
                             {fmt::format("{:>4}/s  ", short_number(speed)), 2},
                             {fmt::format("{} left  ", short_time(left)), 3}};
  const auto length = [&] {
    std::size_t sum = 0;
    for (const Part& part : parts) sum += part.text.size();
    return sum;
  };
  while (parts.size() > 1 && length() + shortest > width)
    parts.erase(std::ranges::min_element(parts, {}, &Part::importance));
  const std::size_t room = width - std::min(width, length());
  std::string line;
  for (const Part& part : parts) line += part.text;
  line += sparkline(returns, std::min(room, longest), std::min(0., *std::ranges::min_element(returns)), threshold);
  return std::string(cut(line, width));
}

void print_interrupted(const std::string& program, const TrainingResult& result, const RunFolder& folder) {
  if (result.curve.empty())
    say(fmt::format("{}: interrupted before the first update; nothing is saved\n", program));
  else
    say(fmt::format("{}: interrupted after update {}, {} timesteps; go on with {}\n", program, result.curve.size(),
                    with_commas(result.timesteps), make_line(program, "--resume", folder.path().string())));
}

void print_interrupted_seeds(const std::string& program, std::span<const TrainingResult> results,
                             const RunFolder& folder) {
  const auto done = std::ranges::count(results, false, &TrainingResult::interrupted);
  say(fmt::format("{}: interrupted; {} of {} seeds are in {}\n", program, done, results.size(),
                  (folder.path() / "seeds.csv").string()));
}

int guarded(const std::string& program, const std::function<int()>& body) {
  occupy_standard_streams();
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error to report, not a reason to die
  std::signal(SIGPIPE, SIG_IGN);  // nor is a pipe that nobody reads
  const auto report = [&](const std::string& what) {
    say(fmt::format("{}: {}\n", program, printable(what)));
    return 1;
  };
  try {
    const int status = body();
    flush_output();
    return status;
  } catch (const std::bad_alloc&) {
    return report("not enough memory; try a smaller --hidden, --num-envs, --threads or --episodes-per-update");
  } catch (const std::filesystem::filesystem_error& error) {
    return report(fmt::format("{}: {}", error.path1().string(), error.code().message()));
  } catch (const std::system_error& error) {                  // fmt::print's
    if (error.code().value() == EPIPE) return 128 + SIGPIPE;  // as | head expects, without a word
    return report("cannot write to the standard output: " + error.code().message());
  } catch (const std::exception& error) {
    return report(error.what());
  }
}

}  // namespace rl
