#pragma once
/// What a run program prints on stdout when it is done. The last line begins with "solved" or "not solved".

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "rl/run_folder.hpp"

namespace rl {

void print_run(const std::string& environment, double threshold, const TrainingResult& result, const RunFolder& folder,
               bool quiet);

/// The distribution over seeds: median, 5th and 95th percentile.
void print_seeds(const std::string& environment, double threshold, std::span<const TrainingResult> results,
                 const RunFolder& folder, bool quiet);

void print_evaluation(const std::string& environment, double threshold, const EvaluationSummary& evaluation);

/// The main function of a program: runs `body`, which returns an exit status. An exception, lack of memory, or a
/// standard output that cannot be written becomes one line on stderr and status 1.
int guarded(const std::string& program, const std::function<int()>& body);

}  // namespace rl
