#pragma once
/// What a critic makes of a batch: how much better each step went than expected, and what the critic is to learn from
/// it.

#include <vector>

#include "rl/batch.hpp"
#include "rl/critic.hpp"
#include "rl/distribution.hpp"

namespace rl {

struct AdvantageOptions {
  Scalar gamma = Scalar(0.99), gae_lambda = Scalar(0.95);
  Scalar reward_scale = 1;    // of what the critic sees, so that values are about 1 in size
  bool total_return = false;  // the weight of every step is G_0 - V(s_t), and not G_t - V(s_t); needs gae_lambda = 1
};

class Advantages {
 public:
  explicit Advantages(AdvantageOptions options) : options_(options) {}

  /// Values, advantages and targets of a batch. At a termination nothing follows; at a truncation the critic says what
  /// would have.
  void estimate(const Batch& batch, Critic& critic);

  /// By generalized advantage estimation. Not standardized: a mean and a deviation of the batch itself bend the
  /// gradient, the more the fewer episodes it has (docs/worlds.md); the scale of the rewards is Adam's business.
  ConstVectorView advantages() const { return advantages_; }
  ConstVectorView targets() const { return targets_; }  // of the critic: A_t + V(s_t). Read next: actor_critic.hpp.

 private:
  AdvantageOptions options_;
  nn::Vector rewards_, values_, next_values_, final_values_, advantages_, targets_;
  std::vector<int> terminated_, truncated_;
};

}  // namespace rl
