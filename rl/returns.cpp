#include "rl/returns.hpp"

#include <fmt/core.h>

#include <stdexcept>

namespace rl {

// #region returns
void discounted_returns(nn::ConstVectorView rewards, nn::Scalar gamma, nn::VectorView returns) {
  assert(rewards.size() == returns.size());
  if (!(gamma >= 0 && gamma <= 1))
    throw std::invalid_argument(fmt::format("discounted_returns: expected gamma from 0 to 1, got {}", gamma));
  nn::Scalar following = 0;  // the return of the step after this one; nothing follows the last
  for (std::size_t t = rewards.size(); t-- > 0;) {
    following = rewards[t] + gamma * following;
    returns[t] = following;
  }
}
// #endregion returns

}  // namespace rl
