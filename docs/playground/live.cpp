#include "docs/playground/live.hpp"

#include <stdexcept>

#include "envs/registry.hpp"

namespace playground {
namespace {

constexpr std::uint64_t purpose = 77;  // none of rl::SeedPurpose

}  // namespace

Live::Live(const Setup& setup, std::uint64_t number)
    : scale_(setup.experiment.observation_scale),
      env_(envs::make_vec(setup.experiment.environment, 1)),
      rng_({setup.settings.seed, purpose, number}) {
  env_->reset(0, rng_);
}

bool Live::step(rl::Policy& policy, std::optional<double> by_hand) {
  if (!env_->running()[0]) throw std::invalid_argument("live_step: the episode is over");
  nn::Matrix state(scale_.size(), 1), actions(env_->spec().action_size, 1);
  for (std::size_t i = 0; i < state.rows(); ++i) state(i, 0) = env_->observation(i)[0] * scale_[i];
  std::vector<double> u(policy.distribution->uniforms_per_action());
  for (double& x : u) x = rng_.uniform();
  policy.distribution->sample(policy.network.feedforward(state), u, actions);
  if (by_hand) actions(0, 0) = static_cast<Scalar>(*by_hand);
  for (std::size_t d = 0; d < actions.rows(); ++d) env_->actions()[d * env_->stride()] = actions(d, 0);
  env_->step();
  action_ = static_cast<double>(actions(0, 0));
  return env_->running()[0] != 0;
}

std::vector<double> Live::observation() const {
  std::vector<double> numbers;
  for (std::size_t i = 0; i < scale_.size(); ++i) numbers.push_back(static_cast<double>(env_->observation(i)[0]));
  return numbers;
}

}  // namespace playground
