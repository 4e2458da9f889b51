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
  std::vector<std::string> all_gather(const std::string& bytes) override {
    const std::uint64_t size_here = bytes.size();
    std::vector<std::uint64_t> sizes(size());
    MPI_Allgather(&size_here, 1, MPI_UINT64_T, sizes.data(), 1, MPI_UINT64_T, MPI_COMM_WORLD);
    std::vector<int> counts, places;
    std::uint64_t total = 0;
    for (const std::uint64_t size : sizes) {
      counts.push_back(static_cast<int>(size)), places.push_back(static_cast<int>(total));
      total += size;
      if (total > std::numeric_limits<int>::max())
        throw std::runtime_error("more than 2 GB to exchange; try a smaller --hidden or --episodes-per-update");
    }
    std::string all(static_cast<std::size_t>(total), '\0');
    MPI_Allgatherv(bytes.data(), counts[rank()], MPI_BYTE, all.data(), counts.data(), places.data(), MPI_BYTE,
                   MPI_COMM_WORLD);
    std::vector<std::string> result;
    for (std::size_t r = 0; r < size(); ++r)
      result.push_back(all.substr(static_cast<std::size_t>(places[r]), static_cast<std::size_t>(counts[r])));
    return result;
  }
};

}  // namespace

std::unique_ptr<Ranks> all_ranks(std::function<int()> signal) {
  return std::make_unique<MpiRanks>(std::move(signal));
}

}  // namespace rl
