#include "rl/group_advantages.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "nn/arithmetic/vector_ops.hpp"

namespace rl {
namespace {

using nn::Scalar;

// #region group
/// Of one group, in place.
void weigh_group(nn::VectorView returns, Advantage kind, std::size_t less) {
  const std::size_t n = returns.size();
  if (kind == Advantage::reinforce || n == 1) return;
  const Scalar mean = nn::sum(returns) / static_cast<Scalar>(n);
  for (Scalar& R : returns) R -= mean;
  if (kind == Advantage::rloo) nn::scale(static_cast<Scalar>(n) / static_cast<Scalar>(n - 1), returns);
  if (kind == Advantage::grpo) {
    const Scalar deviation = std::sqrt(nn::dot(returns, returns) / static_cast<Scalar>(n - less));
    nn::scale(1 / (deviation + Scalar(1e-4)), returns);
  }
}
// #endregion group

}  // namespace

void group_advantages(nn::ConstVectorView returns, std::size_t group, Advantage kind, nn::VectorView advantages,
                      std::size_t less) {
  assert(advantages.size() == returns.size());
  if (group == 0 || returns.size() % group != 0)
    throw std::invalid_argument(
        fmt::format("group_advantages: expected whole groups of {}, got {} episodes", group, returns.size()));
  if (less >= std::max<std::size_t>(group, 2))
    throw std::invalid_argument(
        fmt::format("group_advantages: expected less than the group's {} to take away, got {}", group, less));
  std::ranges::copy(returns, advantages.begin());
  for (std::size_t first = 0; first < advantages.size(); first += group)
    weigh_group(advantages.subspan(first, group), kind, less);
}

// #region shares
void length_shares(std::span<const Episode> episodes, LengthNormalisation kind, std::size_t longest,
                   nn::VectorView shares) {
  const std::size_t N = episodes.size(), tokens = shares.size();
  for (const Episode& e : episodes) {
    const std::size_t divisor = kind == LengthNormalisation::own        ? N * e.length
                                : kind == LengthNormalisation::batch    ? tokens
                                : kind == LengthNormalisation::constant ? N * longest
                                                                        : N;
    nn::fill(e.of(shares), 1 / static_cast<Scalar>(divisor));
  }
}
// #endregion shares

}  // namespace rl
