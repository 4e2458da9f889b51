/// How long an exchange takes: rank 0 prints one line for each size of what every rank gives, the median of many.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "rl/sampling/ranks.hpp"

int main() {
  const auto ranks = rl::all_ranks({});
  return ranks->run([&] {
    for (const std::size_t size : {8u, 2'500u, 40'000u, 1'650'000u}) {
      std::vector<std::vector<char>> given(ranks->size(), std::vector<char>(size));
      std::vector<double> microseconds;
      for (int i = 0; i < (size < 100'000 ? 2000 : 100); ++i) {
        const auto start = std::chrono::steady_clock::now();
        ranks->exchange(given.size(), [&](std::size_t rank, rl::Parcel& parcel) { parcel(given[rank]); });
        const std::chrono::duration<double, std::micro> time = std::chrono::steady_clock::now() - start;
        microseconds.push_back(time.count());
      }
      std::ranges::nth_element(microseconds, microseconds.begin() + std::ssize(microseconds) / 2);
      if (ranks->rank() == 0) fmt::print("{} {} {:.1f}\n", ranks->size(), size, microseconds[microseconds.size() / 2]);
    }
    return 0;
  });
}
