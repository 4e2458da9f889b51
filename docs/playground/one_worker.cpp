/// rl/sampling/workers.hpp without threads: the one worker does every task, and what a task throws passes through.

#include "rl/sampling/workers.hpp"

namespace rl {

class Workers::Threads {};

Workers::Workers(std::size_t) {}
Workers::~Workers() = default;
std::size_t Workers::size() const {
  return 1;
}
void Workers::run(std::size_t tasks, Call call, void* job) {
  for (std::size_t task = 0; task < tasks; ++task) call(job, 0, task);
}

}  // namespace rl
