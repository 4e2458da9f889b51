#pragma once
/// What the small environments share: observations that name a place, and errors that name the mistake.

#include <fmt/core.h>

#include <array>
#include <cassert>
#include <cstddef>
#include <stdexcept>

#include "envs/environment.hpp"

namespace envs {

/// 1 at `place`, 0 elsewhere.
template <std::size_t Places>
std::array<Scalar, Places> one_hot(std::size_t place) {
  assert(place < Places);
  std::array<Scalar, Places> observation{};
  observation[place] = 1;
  return observation;
}

[[noreturn]] inline void refuse_action(const char* name, int action, int action_count) {
  throw std::invalid_argument(
      fmt::format("{}::step: expected an action from 0 to {}, got {}", name, action_count - 1, action));
}
[[noreturn]] inline void refuse_step(const char* name) {
  throw std::logic_error(fmt::format("{}::step: expected a reset first, got a finished episode", name));
}

/// Throws std::invalid_argument for an action that does not exist, std::logic_error before a reset or after the end.
inline void check_step(const char* name, int action, int action_count, bool running) {
  if (action < 0 || action >= action_count) refuse_action(name, action, action_count);
  if (!running) refuse_step(name);
}

}  // namespace envs
