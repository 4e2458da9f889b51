#include "rl/sampling/episode_sampler.hpp"

#include <algorithm>

#include "rl/sampling/shared_batch.hpp"

namespace rl {

EpisodeSampler::EpisodeSampler(Policy& policy, const Player& player, std::size_t episodes, std::size_t group,
                               Ranks& ranks)
    : policy_(policy),
      player_(player, std::clamp<std::size_t>(ranks.share(episodes).count, 1, player.size())),
      episodes_(episodes),
      group_(group),
      ranks_(ranks) {}

const Batch& EpisodeSampler::play(std::uint64_t seed, std::uint64_t number) {
  const auto [first, count] = ranks_.share(episodes_);
  if (count > 0) rollout_.collect(player_, policy_, first, count, seed, number, group_);
  if (ranks_.size() == 1) return rollout_.batch();
  all_ = shared_batch(ranks_, count > 0 ? rollout_.batch() : Batch());
  return all_;
}

double EpisodeSampler::inject(ConstVectorView weights, Scalar entropy_weight) {
  if (ranks_.size() > 1) rollout_.adopt(player_.spec(), policy_, all_);
  return rollout_.accumulate_gradient(policy_, weights, entropy_weight) / static_cast<double>(rollout_.batch().steps());
}

}  // namespace rl
