#include "docs/playground/drawing.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace playground {

std::string with_sign(double x, int digits) {
  const std::string size = digits == 2 ? fmt::format("{:.2f}", std::abs(x)) : fmt::format("{:.3f}", std::abs(x));
  return (x < 0 ? "−" : "+") + size;
}

std::string path(std::string_view kind, std::string_view d) {
  return fmt::format("<path class=\"{}\" d=\"{}\"/>", kind, d);
}

std::string label(double x, double y, std::string_view anchor, std::string_view text) {
  return fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"{}\">{}</text>", x, y, anchor, text);
}

std::string picture(double width, double height, std::string_view inside, bool stretched) {
  return fmt::format("<svg viewBox=\"0 0 {:.6g} {:.6g}\"{}>{}</svg>", width, height,
                     stretched ? " preserveAspectRatio=\"none\"" : "", inside);
}

std::string picture(const rl::Scene& scene) {
  constexpr std::array<const char*, 4> inks = {"ground", "body", "limb", "goal"};
  std::string inside;
  for (const rl::Stroke& s : scene.strokes) {
    const char* ink = inks[static_cast<std::size_t>(s.ink)];
    const double x = s.x1 - scene.left, y = scene.top - s.y1;
    inside += s.disc() ? fmt::format("<circle class=\"{}\" cx=\"{:.6g}\" cy=\"{:.6g}\" r=\"{:.6g}\"/>", ink, x, y,
                                     s.width / 2)
                       : fmt::format("<path class=\"{}\" stroke-width=\"{:.6g}\" d=\"M{:.6g} {:.6g}L{:.6g} {:.6g}\"/>",
                                     ink, s.width, x, y, s.x2 - scene.left, scene.top - s.y2);
  }
  return picture(scene.right - scene.left, scene.top - scene.bottom, inside);
}

std::string bar(double x, double most, std::string_view kind) {
  return fmt::format("<i class=\"signed {}\" style=\"--x:{:.3f}\"></i>", kind, std::clamp(x / most, -1.0, 1.0));
}

}  // namespace playground
