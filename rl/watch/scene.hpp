#pragma once
/// A picture of a state, in the environment's own units: lines and discs. The terminal and the SVG draw the same.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rl {

enum class Ink { ground, body, limb, goal };

/// A line with butt ends from (x1, y1) to (x2, y2), or, when the two are one point, a disc. `width` is its thickness,
/// or the disc's diameter.
struct Stroke {
  double x1, y1, x2, y2, width;
  Ink ink;
  bool disc() const { return x1 == x2 && y1 == y2; }
};

struct Scene {
  double left, right, bottom, top;
  std::vector<Stroke> strokes;  // as many for every state of an environment, in the same order
  bool jumps = false;           // things bounce and vanish: between two steps there is nothing to be seen
};

/// What an environment showed (VectorEnv::picture), and what was done in it: an action's number, or the number itself.
/// One without a picture of its own shows its observation as bars.
Scene scene_of(std::string_view environment, std::span<const double> observation, double action);

/// What the actions of an environment are called; a number each when they have no names.
std::vector<std::string> action_names(std::string_view environment, std::size_t count);

/// Seconds that one step stands for. Those without a clock get a speed that the eye can follow.
double seconds_per_step(std::string_view environment);

/// columns x rows characters of Braille dots, each line ending in a newline, without blanks before it. Read next:
/// watch.hpp.
std::string in_characters(const Scene& scene, std::size_t columns, std::size_t rows);

}  // namespace rl
