#pragma once
/// N environments side by side, each stepped by itself: for environments so small that a loop over rows would gain
/// nothing. Gymnasium's SyncVectorEnv.

#include <fmt/core.h>

#include <cstddef>
#include <memory>
#include <vector>

#include "envs/vector_env.hpp"

namespace envs {

/// Env says name, observation_size, action_count, max_episode_steps and reward_threshold. Environment n gives the
/// numbers of an Env of its own. What Env::step throws, step throws: then the environments before that one have moved.
template <Environment Env>
class SyncVectorEnv final : public VectorEnv {
 public:
  explicit SyncVectorEnv(std::size_t num_envs, const Env& env = Env())
      : VectorEnv({Env::name, Env::observation_size, 1, Env::action_count,
                   fmt::format("an action from 0 to {}", Env::action_count - 1), Env::max_episode_steps,
                   Env::reward_threshold},
                  num_envs),
        envs_(num_envs, env) {}
  std::unique_ptr<VectorEnv> make(std::size_t num_envs) const override {
    return std::make_unique<SyncVectorEnv>(num_envs, envs_[0]);
  }

 private:
  void start(std::size_t n, const Uniform& uniform) override {
    UniformRef source{uniform};
    show(n, envs_[n].reset(source));
  }
  void advance() override {
    for (std::size_t n = 0; n < num_envs_; ++n) {
      rewards_[n] = 0;
      if (!running_[n]) continue;
      const auto result = envs_[n].step(static_cast<int>(actions_[n]));
      show(n, result.observation);
      rewards_[n] = result.reward;
      terminated_[n] = result.terminated;
      truncated_[n] = result.truncated;
      running_[n] = !result.terminated && !result.truncated;
    }
  }
  void show(std::size_t n, const typename Env::Observation& observation) {
    for (std::size_t row = 0; row < observation.size(); ++row) observations_[row * stride_ + n] = observation[row];
  }

  std::vector<Env> envs_;
};

}  // namespace envs
