#pragma once
/// What a run program prints on stdout when it is done. The last line begins with "solved" or "not solved".

#include <cstdint>
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

/// Runs `body`, which returns an exit status; an exception becomes one line on stderr and status 1.
template <class Body>
int guarded(const std::string& program, Body body);

void print_error(const std::string& program, const char* what);

template <class Body>
int guarded(const std::string& program, Body body) {
  try {
    return body();
  } catch (const std::exception& error) {
    print_error(program, error.what());
    return 1;
  }
}

}  // namespace rl
