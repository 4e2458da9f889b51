#pragma once
/// One-step environments: choose an arm, get its reward, that is all. The expected gradient is known in closed form:
/// with probabilities p and mean rewards r, J = sum_k p_k r_k and dJ/dz_k = p_k (r_k - J).

#include <array>
#include <cstddef>

#include "envs/discrete.hpp"
#include "envs/environment.hpp"

namespace envs {

class Bandit {
 public:
  static constexpr const char* name = "Bandit";
  static constexpr int action_count = 3;
  static constexpr std::size_t observation_size = 1, max_episode_steps = 1;
  static constexpr double reward_threshold = 0.95;  // of the best arm's 1
  using Action = int;
  using Observation = std::array<Scalar, observation_size>;  // always 1: there is nothing to see
  using Means = std::array<Scalar, action_count>;

  /// An arm pays its mean plus a number uniform in [-noise, noise).
  explicit Bandit(Means means = {Scalar(0.2), 1, Scalar(-0.5)}, Scalar noise = 0) : means_(means), noise_(noise) {}

  template <UniformSource Source>
  Observation reset(Source& source) {
    luck_ = static_cast<Scalar>(uniform(source, -1, 1));
    running_ = true;
    return {1};
  }
  /// Throws std::invalid_argument for an arm other than 0, 1, 2, std::logic_error before a reset or after the end.
  Step<Observation> step(Action arm) {
    check_step(name, arm, action_count, running_);
    running_ = false;
    return {{1}, means_[static_cast<std::size_t>(arm)] + noise_ * luck_, true, false};
  }
  const Means& means() const { return means_; }

 private:
  Means means_;
  Scalar noise_, luck_ = 0;
  bool running_ = false;
};

/// The same arms with the sign of every reward flipped: whoever forgets the reward, or climbs what should be lowered,
/// learns the same in both.
class FlippedBandit : public Bandit {
 public:
  FlippedBandit() : Bandit({Scalar(-0.2), -1, Scalar(0.5)}) {}
};

/// Two steps. First: take 1 now (action 0), or have 1.5 one step later (action 1). The second step pays what is due
/// and its action changes nothing. So with gamma < 2/3 action 0 is better, with gamma > 2/3 action 1.
class NowOrLater {
 public:
  static constexpr const char* name = "NowOrLater";
  static constexpr int action_count = 2;
  static constexpr std::size_t observation_size = 2, max_episode_steps = 2;
  static constexpr double reward_threshold = 1.4;
  using Action = int;
  using Observation = std::array<Scalar, observation_size>;  // which step it is, one-hot

  template <UniformSource Source>
  Observation reset(Source&) {
    steps_ = 0;
    return one_hot<2>(0);
  }
  /// Throws std::invalid_argument for an action other than 0 and 1, std::logic_error before a reset or after the end.
  Step<Observation> step(Action action) {
    check_step(name, action, action_count, steps_ < 2);
    const bool first = steps_++ == 0;
    const Scalar reward = first ? Scalar(action == 0) : due_;
    due_ = first && action == 1 ? Scalar(1.5) : Scalar(0);
    return {one_hot<2>(1), reward, !first, false};
  }

 private:
  std::size_t steps_ = 2;
  Scalar due_ = 0;
};

}  // namespace envs
