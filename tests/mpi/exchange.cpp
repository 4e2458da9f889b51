/// How long it takes to give a gradient to all ranks and to add up all of them, in order: rank 0 prints one line for
/// each size in bytes, the quickest of many, for others may be at work.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "nn/arithmetic/vector_ops.hpp"
#include "rl/sampling/ranks.hpp"

int main() {
  const auto ranks = rl::all_ranks({});
  return ranks->run([&] {
    for (const std::size_t size : {8u, 1'476u, 40'000u, 1'641'024u}) {
      std::vector<nn::Vector> gradients(ranks->size(), nn::Vector(size / sizeof(nn::Scalar)));
      nn::Vector total(gradients[0].size());
      double least = 1e9;
      for (int i = 0; i < (size < 100'000 ? 1000 : 20); ++i) {
        const auto start = std::chrono::steady_clock::now();
        ranks->exchange(gradients.size(), [&](std::size_t rank, rl::Parcel& parcel) { parcel(gradients[rank]); });
        for (const nn::Vector& gradient : gradients) nn::axpy(1, gradient, total);
        const std::chrono::duration<double, std::micro> time = std::chrono::steady_clock::now() - start;
        least = std::min(least, time.count());
      }
      if (ranks->rank() == 0) fmt::print("{} {} {:.1f}\n", ranks->size(), size, least);
    }
    return 0;
  });
}
