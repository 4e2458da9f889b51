#include "rl/actor_critic.hpp"

#include <algorithm>
#include <utility>

#include "nn/arithmetic/vector_ops.hpp"

namespace rl {

ActorCritic::ActorCritic(Policy& policy, PolicyOptimizer& optimizer, Critic& critic, std::unique_ptr<Sampler> sampler,
                         AdvantageOptions advantage, ActorCriticOptions options)
    : policy_(policy),
      optimizer_(optimizer),
      critic_(critic),
      sampler_(std::move(sampler)),
      advantages_(advantage),
      options_(options) {}

// #region update
UpdateReport ActorCritic::update(std::uint64_t seed, std::uint64_t number) {
  const Batch& batch = sampler_->play(seed, number);  // s_t, a_t, r_t
  advantages_.estimate(batch, critic_);               // A_t: what came minus what the critic expected
  const Scalar share = 1 / static_cast<Scalar>(batch.episodes.size());
  weights_.assign(advantages_.advantages().begin(), advantages_.advantages().end());
  nn::scale(share, weights_);  // weights = A_t / episodes

  UpdateReport report{.timesteps = batch.steps(), .episodes = episode_statistics(batch)};
  policy_.zero_gradients();
  report.entropy = sampler_->inject(weights_, options_.entropy_coefficient * share);  // inject
  report.gradient_norm = optimizer_.ascend(policy_, options_.max_norm);               // ascend
  for (std::size_t i = 0; i < options_.critic_steps; ++i)
    critic_.fit(batch.states, advantages_.targets());  // the critic learns what really came
  return report;
}
// #endregion update

void ActorCritic::coefficients(const Batch& batch, VectorView result) {
  advantages_.estimate(batch, critic_);
  std::ranges::copy(advantages_.advantages(), result.begin());
}

}  // namespace rl
