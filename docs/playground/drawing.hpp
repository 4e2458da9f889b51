#pragma once
/// Pieces of SVG and HTML, as the text that the page puts in. What a class looks like stands in playground.css.

#include <string>
#include <string_view>

#include "rl/watch/scene.hpp"

namespace playground {

/// "+0.8" to `digits` places, 3 or 2, with a true minus.
std::string with_sign(double x, int digits = 3);

std::string path(std::string_view kind, std::string_view d);
std::string label(double x, double y, std::string_view anchor, std::string_view text);

/// A picture that fills the element of the page that it is put into; `stretched`, with other proportions.
std::string picture(double width, double height, std::string_view inside, bool stretched = false);
std::string picture(const rl::Scene& scene);

/// A bar from the middle, x / most of the half, in the colour of class `kind`.
std::string bar(double x, double most, std::string_view kind = "");

}  // namespace playground
