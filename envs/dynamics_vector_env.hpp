#pragma once
/// N environments of one Dynamics, one row per variable: the same physics as Env, in a loop that vectorises. Included
/// by the .cpp of each environment alone.

#include <memory>
#include <span>

#include "envs/env.hpp"
#include "envs/vector_env.hpp"

namespace envs {

template <class Dynamics>
EnvSpec spec_of(std::size_t max_episode_steps = Dynamics::max_episode_steps) {
  EnvSpec spec{Dynamics::name,    Dynamics::observation_size, 1, 0, Dynamics::expected_action,
               max_episode_steps, Dynamics::reward_threshold};
  if constexpr (std::same_as<typename Dynamics::Action, int>)
    spec.action_count = Dynamics::action_count;
  else
    spec.action_size = Dynamics::action_size;
  return spec;
}

/// Environment n gives the same numbers as an Env of its own, bit for bit. Read next: rl/sampling/player.hpp.
template <class Dynamics>
class DynamicsVectorEnv final : public VectorEnv {
 public:
  using Action = typename Dynamics::Action;
  using State = typename Dynamics::State;

  explicit DynamicsVectorEnv(std::size_t num_envs, std::size_t max_episode_steps = Dynamics::max_episode_steps)
      : VectorEnv(spec_of<Dynamics>(max_episode_steps), num_envs),
        states_(shows_state<Dynamics> ? 0 : variable_count<Dynamics> * stride_) {}
  std::unique_ptr<VectorEnv> make(std::size_t num_envs) const override {
    return std::make_unique<DynamicsVectorEnv>(num_envs, spec().max_episode_steps);
  }

  /// Starts an episode at a state of your choice; throws std::invalid_argument when a number is not finite.
  void reset_to(std::size_t n, State state) {
    check_index("reset_to", n);
    check_finite<Dynamics>(state, Dynamics::name);
    set_state(n, state);
    begin_episode(n);
  }
  /// Puts environment n into another state, in the middle of its episode.
  void set_state(std::size_t n, const State& state);
  State state(std::size_t n) const {
    State state{};
    unrolled<variable_count<Dynamics>>([&](auto row) { state.*variable<Dynamics, row> = states()[row * stride_ + n]; });
    return state;
  }

 private:
  Row<Scalar>& states() { return shows_state<Dynamics> ? observations_ : states_; }
  const Row<Scalar>& states() const { return shows_state<Dynamics> ? observations_ : states_; }
  void start(std::size_t n, const Uniform& uniform) override {
    UniformRef source{uniform};
    set_state(n, Dynamics::initial_state(source));
  }
  void advance() override {
    if (!advance_all()) return;
    for (std::size_t n = 0; n < num_envs_; ++n)
      if (terminated_[n] > 1) advance_one(n);
  }
  int advance_all();
  void advance_one(std::size_t n);

  Row<Scalar> states_;  // empty when an observation shows the state
};

template <class Dynamics>
void DynamicsVectorEnv<Dynamics>::set_state(std::size_t n, const State& state) {
  unrolled<variable_count<Dynamics>>([&](auto row) { states()[row * stride_ + n] = state.*variable<Dynamics, row>; });
  if constexpr (!shows_state<Dynamics>) {
    AnyAngle sin_cos;
    const auto observation = Dynamics::observe(state, sin_cos);
    for (std::size_t row = 0; row < observation.size(); ++row) observations_[row * stride_ + n] = observation[row];
  }
}

// #region step
/// Moves every running environment but those that need the sine of a large angle: they stay, and terminated is 2. Are
/// there any? (No aggregate in here is const, in Dynamics::advance neither: g++ 12 would keep it in memory, one by
/// one.)
template <class Dynamics>
[[gnu::flatten]] int DynamicsVectorEnv<Dynamics>::advance_all() {
  constexpr std::size_t rows = variable_count<Dynamics>, seen = shows_state<Dynamics> ? 0 : Dynamics::observation_size;
  const std::size_t count = stride_;
  std::array<Scalar*, rows> x;
  unrolled<rows>([&](auto row) { x[row] = states().data() + row * count; });
  std::array<Scalar*, seen> o;
  unrolled<seen>([&](auto row) { o[row] = observations_.data() + row * count; });
  const Scalar* action = actions_.data();
  Scalar* reward = rewards_.data();
  int *terminated = terminated_.data(), *running = running_.data();
  const auto advance = [=](std::size_t n) {
    State now{};
    unrolled<rows>([&](auto row) { now.*variable<Dynamics, row> = x[row][n]; });
    SmallAngles sin_cos;
    auto after = Dynamics::advance(now, static_cast<Action>(action[n]), sin_cos);
    auto observation = observe<Dynamics>(after.next, sin_cos);
    const int late = running[n] & sin_cos.large;
    const int moves = running[n] & ~late;
    const auto select = [moves](Scalar yes, Scalar no) { return moves ? yes : no; };
    unrolled<rows>([&](auto row) { x[row][n] = select(after.next.*variable<Dynamics, row>, x[row][n]); });
    unrolled<seen>([&](auto row) { o[row][n] = select(observation[row], o[row][n]); });
    reward[n] = select(after.reward, 0);
    terminated[n] |= (after.terminated & moves) | late << 1;
    running[n] ^= after.terminated & moves;
    return late;
  };
  int any_late = 0;
#pragma omp simd reduction(| : any_late)
  for (std::size_t n = 0; n < count; ++n) any_late |= advance(n);
  return any_late;
}
// #endregion step

template <class Dynamics>
void DynamicsVectorEnv<Dynamics>::advance_one(std::size_t n) {
  AnyAngle sin_cos;
  const auto result = Dynamics::advance(state(n), static_cast<Action>(actions_[n]), sin_cos);
  set_state(n, result.next);
  rewards_[n] = result.reward;
  terminated_[n] = result.terminated;
  running_[n] = result.terminated ^ 1;
}

}  // namespace envs
