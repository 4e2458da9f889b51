#pragma once
/// What every run program does: train until solved, evaluate on fresh episodes, write the run folder; go on where an
/// interrupted run stopped.

#include <string>

#include "rl/app/options.hpp"
#include "rl/training/experiment.hpp"

namespace rl {

/// The command line over the defaults of its algorithm, then one training, many, or an evaluation. Returns the exit
/// status.
int run_program(int argc, const char* const* argv, const Program& program, const std::string& algorithm,
                const Defaults& defaults, const Experiment& experiment);

}  // namespace rl
