#pragma once
/// From rewards to the weight of each step.

#include <span>

#include "nn/matrix.hpp"

namespace rl {

/// The return that follows each step ("reward-to-go"), of one episode:
///   G_t = r_t + gamma r_{t+1} + gamma^2 r_{t+2} + ... = r_t + gamma G_{t+1}.             Eq. (0.9)
/// One pass backwards; `returns` may be `rewards`. Throws std::invalid_argument unless 0 <= gamma <= 1.
/// Read next: baseline.hpp.
void discounted_returns(nn::ConstVectorView rewards, nn::Scalar gamma, nn::VectorView returns);

}  // namespace rl
