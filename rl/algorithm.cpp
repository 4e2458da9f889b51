#include "rl/algorithm.hpp"

namespace rl {

std::vector<EpisodeStatistics> episode_statistics(const Batch& batch) {
  std::vector<EpisodeStatistics> statistics;
  statistics.reserve(batch.episodes.size());
  for (const Episode& e : batch.episodes) {
    statistics.push_back({0, e.length});
    for (const Scalar reward : e.of(batch.rewards)) statistics.back().episode_return += static_cast<double>(reward);
  }
  return statistics;
}

double UpdateReport::mean_return() const {
  double total = 0;
  for (const EpisodeStatistics& episode : episodes) total += episode.episode_return;
  return total / static_cast<double>(episodes.size());
}

}  // namespace rl
