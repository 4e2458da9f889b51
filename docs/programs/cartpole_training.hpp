#pragma once
/// The training of chapters 9 and 15: the settings of make run-cartpole, in double precision.

#include <cstdint>

#include "docs/programs/book.hpp"
#include "rl/reinforce.hpp"
#include "rl/sampling/player.hpp"

namespace book {

class CartPoleTraining {
 public:
  explicit CartPoleTraining(std::uint64_t seed);
  rl::UpdateReport update() { return reinforce_.update(seed_, ++updates_); }

  rl::Policy policy;
  const rl::Player player;

 private:
  std::uint64_t seed_, updates_ = 0;
  rl::PolicyOptimizer optimizer_;
  rl::Reinforce reinforce_;
};

}  // namespace book
