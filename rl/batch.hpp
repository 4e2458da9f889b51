#pragma once
/// What an update learns from: whole episodes, one after another. Column t of `states` is the state of step t.

#include <cstddef>
#include <vector>

#include "nn/matrix.hpp"

namespace rl {

/// The steps first .. first + length - 1 of a batch.
struct Episode {
  std::size_t first = 0, length = 0;
  bool terminated = false, truncated = false;
};

template <class Action>
struct Batch {
  nn::Matrix states;  // features x steps
  std::vector<Action> actions;
  nn::Vector rewards;
  std::vector<Episode> episodes;
  std::size_t steps() const { return actions.size(); }
};

}  // namespace rl
