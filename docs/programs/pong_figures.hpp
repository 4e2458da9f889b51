#pragma once
/// The figure of docs/17-pong-from-pixels.md: a point as a strip, twenty learning curves, and what some hidden units
/// look at.

#include <string>

namespace book {

/// Reads docs/figures/pong, which 20 trainings have left; throws std::runtime_error with the path of a file that is not
/// there. The strip is played anew.
std::string draw_pong();

}  // namespace book
