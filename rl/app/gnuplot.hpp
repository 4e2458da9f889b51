#pragma once
/// Another program draws.

#include <string>

namespace rl {

/// The SVG that gnuplot writes for a script. Throws std::runtime_error with the reason when it writes none, or is not
/// done within `seconds`: then it is ended.
std::string picture_of(const std::string& script, double seconds = 20);

}  // namespace rl
