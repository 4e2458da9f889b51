/// The picture of the learning curve: a dot for every episode, a line for every run. The page writes the lines one
/// after the other, and asks for the picture.

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "docs/playground/drawing.hpp"
#include "docs/playground/page.hpp"

namespace playground {
namespace {

struct Point {
  double episode, value;
};
struct Line {
  std::string kind;  // its class in playground.css
  std::vector<Point> means, returns;
};
std::vector<Line> lines;

constexpr double left = 46, right = 10, top = 12, bottom = 22, height = 230;  // of the picture; the plot stands inside

/// Where an episode and a return stand in a picture. The returns go from one round number to another.
class Axes {
 public:
  Axes(double width, double threshold)
      : width_(width), low_(std::min(0.0, threshold)), high_(std::max(0.0, threshold)) {
    for (const Line& line : lines) {
      if (!line.means.empty()) end_ = std::max(end_, line.means.back().episode);
      for (const auto* points : {&line.means, &line.returns})
        for (const Point& p : *points) low_ = std::min(low_, p.value), high_ = std::max(high_, p.value);
    }
    const double fifth = (high_ - low_) / 5, unit = std::pow(10.0, std::floor(std::log10(fifth)));
    step_ = unit * (fifth <= unit ? 1 : fifth <= 2 * unit ? 2 : fifth <= 5 * unit ? 5 : 10);
    low_ = std::floor(low_ / step_) * step_, high_ = std::ceil(high_ / step_) * step_;
  }
  double x(double episode) const { return std::round(left + (width_ - left - right) * episode / end_); }
  double y(double value) const {
    return std::round(height - bottom - (height - bottom - top) * (value - low_) / (high_ - low_));
  }
  std::string across(double value) const { return fmt::format("M{} {}H{}", left, y(value), width_ - right); }
  std::string grid() const {
    std::string all;
    for (int i = 0; low_ + i * step_ < high_ + step_ / 2; ++i) {
      const double value = std::round((low_ / step_ + i)) * step_;
      all += path("grid", across(value)) + label(left - 6, y(value) + 4, "end", fmt::format("{:.6g}", value));
    }
    return all + label(width_ - right, height - 4, "end", fmt::format("{:.6g} episodes", end_));
  }

 private:
  double width_, low_, high_, step_ = 1, end_ = 40;
};
std::vector<double> places;  // of the updates of the last line, in the picture that was drawn last

/// Every point, or as many as the eye can tell apart.
std::string drawn(const Axes& axes, const std::vector<Point>& points, std::size_t most, bool joined) {
  std::string d;
  for (std::size_t i = 0; i < points.size(); i += 1 + (points.size() - 1) / most)
    d += fmt::format(joined && i > 0 ? "L{} {}"
                     : joined        ? "M{} {}"
                                     : "M{} {}h0",
                     axes.x(points[i].episode), axes.y(points[i].value));
  return d;
}

}  // namespace
}  // namespace playground

extern "C" {

/// A line begins: of the training, one of the two before it, or of another seed.
void curve_line(std::size_t kind) {
  constexpr std::array<const char*, 4> kinds = {"mean", "ghost g0", "ghost g1", "run"};
  playground::lines.push_back({kinds[std::min<std::size_t>(kind, 3)], {}, {}});
}
/// Its next update: the number of its last episode, and the mean return.
void curve_point(double episode, double mean_return) {
  playground::lines.back().means.push_back({episode, mean_return});
}
/// One episode of it.
void curve_return(double episode, double episode_return) {
  playground::lines.back().returns.push_back({episode, episode_return});
}

/// The picture of all lines since the last one, `width` pixels wide, with the threshold, and update number `marked` of
/// the last line, the training, from 1 on.
const char* curve_picture(double width, double threshold, std::size_t marked) {
  using namespace playground;
  const Axes axes(width, threshold);
  std::string inside = axes.grid() + path("threshold", axes.across(threshold));
  places.clear();
  for (const Line& line : lines) {
    if (line.kind == "mean") {
      inside += path("dots", drawn(axes, line.returns, 5000, false));
      for (const Point& p : line.means) places.push_back(axes.x(p.episode));
    }
    inside += path(line.kind, drawn(axes, line.means, 600, true));
  }
  if (marked > 0 && marked <= places.size())
    inside += path("now", fmt::format("M{} 8V{}", places[marked - 1], height - bottom));
  lines.clear();
  return tell(picture(width, height, inside));
}

/// The update at a place of that picture, from 1 on; 0 when there is none.
std::size_t curve_update_at(double x) {
  using namespace playground;
  const auto found = std::ranges::lower_bound(places, x);
  return std::min(static_cast<std::size_t>(found - places.begin()) + 1, places.size());
}

}  // extern "C"
