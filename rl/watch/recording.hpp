#pragma once
/// An episode to look at, and the two ways to do so.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace rl {

/// A number that the policy gives, with a bar that is `share` full, 0 to 1.
struct Thought {
  std::string name;
  double value, share;
};

/// One step: what a picture of it is drawn of (the observation, or what the environment shows instead), what the policy
/// made of it, what was done, and what was earned before it.
struct Frame {
  std::vector<double> observation;
  double action, total_reward;
  std::vector<Thought> thoughts;
};

/// The last frame shows where the episode ended; there is at least one before it.
struct Recording {
  std::string environment;
  double seconds_per_step;
  std::vector<Frame> frames;
};

/// One frame as text, `columns` wide: a headline, the picture in columns x rows characters, a bar for each thought.
std::string frame_text(const Recording& recording, std::size_t index, std::size_t columns, std::size_t rows);

/// An SVG that plays the episode at true speed again and again, without a script, as a forge shows it: at most 120
/// pictures, between which everything moves in straight lines.
std::string animation(const Recording& recording);
void write_animation(const std::filesystem::path& path, const Recording& recording);

/// Shows episodes on stdout. On a terminal at true speed, one after the other: space pauses, n takes one step, q ends.
/// In a pipe a dozen frames of the first one. Returns the exit status: 0, or that of a Ctrl-C.
int show(const std::function<Recording(std::uint64_t)>& episode);

}  // namespace rl
