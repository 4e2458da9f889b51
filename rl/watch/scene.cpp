#include "rl/watch/scene.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace rl {
namespace {

Stroke line(double x1, double y1, double x2, double y2, double width, Ink ink) {
  return {x1, y1, x2, y2, width, ink};
}
Stroke disc(double x, double y, double diameter, Ink ink) {
  return {x, y, x, y, diameter, ink};
}

Scene cartpole(std::span<const double> o, double action) {
  const double x = o[0], theta = o[2], push = action == 1 ? 1 : -1, axle = 0.2;
  return {-2.6,
          2.6,
          -0.25,
          1.4,
          {line(-2.4, 0, 2.4, 0, 0.02, Ink::ground), line(-2.4, -0.1, -2.4, 0.1, 0.04, Ink::goal),
           line(2.4, -0.1, 2.4, 0.1, 0.04, Ink::goal), line(x - 0.25, 0.1, x + 0.25, 0.1, 0.2, Ink::body),
           line(x, axle, x + std::sin(theta), axle + std::cos(theta), 0.08, Ink::limb), disc(x, axle, 0.12, Ink::body),
           line(x + 0.27 * push, 0.1, x + 0.5 * push, 0.1, 0.05, Ink::goal)}};
}

Scene pendulum(std::span<const double> o, double torque) {
  return {-1.5,
          1.5,
          -1.3,
          1.3,
          {disc(0, 1, 0.08, Ink::goal), line(0, 0, -o[1], o[0], 0.1, Ink::limb), disc(-o[1], o[0], 0.2, Ink::limb),
           disc(0, 0, 0.14, Ink::body), line(-1, -1.2, 1, -1.2, 0.02, Ink::ground),
           line(0, -1.2, -std::clamp(torque, -2., 2.) / 2 + 1e-6, -1.2, 0.08, Ink::goal)}};
}

Scene acrobot(std::span<const double> o, double) {
  const double x1 = o[1], y1 = -o[0], x2 = x1 + o[1] * o[2] + o[0] * o[3], y2 = y1 - (o[0] * o[2] - o[1] * o[3]);
  return {-3,
          3,
          -2.2,
          2.2,
          {line(-2.2, 1, 2.2, 1, 0.03, Ink::goal), line(0, 0, x1, y1, 0.14, Ink::limb),
           line(x1, y1, x2, y2, 0.14, Ink::limb), disc(0, 0, 0.2, Ink::body), disc(x1, y1, 0.2, Ink::body)}};
}

Scene mountain_car(std::span<const double> o, double goal) {
  const auto height = [](double x) { return 0.45 * std::sin(3 * x) + 0.55; };
  Scene scene{-1.25, 0.65, -0.05, 1.25, {}};
  constexpr int pieces = 36;
  for (int i = 0; i < pieces; ++i) {
    const double from = -1.2 + 1.8 * i / pieces, to = -1.2 + 1.8 * (i + 1) / pieces;
    scene.strokes.push_back(line(from, height(from), to, height(to), 0.012, Ink::ground));
  }
  scene.strokes.push_back(line(goal, height(goal), goal, height(goal) + 0.2, 0.012, Ink::goal));
  scene.strokes.push_back(line(goal, height(goal) + 0.17, goal + 0.08, height(goal) + 0.17, 0.06, Ink::goal));
  scene.strokes.push_back(disc(o[0], height(o[0]) + 0.05, 0.1, Ink::body));
  return scene;
}

/// Places in a row, and who stands where.
Scene places(std::size_t count, std::size_t here, Ink ink) {
  const double right = static_cast<double>(count) - 0.5;
  Scene scene{-0.6, right + 0.1, -0.8, 0.8, {line(-0.5, -0.5, right, -0.5, 0.04, Ink::ground)}};
  for (std::size_t i = 0; i <= count; ++i) {
    const double x = static_cast<double>(i) - 0.5;
    scene.strokes.push_back(line(x, -0.5, x, -0.2, 0.04, i == count ? Ink::goal : Ink::ground));
  }
  scene.strokes.push_back(disc(static_cast<double>(here), -0.1, 0.6, ink));
  return scene;
}

/// The paddles, the ball and its walls; y grows downwards in the game. A ball that is not served is out of sight.
Scene pong(std::span<const double> o) {
  const auto box = [](double x, double y, double width, double height, Ink ink) {
    return line(x, 160 - y - height / 2, x + width, 160 - y - height / 2, height, ink);
  };
  const double hidden = o[4] == 0 ? -100 : 0;
  return {
      0,
      160,
      -3,
      163,
      {line(0, 161, 160, 161, 2, Ink::ground), line(0, -1, 160, -1, 2, Ink::ground), box(16, o[1], 4, 16, Ink::limb),
       box(140, o[0], 4, 16, Ink::goal), box(o[2] + hidden, o[3], 2, 4, Ink::body)},
      true};
}

Scene bars(std::span<const double> observation) {
  const auto count = static_cast<double>(observation.size());
  Scene scene{-0.6, count - 0.4, -1.2, 1.2, {line(-0.5, 0, count - 0.5, 0, 0.02, Ink::ground)}};
  for (std::size_t i = 0; i < observation.size(); ++i) {
    const auto x = static_cast<double>(i);
    scene.strokes.push_back(line(x, 0, x, std::clamp(observation[i], -1., 1.) + 1e-6, 0.5, Ink::body));
  }
  return scene;
}

/// Is the point within half a width of the stroke?
bool covers(const Stroke& s, double x, double y, double least) {
  const double reach = std::max(s.width, least) / 2, dx = s.x2 - s.x1, dy = s.y2 - s.y1;
  const double length = dx * dx + dy * dy;
  double along = length > 0 ? ((x - s.x1) * dx + (y - s.y1) * dy) / length : 0;
  if (length > 0 && (along < 0 || along > 1) && s.width > least) return false;  // butt ends
  along = std::clamp(along, 0., 1.);
  const double ox = x - s.x1 - along * dx, oy = y - s.y1 - along * dy;
  return ox * ox + oy * oy <= reach * reach;
}

void append_braille(std::string& text, unsigned dots) {
  const unsigned code = 0x2800 + dots;  // UTF-8 of U+2800 + dots
  text += static_cast<char>(0xe0 | code >> 12);
  text += static_cast<char>(0x80 | (code >> 6 & 0x3f));
  text += static_cast<char>(0x80 | (code & 0x3f));
}

}  // namespace

Scene scene_of(std::string_view environment, std::span<const double> observation, double action) {
  const auto here = static_cast<std::size_t>(std::ranges::max_element(observation) - observation.begin());
  if (environment == "CartPole-v1") return cartpole(observation, action);
  if (environment == "Pendulum-v1") return pendulum(observation, action);
  if (environment == "Acrobot-v1") return acrobot(observation, action);
  if (environment == "MountainCar-v0") return mountain_car(observation, 0.5);
  if (environment == "MountainCarContinuous-v0") return mountain_car(observation, 0.45);
  if (environment == "Corridor") return places(observation.size(), here, Ink::body);
  if (environment == "Bandit") return places(3, static_cast<std::size_t>(action), Ink::limb);
  if (environment == "Pong") return pong(observation);
  return bars(observation);
}

std::vector<std::string> action_names(std::string_view environment, std::size_t count) {
  std::vector<std::string> names;
  if (environment == "CartPole-v1" || environment == "Corridor") names = {"left", "right"};
  if (environment == "Acrobot-v1") names = {"torque -1", "none", "torque +1"};
  if (environment == "MountainCar-v0") names = {"left", "none", "right"};
  if (environment == "Pong") names = {"down", "up"};
  if (environment == "Bandit") names = {"arm 0", "arm 1", "arm 2"};
  for (std::size_t i = names.size(); i < count; ++i) names.push_back(fmt::format("action {}", i));
  return names;
}

double seconds_per_step(std::string_view environment) {
  if (environment == "CartPole-v1") return 0.02;
  if (environment == "Pendulum-v1") return 0.05;
  if (environment == "Acrobot-v1") return 0.2;
  if (environment.starts_with("MountainCar")) return 1. / 30;  // Gymnasium's pictures per second
  if (environment == "Pong") return 4. / 60;
  return 0.5;
}

std::string in_characters(const Scene& scene, std::size_t columns, std::size_t rows) {
  const double width = scene.right - scene.left, height = scene.top - scene.bottom;
  const double dot = std::max(width / static_cast<double>(2 * columns), height / static_cast<double>(4 * rows));
  const double left = (scene.left + scene.right) / 2 - dot * static_cast<double>(columns);
  const double top = (scene.bottom + scene.top) / 2 + dot * static_cast<double>(2 * rows);
  constexpr unsigned bit[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};  // of a Braille cell
  std::string text;
  for (std::size_t row = 0; row < rows; ++row) {
    std::size_t end = text.size();  // of the line, without the blank cells at its right
    for (std::size_t column = 0; column < columns; ++column) {
      unsigned dots = 0;
      for (std::size_t j = 0; j < 4; ++j)
        for (std::size_t i = 0; i < 2; ++i) {
          const double x = left + dot * (static_cast<double>(2 * column + i) + 0.5);
          const double y = top - dot * (static_cast<double>(4 * row + j) + 0.5);
          if (std::ranges::any_of(scene.strokes, [&](const Stroke& s) { return covers(s, x, y, dot); }))
            dots |= bit[j][i];
        }
      append_braille(text, dots);
      if (dots != 0) end = text.size();
    }
    text.resize(end);
    text += '\n';
  }
  return text;
}

}  // namespace rl
