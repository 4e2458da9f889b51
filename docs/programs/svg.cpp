#include "docs/programs/svg.hpp"

#include <cmath>

namespace book {
namespace {

std::string escaped(std::string_view words) {
  std::string text;
  for (const char c : words) text += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  return text;
}

/// One decimal of a pixel is enough; -0.0 is not a number to print.
std::string px(double x) {
  return fmt::format("{:.1f}", std::round(x * 10) / 10 + 0.);
}

std::string path(std::span<const Point> points) {
  std::string text;
  for (const Point& p : points) text += fmt::format("{}{},{}", text.empty() ? "" : " ", px(p.x), px(p.y));
  return text;
}

}  // namespace

Svg::Svg(int width, int height, std::string_view title)
    : body_(
          fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
                      "font-family=\"sans-serif\">\n<title>{2}</title>\n"
                      "<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#ffffff\"/>\n",
                      width, height, escaped(title))) {}

void Svg::text(Point at, std::string_view words, TextStyle style) {
  body_ += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"{}\" font-size=\"{}\" fill=\"{}\"{}>{}</text>\n",
                       px(at.x), px(at.y), style.anchor, style.size, style.colour,
                       style.bold ? " font-weight=\"bold\"" : "", escaped(words));
}

void Svg::line(Point from, Point to, std::string_view colour, double width, bool dashed) {
  body_ +=
      fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke=\"{}\" stroke-width=\"{}\"{}/>\n", px(from.x),
                  px(from.y), px(to.x), px(to.y), colour, px(width), dashed ? " stroke-dasharray=\"5 4\"" : "");
}

void Svg::arrow(Point from, Point to, std::string_view colour, double width) {
  const double dx = to.x - from.x, dy = to.y - from.y, length = std::sqrt(dx * dx + dy * dy);
  const double ux = dx / length, uy = dy / length, head = 9, half = 4.5;
  const Point foot = {to.x - head * ux, to.y - head * uy};
  const Point corners[] = {to, {foot.x - half * uy, foot.y + half * ux}, {foot.x + half * uy, foot.y - half * ux}};
  line(from, foot, colour, width);
  body_ += fmt::format("<polygon points=\"{}\" fill=\"{}\"/>\n", path(corners), colour);
}

void Svg::rectangle(Point corner, double width, double height, std::string_view fill, std::string_view outline) {
  body_ += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\" stroke=\"{}\"/>\n", px(corner.x),
                       px(corner.y), px(width), px(height), fill, outline);
}

void Svg::circle(Point centre, double radius, std::string_view fill) {
  body_ +=
      fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{}\"/>\n", px(centre.x), px(centre.y), px(radius), fill);
}

void Svg::curve(std::span<const Point> points, std::string_view colour, double width) {
  body_ += fmt::format("<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"/>\n", path(points),
                       colour, px(width));
}

void Svg::band(std::span<const Point> above, std::span<const Point> below, std::string_view colour) {
  std::string points = path(above);
  for (std::size_t i = below.size(); i-- > 0;) points += fmt::format(" {},{}", px(below[i].x), px(below[i].y));
  body_ += fmt::format("<polygon points=\"{}\" fill=\"{}\" fill-opacity=\"0.15\"/>\n", points, colour);
}

void Axes::draw(Svg& svg, std::initializer_list<Tick> x_ticks, std::initializer_list<Tick> y_ticks,
                std::string_view x_name, std::string_view y_name) const {
  for (const Tick& tick : y_ticks) {
    const double y = (*this)(x_low, tick.at).y;
    svg.line({left, y}, {right, y}, pale, 1);
    svg.text({left - 6, y + 4}, tick.label, {.anchor = "end", .size = 12});
  }
  for (const Tick& tick : x_ticks) {
    const double x = (*this)(tick.at, y_low).x;
    svg.line({x, bottom}, {x, bottom + 4}, ink, 1);
    svg.text({x, bottom + 18}, tick.label, {.size = 12});
  }
  svg.line({left, bottom}, {right, bottom}, ink, 1);
  svg.text({(left + right) / 2, bottom + 36}, x_name);
  svg.text({left, top - 8}, y_name, {.anchor = "start"});
}

}  // namespace book
