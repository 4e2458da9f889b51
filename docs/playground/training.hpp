#pragma once
/// The learner that an instance of the module trains, with what the page shows of it. start() makes it (train.cpp).

#include <cstddef>
#include <utility>

#include "docs/playground/planted.hpp"
#include "docs/playground/setup.hpp"
#include "docs/playground/shown.hpp"
#include "rl/training/learner.hpp"

namespace playground {

struct Training {
  explicit Training(Setup of);

  Setup setup;
  rl::Learner learner;
  Shown shown;
  std::size_t updates = 0, timesteps = 0, episodes = 0, episode = 0;
};

/// Throws std::invalid_argument before the first start().
Training& started();

}  // namespace playground
