#include "rl/baseline.hpp"

#include <algorithm>

namespace rl {

void subtract_leave_one_out(std::span<const Episode> episodes, nn::VectorView returns) {
  if (episodes.size() < 2) return;
  const auto others = static_cast<nn::Scalar>(episodes.size() - 1);
  std::size_t longest = 0;
  for (const Episode& episode : episodes) longest = std::max(longest, episode.length);
  for (std::size_t t = 0; t < longest; ++t) {
    nn::Scalar total = 0;
    for (const Episode& episode : episodes)
      if (t < episode.length) total += returns[episode.first + t];
    for (const Episode& episode : episodes)
      if (t < episode.length) {
        nn::Scalar& own = returns[episode.first + t];
        own -= (total - own) / others;
      }
  }
}

}  // namespace rl
