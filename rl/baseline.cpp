#include "rl/baseline.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>

#include "nn/arithmetic/vector_ops.hpp"

namespace rl {

// #region leave-one-out
void subtract_leave_one_out(std::span<const Episode> episodes, nn::VectorView returns) {
  if (episodes.size() < 2) return;
  const auto others = static_cast<nn::Scalar>(episodes.size() - 1);
  std::size_t longest = 0;
  for (const Episode& episode : episodes) longest = std::max(longest, episode.length);
  for (std::size_t t = 0; t < longest; ++t) {
    nn::Scalar total = 0;
    for (const Episode& episode : episodes)
      if (t < episode.length) total += returns[episode.first + t];
    for (const Episode& episode : episodes)
      if (t < episode.length) {
        nn::Scalar& own = returns[episode.first + t];
        own -= (total - own) / others;
      }
  }
}
// #endregion leave-one-out

RunningMean::RunningMean(nn::Scalar rate) : rate_(rate) {
  if (!(rate > 0 && rate <= 1))
    throw std::invalid_argument(fmt::format("RunningMean: expected a rate above 0 and at most 1, got {}", rate));
}

void RunningMean::subtract(nn::VectorView returns) {
  if (returns.empty()) return;
  const nn::Scalar mean = nn::sum(returns) / static_cast<nn::Scalar>(returns.size());
  for (nn::Scalar& G : returns) G -= mean_;
  follow(mean);
}

void RunningMean::follow(nn::Scalar mean) {
  mean_ += (started_ ? rate_ : nn::Scalar(1)) * (mean - mean_);
  started_ = true;
}

}  // namespace rl
