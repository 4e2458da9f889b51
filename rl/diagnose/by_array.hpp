#pragma once
/// Which arrays of a learner's gradients are right, each for itself.                              Read next:
/// layers.cpp.

#include "rl/diagnose/backward.hpp"

namespace rl {

/// Array by array against the right ones, each with a constant of its own.
struct ByArray {
  std::string right, wrong, vague;
  bool all_right = true;
};
ByArray by_array(const Gradients& got, const Gradients& right, double rounding);

}  // namespace rl
