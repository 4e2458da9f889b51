#pragma once
/// gnuplot as a process of its own: a script goes in, an SVG comes out, within a time limit.    Read next: plot.hpp.

#include <string>

namespace rl {

/// The SVG that gnuplot writes for a script. Throws std::runtime_error with the reason when it writes none, or has not
/// ended within `seconds`: then it is killed, with what it started.
std::string picture_of(const std::string& script, double seconds = 20);

}  // namespace rl
