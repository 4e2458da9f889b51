#include "docs/programs/pong_figures.hpp"

#include <algorithm>
#include <array>
#include <sstream>
#include <vector>

#include "docs/programs/svg.hpp"
#include "envs/pong.hpp"
#include "nn/io/file.hpp"

namespace book {
namespace {

constexpr std::string_view folder = "docs/figures/pong/";

/// A picture of size x size numbers in rectangles: neighbours of one colour in a row are one.
void draw_pixels(Svg& svg, Point corner, double pixel, std::size_t size, auto colour) {
  for (std::size_t row = 0; row < size; ++row)
    for (std::size_t first = 0; first < size;) {
      const std::string fill = colour(row, first);
      std::size_t end = first + 1;
      while (end < size && colour(row, end) == fill) ++end;
      if (!fill.empty())
        svg.rectangle({corner.x + pixel * double(first), corner.y + pixel * double(row)}, pixel * double(end - first),
                      pixel, fill);
      first = end;
    }
}

/// A player who follows the ball, from its serve on: eight decisions, and what the network would see of each.
void draw_strip(Svg& svg) {
  envs::PongState s = envs::Pong::first_state(5);
  const auto decide = [&] { envs::Pong::advance(s, s.player_y + 8 > s.ball_y + 2, 21); };
  while (s.wait > 0) decide();
  svg.text({20, 24}, "every third decision of a point, and below what has changed since the decision before",
           {.anchor = "start", .bold = true});
  for (int k = 0; k < 6; ++k) {
    for (int i = 0; i < 2; ++i) decide();
    const envs::PongPicture before(s);
    decide();
    const envs::PongPicture now(s);
    std::array<envs::Scalar, envs::PongPicture::pixels> changed{};
    now.changes(before, [&](std::size_t pixel, envs::Scalar sign) { changed[pixel] = sign; });
    const double x = 20 + 122 * k;
    for (const double y : {36., 152.}) svg.rectangle({x, y}, 112, 112, "#f5f7fa", pale);
    draw_pixels(svg, {x, 36}, 1.4, 80, [&](std::size_t row, std::size_t column) {
      return now.light(row, column) ? std::string(ink) : std::string();
    });
    draw_pixels(svg, {x, 152}, 1.4, 80, [&](std::size_t row, std::size_t column) {
      const envs::Scalar sign = changed[row * 80 + column];
      return sign == 0 ? std::string() : std::string(sign > 0 ? blue : orange);
    });
  }
  svg.text({20, 282}, "blue: has become light, +1; orange: has become dark, -1", {.anchor = "start", .size = 12});
}

/// Every table has a header and rows of numbers.
std::vector<std::vector<double>> table(const std::string& name) {
  std::istringstream lines(nn::read_file(std::string(folder) + name));
  std::vector<std::vector<double>> rows;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#' || !(line[0] == '-' || (line[0] >= '0' && line[0] <= '9'))) continue;
    std::ranges::replace(line, ',', ' ');
    std::istringstream numbers(line);
    rows.emplace_back();
    for (double number; numbers >> number;) rows.back().push_back(number);
  }
  return rows;
}

/// timesteps, then the mean return of a point: 5th percentile, median and 95th of 20 seeds.
void draw_curves(Svg& svg) {
  svg.text({215, 312}, "a point while it learns, 20 seeds", {.bold = true});
  const Axes axes{70, 360, 350, 520, 0, 7, -1, 1};
  axes.draw(svg, {{0, "0"}, {2, "2"}, {4, "4"}, {6, "6"}}, {{-1, "-1"}, {0, "0"}, {1, "1"}}, "million decisions",
            "mean reward");
  std::vector<Point> low, middle, high;
  for (const auto& row : table("learning_curves.csv")) {
    low.push_back(axes(row[0] / 1e6, row[1]));
    middle.push_back(axes(row[0] / 1e6, row[2]));
    high.push_back(axes(row[0] / 1e6, row[3]));
  }
  svg.band(high, low, blue);
  svg.curve(middle, blue);
  svg.text({84, 372}, "median, and 5 % to 95 %", {.anchor = "start", .colour = blue, .size = 12});
}

/// Weights of hidden units, 40 x 40 each, as whole numbers from -9 to 9; those below 3 are left white.
void draw_filters(Svg& svg) {
  svg.text({575, 312}, "weights of two hidden units, 2 x 2 pixels in one", {.bold = true});
  const auto rows = table("filters.csv");
  for (std::size_t unit = 0; unit < 2; ++unit) {
    const Point corner{412 + 172 * double(unit), 336};
    svg.rectangle(corner, 160, 160, "#ffffff", pale);
    draw_pixels(svg, corner, 4, 40, [&](std::size_t row, std::size_t column) {
      const int level = static_cast<int>(rows[40 * unit + row][column]) / 3;
      constexpr std::string_view up[] = {"", "#b5d3e7", "#5aa3cd", "#0072b2"};
      constexpr std::string_view down[] = {"", "#f2c4a3", "#e4935a", "#d55e00"};
      return std::string(level > 0 ? up[level] : down[-level]);
    });
  }
}

}  // namespace

std::string draw_pong() {
  Svg svg(760, 560, "A point of Pong as a strip, learning curves of 20 seeds, and the weights of two hidden units");
  draw_strip(svg);
  draw_curves(svg);
  draw_filters(svg);
  return svg.done();
}

}  // namespace book
