#pragma once
/// One batch of what several ranks have played. Read next: episode_sampler.hpp.

#include "rl/batch.hpp"
#include "rl/sampling/ranks.hpp"

namespace rl {

/// The episodes of all ranks, in the order of the ranks, on each of them. `mine` is what this rank played, and may be
/// empty where there are fewer episodes than ranks.
Batch shared_batch(Ranks& ranks, Batch mine);

}  // namespace rl
