#pragma once
/// What every run program does: train until solved, evaluate on fresh episodes, write the run folder; go on where an
/// interrupted run stopped.

#include <string_view>

#include "rl/app/options.hpp"
#include "rl/training/learner.hpp"

namespace rl {

/// What a program has to say itself: of the learner before and after a training with a folder of its own, and instead
/// of the picture of --watch. Each may be empty.
struct Voice {
  void (*before)(Learner& learner) = nullptr;
  void (*after)(Learner& learner) = nullptr;
  void (*watch)(Learner& learner) = nullptr;
};

/// The command line over the defaults of rl/training/experiments.cpp, then one training, many, or an evaluation.
/// Returns the exit status.
int run_program(int argc, const char* const* argv, const Program& program, std::string_view environment,
                const Voice& voice = {});

}  // namespace rl
