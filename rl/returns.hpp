#pragma once
/// From rewards to the weight of each step.

#include <span>

#include "nn/arithmetic/matrix.hpp"

namespace rl {

/// The return that follows each step ("reward-to-go"), of one episode:
///   G_t = r_t + gamma r_{t+1} + gamma^2 r_{t+2} + ... = r_t + gamma G_{t+1}.             Eq. (0.9)
/// One pass backwards; `returns` may be `rewards`. Throws std::invalid_argument unless 0 <= gamma <= 1.
/// Read next: baseline.hpp.
void discounted_returns(nn::ConstVectorView rewards, nn::Scalar gamma, nn::VectorView returns);

/// The return of the whole episode, for every step of it: R = G_0. Correct as a weight, and noisier than G_t, since the
/// rewards of earlier steps are in it. `returns` may be `rewards`. Throws as discounted_returns.
void total_returns(nn::ConstVectorView rewards, nn::Scalar gamma, nn::VectorView returns);

/// Steps that follow one another, of one episode or of several. next_values[t] = V(s_{t+1}) is the value of the state
/// that step t led to, before any reset. An episode ends where terminated or truncated is not 0; the last step may be
/// in the middle of one.
struct Steps {
  nn::ConstVectorView rewards, next_values;
  std::span<const int> terminated, truncated;
};

/// Returns in which a value stands for what was not seen:
///   G_t = r_t                            terminated: nothing follows
///   G_t = r_t + gamma V(s_{t+1})         truncated, or the last step: time ran out, the state could have gone on
///   G_t = r_t + gamma G_{t+1}            otherwise
/// `returns` may be `rewards`. Throws std::invalid_argument for a gamma outside 0 to 1 or for lengths that differ.
void bootstrapped_returns(const Steps& steps, nn::Scalar gamma, nn::VectorView returns);

/// Generalized advantage estimation (Schulman et al. 2016), values[t] = V(s_t):          Eq. (10.7), (10.8)
///   td_error_t = r_t + gamma V(s_{t+1}) - V(s_t),   with V(s_{t+1}) = 0 where terminated
///   A_t        = td_error_t + gamma lambda A_{t+1}, with A_{t+1} = 0 where terminated or truncated
/// lambda 0 gives the TD error, lambda 1 the bootstrapped return minus V(s_t). A_t + V(s_t) is the target of a value
/// network. Throws as bootstrapped_returns; also for a lambda outside 0 to 1.
void gae(const Steps& steps, nn::ConstVectorView values, nn::Scalar gamma, nn::Scalar lambda,
         nn::VectorView advantages);

/// x[t] = (x[t] - mean) / (standard deviation + 1e-8), over the whole batch; numbers that are all equal become 0.
/// The deviation divides by n, so one number alone is no trouble. Never use it on one episode by itself: its late
/// steps would then be punished for being late.
void standardize(nn::VectorView x);

}  // namespace rl
