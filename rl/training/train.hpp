#pragma once
/// Trains a learner until it is solved.

#include <functional>

#include "rl/training/learner.hpp"
#include "rl/training/result.hpp"

namespace rl {

/// Who is asked, and told, while a training runs. Each may be empty.
struct TrainingHooks {
  std::function<bool()> stop;                             // should it end after the update at hand?
  std::function<void(const TrainingResult&)> progressed;  // after each update
  std::function<void(const TrainingResult&)> save;        // so that it can be gone on with
  double save_every = 1;                                  // seconds; 0: after each update
};

/// Trains until as many evaluations in a row as the experiment asks for reach the threshold, or the timesteps are used
/// up. An evaluation is made whenever the episodes of an update reach the threshold of where it learns: 100 fresh
/// episodes with sampled actions, on streams that training never uses. `result` is what the run did before, of a
/// learner whose state was loaded. It is saved every `save_every` seconds and never so often that saving takes more
/// than a twentieth of the time, and before a last evaluation. When `stop` ends it there is no evaluation, and the
/// result is `interrupted`. Throws std::runtime_error, with the update's number, when the numbers overflow.
TrainingResult train(Learner& learner, const TrainingHooks& hooks = {}, TrainingResult result = {});

/// Seconds of the processor, of this thread, or of the process with all its threads.
double cpu_seconds(bool process);

}  // namespace rl
