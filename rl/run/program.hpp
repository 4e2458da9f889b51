#pragma once
/// What every run program does: train until solved, evaluate on fresh episodes, write the run folder; go on where an
/// interrupted run stopped.

#include <string_view>

#include "rl/app/options.hpp"

namespace rl {

/// The command line over the defaults of rl/training/experiments.cpp, then one training, many, or an evaluation.
/// Returns the exit status.
int run_program(int argc, const char* const* argv, const Program& program, std::string_view environment);

}  // namespace rl
