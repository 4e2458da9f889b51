#pragma once
/// --seeds: many trainings, and their distribution.

#include "rl/app/options.hpp"
#include "rl/app/run_folder.hpp"
#include "rl/sampling/ranks.hpp"
#include "rl/training/experiment.hpp"

namespace rl {

/// What the folder says of a run with these options.
RunTitle run_title(const Options& options, const Experiment& experiment);

/// learning_curve.svg, when there is gnuplot. A run without its picture is a good run: why there is none is a warning.
void draw_curve(const Program& program, const RunFolder& folder);

/// Several at a time, each on one thread of one rank. What this rank has done is saved as options.save_every says, and
/// in the end what all have; a seed whose numbers overflow is reported and takes none of the others with it. Returns
/// the exit status.
int train_seeds(const Program& program, const Options& options, const Experiment& experiment, Ranks& ranks);

}  // namespace rl
