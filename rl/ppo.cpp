#include "rl/ppo.hpp"

#include <fmt/core.h>

#include <stdexcept>

#include "nn/arithmetic/elementary.hpp"

namespace rl {

// #region clipped-surrogate
Surrogate clipped_surrogate(nn::ConstVectorView log_prob, nn::ConstVectorView old_log_prob,
                            nn::ConstVectorView advantages, nn::Scalar epsilon, nn::VectorView weights) {
  using nn::Scalar;
  const std::size_t steps = weights.size();
  assert(log_prob.size() == steps && old_log_prob.size() == steps && advantages.size() == steps);
  if (!(epsilon > 0))
    throw std::invalid_argument(fmt::format("clipped_surrogate: expected epsilon > 0, got {}", epsilon));
  if (steps == 0) throw std::invalid_argument("clipped_surrogate: expected at least one step, got 0");
  Surrogate total;
  const Scalar low = 1 - epsilon, high = 1 + epsilon;
  for (std::size_t t = 0; t < steps; ++t) {
    const Scalar log_ratio = log_prob[t] - old_log_prob[t], ratio = nn::exp(log_ratio), A = advantages[t];
    const bool gone_far = A > 0 ? ratio > high : ratio < low;
    const Scalar clamped = ratio < low ? low : ratio > high ? high : ratio;
    weights[t] = gone_far || A == 0 ? 0 : ratio * A;
    total.objective += static_cast<double>(gone_far ? clamped * A : weights[t]);
    total.clip_fraction += clamped == ratio ? 0 : 1;
    total.approx_kl += static_cast<double>((ratio - 1) - log_ratio);
  }
  const auto count = static_cast<double>(steps);
  return {total.objective / count, total.clip_fraction / count, total.approx_kl / count};
}
// #endregion clipped-surrogate

}  // namespace rl
