#pragma once
/// What a run program prints on stdout when it is done. The last line begins with "solved" or "not solved", but for an
/// evaluation of greedy actions, which decides neither. A standard output that cannot be written throws
/// std::system_error.

#include <cstddef>
#include <functional>
#include <span>
#include <string>

#include "rl/app/run_folder.hpp"

namespace rl {

/// What to type: make run-cartpole, and make run-cartpole ARGS="--resume DIR", or the option alone where a value would
/// need more than quotes.
std::string make_target(const std::string& program);
std::string make_line(const std::string& program, const std::string& option, const std::string& value);

void print_run(const RunTitle& title, const TrainingResult& result, const RunFolder& folder, bool quiet);

/// The distribution over seeds: median, 5th and 95th percentile.
void print_seeds(const RunTitle& title, std::span<const TrainingResult> results, const RunFolder& folder, bool quiet);

/// Of --evaluate: also why the mean is not the one that the training printed, and why a good one may not count.
void print_evaluation(const std::string& environment, double threshold, const EvaluationSummary& evaluation);

/// The status line of a training, of at most `width` characters: what matters least is left out first. The time left is
/// that to total_timesteps, which a solved run does not need.
std::string progress_line(const TrainingResult& result, std::size_t total_timesteps, double threshold,
                          std::size_t width);

/// What a stopped run says on stderr: how far it came and how to go on.
void print_interrupted(const std::string& program, const TrainingResult& result, const RunFolder& folder);
void print_interrupted_seeds(const std::string& program, std::span<const TrainingResult> results,
                             const RunFolder& folder);

/// The main function of a program: runs `body`, which returns an exit status. An exception, lack of memory, or a
/// standard output that cannot be written becomes one line on stderr and status 1.
int guarded(const std::string& program, const std::function<int()>& body);

}  // namespace rl
