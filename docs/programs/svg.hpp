#pragma once
/// Pictures as text: a white card, so that they are readable on a light and on a dark page.

#include <fmt/core.h>

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace book {

inline constexpr std::string_view ink = "#222222", grey = "#999999", pale = "#dddddd";
/// Told apart by every kind of colour vision (Okabe and Ito).
inline constexpr std::string_view blue = "#0072b2", orange = "#d55e00", green = "#009e73", violet = "#aa4499";

struct Point {
  double x, y;
};
struct TextStyle {
  std::string_view anchor = "middle", colour = ink;
  int size = 13;
  bool bold = false;
};

/// Coordinates are pixels; y grows downwards.
class Svg {
 public:
  Svg(int width, int height, std::string_view title);
  void text(Point at, std::string_view words, TextStyle style = {});
  void line(Point from, Point to, std::string_view colour = ink, double width = 1.5, bool dashed = false);
  void arrow(Point from, Point to, std::string_view colour = ink, double width = 2);
  void rectangle(Point corner, double width, double height, std::string_view fill, std::string_view outline = "none");
  void circle(Point centre, double radius, std::string_view fill);
  void curve(std::span<const Point> points, std::string_view colour, double width = 2);
  /// The area between two curves over the same x.
  void band(std::span<const Point> above, std::span<const Point> below, std::string_view colour);
  std::string done() const { return body_ + "</svg>\n"; }

 private:
  std::string body_;
};

/// A rectangle of the picture with axes: data to pixels.
struct Axes {
  double left, right, top, bottom;      // pixels
  double x_low, x_high, y_low, y_high;  // data
  Point operator()(double x, double y) const {
    return {left + (right - left) * (x - x_low) / (x_high - x_low),
            bottom - (bottom - top) * (y - y_low) / (y_high - y_low)};
  }
  struct Tick {
    double at;
    std::string label;
  };
  void draw(Svg& svg, std::initializer_list<Tick> x_ticks, std::initializer_list<Tick> y_ticks, std::string_view x_name,
            std::string_view y_name) const;
};

}  // namespace book
