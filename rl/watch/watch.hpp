#pragma once
/// A trained policy at work, in the terminal or as an animated SVG: what it sees, what it thinks, what it does.

#include <cstdint>
#include <string>

#include "rl/training/learner.hpp"
#include "rl/watch/recording.hpp"

namespace rl {

/// Plays evaluation episode `number`, greedily when the learner's settings say so, and keeps every step of it.
Recording record_episode(Learner& learner, std::uint64_t number);

/// --watch: in the terminal episode after episode until q; in a pipe one episode; or as an SVG when a path is given.
/// Returns the exit status.
int watch(Learner& learner, const std::string& output_svg);

}  // namespace rl
