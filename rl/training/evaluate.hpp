#pragma once
/// How good is a policy? Fresh episodes that no training sees.

#include <functional>
#include <vector>

#include "rl/sampling/player.hpp"

namespace rl {

/// The undiscounted returns of `count` fresh episodes, from episode `first` on; `round` tells evaluations apart. With
/// greedy, the most probable action instead of a sampled one. Once `stop` says so, the episodes that are left are not
/// played: their returns are 0.
std::vector<double> evaluate(Player& player, Policy& policy, std::size_t count, std::uint64_t seed, std::uint64_t round,
                             bool greedy, const std::function<bool()>& stop = {}, std::size_t first = 0);

}  // namespace rl
