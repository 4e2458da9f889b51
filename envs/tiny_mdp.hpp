#pragma once
/// Worlds so small that every episode can be written down: 3 states, 2 actions, at most 3 steps. So nothing about them
/// has to be estimated; rl/oracle/oracle.hpp adds up every episode.

#include <array>
#include <cstddef>

#include "envs/discrete.hpp"
#include "envs/environment.hpp"

namespace envs {

/// A Markov decision process as a table.
struct TinyWorld {
  static constexpr std::size_t states = 3, actions = 2, horizon = 3;
  const char* name;
  double initial[states];                      // P(s_0)
  double transition[states][actions][states];  // P(s_{t+1} | s_t, a_t)
  double reward[horizon][states][actions];     // r_t, given s_t and a_t
  bool ends[states][actions] = {};             // is this action in this state the last one?

  bool is_last(std::size_t t, std::size_t state, std::size_t action) const {
    return ends[state][action] || t + 1 == horizon;
  }
};

/// Every step pays, and what pays now leads to where less is paid later.
inline constexpr TinyWorld dense_world = {
    .name = "dense rewards",
    .initial = {0.5, 0.3, 0.2},
    .transition = {{{0.7, 0.2, 0.1}, {0.1, 0.3, 0.6}},
                   {{0.2, 0.6, 0.2}, {0.5, 0.1, 0.4}},
                   {{0.6, 0.3, 0.1}, {0.1, 0.2, 0.7}}},
    .reward = {{{1.0, -0.5}, {0.2, 1.5}, {2.0, 0.3}},
               {{1.0, -0.5}, {0.2, 1.5}, {2.0, 0.3}},
               {{1.0, -0.5}, {0.2, 1.5}, {2.0, 0.3}}},
};

/// The last step pays for where the first ones led; the first ones cost or pay next to nothing.
inline constexpr TinyWorld delayed_world = {
    .name = "delayed reward",
    .initial = {0.4, 0.4, 0.2},
    .transition = {{{0.8, 0.1, 0.1}, {0.1, 0.8, 0.1}},
                   {{0.7, 0.2, 0.1}, {0.1, 0.1, 0.8}},
                   {{0.6, 0.3, 0.1}, {0.1, 0.2, 0.7}}},
    .reward = {{{0.1, 0.0}, {0.2, 0.0}, {0.0, 0.1}},
               {{0.1, 0.0}, {0.2, 0.0}, {0.0, 0.1}},
               {{0.0, 0.5}, {1.0, 2.0}, {4.0, 3.0}}},
};

/// Action 1 pays more at once and ends the episode, action 0 goes on. To go on pays more in all, and less a step:
/// whoever divides by the length of an episode learns to stop.
inline constexpr TinyWorld early_end_world = {
    .name = "early end",
    .initial = {0.5, 0.3, 0.2},
    .transition = {{{0.2, 0.5, 0.3}, {1, 0, 0}}, {{0.3, 0.4, 0.3}, {1, 0, 0}}, {{0.4, 0.4, 0.2}, {1, 0, 0}}},
    .reward = {{{0.55, 1.0}, {0.45, 0.9}, {0.6, 1.2}},
               {{0.55, 1.0}, {0.45, 0.9}, {0.6, 1.2}},
               {{0.55, 1.0}, {0.45, 0.9}, {0.6, 1.2}}},
    .ends = {{false, true}, {false, true}, {false, true}},
};

/// One of them to play in. observation: the state, one-hot. Ends (terminated) with the third step, or before.
class TinyMdp {
 public:
  using Action = int;
  using Observation = std::array<Scalar, TinyWorld::states>;
  static constexpr const char* name = "TinyMdp";
  static constexpr std::size_t observation_size = TinyWorld::states, max_episode_steps = TinyWorld::horizon;
  static constexpr int action_count = TinyWorld::actions;
  static constexpr double reward_threshold = 0;

  explicit TinyMdp(const TinyWorld& world = dense_world) : world_(&world) {}

  /// Starts an episode. Takes all the chance of the episode from the source at once, since step has none.
  template <UniformSource Source>
  Observation reset(Source& source) {
    for (double& u : u_) u = source.uniform();
    t_ = 0, ended_ = false;
    state_ = draw(world_->initial, u_[0]);
    return one_hot<TinyWorld::states>(state_);
  }
  /// Throws std::invalid_argument for an action other than 0 and 1, std::logic_error before a reset or after the end.
  Step<Observation> step(Action action) {
    check_step(name, action, action_count, !ended_);
    const auto a = static_cast<std::size_t>(action);
    const auto reward = static_cast<Scalar>(world_->reward[t_][state_][a]);
    ended_ = world_->is_last(t_, state_, a);
    state_ = draw(world_->transition[state_][a], u_[++t_]);
    return {one_hot<TinyWorld::states>(state_), reward, ended_, false};
  }

 private:
  /// The first state whose cumulative probability is above u.
  static std::size_t draw(const double (&probability)[TinyWorld::states], double u) {
    std::size_t state = 0;
    for (double above = probability[0]; u >= above && state + 1 < TinyWorld::states; above += probability[state])
      ++state;
    return state;
  }

  const TinyWorld* world_;
  std::array<double, TinyWorld::horizon + 1> u_{};
  std::size_t t_ = 0, state_ = 0;
  bool ended_ = true;  // until the first reset
};

}  // namespace envs
