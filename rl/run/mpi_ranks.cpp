/// rl/sampling/ranks.hpp over MPI: the processes that mpirun started. The only place that knows of it.

#include <fmt/core.h>
#include <mpi.h>

#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "rl/sampling/ranks.hpp"
#include "rl/terminal/terminal.hpp"

namespace rl {
namespace {

int initialised(int (*ask)(MPI_Comm, int*)) {
  int is_initialised = 0, answer = 0;
  MPI_Initialized(&is_initialised);
  if (!is_initialised) {
    int provided = 0;
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);  // threads play, the first one alone exchanges
  }
  ask(MPI_COMM_WORLD, &answer);
  return answer;
}

/// MPI ends the job itself, with a message, when a message cannot be delivered.
class MpiRanks final : public Ranks {
 public:
  explicit MpiRanks(std::function<int()> signal)
      : Ranks(std::move(signal), static_cast<std::size_t>(initialised(MPI_Comm_rank)),
              static_cast<std::size_t>(initialised(MPI_Comm_size))) {
    if (rank() > 0) be_silent();
  }
  ~MpiRanks() override { MPI_Finalize(); }

 private:
  void all_gather(const std::string& mine, std::string& all, std::vector<std::size_t>& sizes) override {
    static_assert(sizeof(std::size_t) == sizeof(std::uint64_t));
    const std::size_t size_here = mine.size();
    sizes.resize(size());
    MPI_Allgather(&size_here, 1, MPI_UINT64_T, sizes.data(), 1, MPI_UINT64_T, MPI_COMM_WORLD);
    counts_.clear(), places_.clear();
    std::size_t total = 0;
    for (const std::size_t count : sizes) {
      counts_.push_back(static_cast<int>(count)), places_.push_back(static_cast<int>(total));
      total += count;
      if (total > std::numeric_limits<int>::max())
        throw std::runtime_error("more than 2 GB to exchange; try a smaller --hidden or --episodes-per-update");
    }
    all.resize(total);
    MPI_Allgatherv(mine.data(), counts_[rank()], MPI_BYTE, all.data(), counts_.data(), places_.data(), MPI_BYTE,
                   MPI_COMM_WORLD);
  }
  std::vector<int> counts_, places_;  // in bytes
};

}  // namespace

std::unique_ptr<Ranks> all_ranks(std::function<int()> signal) {
  return std::make_unique<MpiRanks>(std::move(signal));
}

}  // namespace rl
