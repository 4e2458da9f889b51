#include "rl/sampling/episode_sampler.hpp"

#include <algorithm>

namespace rl {

EpisodeSampler::EpisodeSampler(Policy& policy, const Player& player, std::size_t episodes, std::size_t group)
    : policy_(policy), player_(player, std::min(player.size(), episodes)), episodes_(episodes), group_(group) {}

const Batch& EpisodeSampler::play(std::uint64_t seed, std::uint64_t number) {
  return rollout_.collect(player_, policy_, 0, episodes_, seed, number, group_);
}

double EpisodeSampler::inject(ConstVectorView weights, Scalar entropy_weight) {
  return rollout_.accumulate_gradient(policy_, weights, entropy_weight) / static_cast<double>(rollout_.batch().steps());
}

}  // namespace rl
