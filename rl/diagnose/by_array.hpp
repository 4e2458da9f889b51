#pragma once
/// Which arrays of a learner's gradients are right, each for itself.                   Read next: layers.cpp.

#include "rl/diagnose/backward.hpp"
#include "rl/diagnose/diagnose.hpp"

namespace rl {

/// Array by array against the right ones, each with a constant of its own.
struct ByArray {
  std::string right, wrong, vague;
  bool all_right = true;
};
ByArray by_array(const Gradients& got, const Gradients& right, double rounding);

/// Adds the finding that an entry is no number.
bool not_finite(const Gradients& got, Diagnosis& diagnosis);

/// Could dropout, whose masks are not in the folder, have made these gradients? It leaves the last bias alone, changes
/// the last weights, and adds up no more than the largest masks would.
bool masks_could_explain(const LearnerNet& net, const Forward& f, const Gradients& got, const Gradients& right,
                         double rounding);

}  // namespace rl
