#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "nn/io/file.hpp"
#include "rl/watch/recording.hpp"
#include "rl/watch/scene.hpp"

namespace rl {
namespace {

constexpr double width = 480, bar_left = 110, bar_width = 280, bar_height = 14;

/// Legible on white and on black.
const char* colour(Ink ink) {
  switch (ink) {
    case Ink::ground: return "#808080";
    case Ink::body: return "#3b8ad9";
    case Ink::limb: return "#d9823b";
    case Ink::goal: return "#3ba55d";
  }
  return "#808080";
}

/// A number with one decimal, without a useless one.
std::string brief(double x) {
  std::string text = fmt::format("{:.1f}", x);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text == "-0" ? "0" : text;
}

/// An attribute: one value when it never changes, else an <animate> inside of the element.
struct Attributes {
  double duration;
  std::string fixed, moving;
  void add(const char* name, const std::vector<double>& values) {
    std::string list;
    bool moves = false;
    for (const double value : values) {
      if (!list.empty()) list += ';';
      list += brief(value);
      moves = moves || brief(value) != brief(values.front());
    }
    fixed += fmt::format(" {}=\"{}\"", name, brief(values.front()));
    if (moves)
      moving += fmt::format("<animate attributeName=\"{}\" values=\"{}\" dur=\"{:.2f}s\" repeatCount=\"indefinite\"/>",
                            name, list, duration);
  }
};

std::string element(const char* name, const Attributes& attributes, const std::string& style) {
  return attributes.moving.empty()
             ? fmt::format("<{}{}{}/>\n", name, attributes.fixed, style)
             : fmt::format("<{0}{1}{2}>{3}</{0}>\n", name, attributes.fixed, style, attributes.moving);
}

}  // namespace

std::string animation(const Recording& recording) {
  constexpr std::size_t most = 120;
  const std::size_t steps = recording.frames.size() - 1, stride = (steps + most - 1) / most;
  std::vector<const Frame*> frames;
  for (std::size_t i = 0; i <= steps; i += stride) frames.push_back(&recording.frames[i]);
  const double duration = std::max(0.5, static_cast<double>(steps) * recording.seconds_per_step);
  std::vector<Scene> scenes;
  scenes.reserve(frames.size());
  for (const Frame* frame : frames)
    scenes.push_back(scene_of(recording.environment, frame->observation, frame->action));
  const Scene& first = scenes.front();
  const double unit = std::min(width / (first.right - first.left), 320 / (first.top - first.bottom));
  const double middle = (first.left + first.right) / 2, ground = unit * (first.top - first.bottom) + 28;
  const std::size_t thoughts = frames.front()->thoughts.size();
  const double height = ground + 12 + (bar_height + 8) * static_cast<double>(thoughts);

  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1:.0f}\" width=\"{0}\" height=\"{1:.0f}\" "
      "font-family=\"sans-serif\" font-size=\"13\" fill=\"#808080\">\n"
      "<title>{2}: an episode of {3} steps, {4:.1f} s, return {5:.1f}</title>\n"
      "<text x=\"8\" y=\"18\">{2}: return {5:.1f} in {3} steps</text>\n",
      width, height, recording.environment, steps, duration, recording.frames.back().total_reward);
  const auto over_time = [&](auto value) {
    std::vector<double> values;
    for (std::size_t f = 0; f < frames.size(); ++f) values.push_back(value(f));
    return values;
  };
  for (std::size_t s = 0; s < first.strokes.size(); ++s) {
    const auto x = [&](double Stroke::*at) {
      return over_time([&](std::size_t f) { return width / 2 + unit * (scenes[f].strokes[s].*at - middle); });
    };
    const auto y = [&](double Stroke::*at) {
      return over_time([&](std::size_t f) { return ground - unit * (scenes[f].strokes[s].*at - first.bottom); });
    };
    const Stroke& stroke = first.strokes[s];
    Attributes attributes{duration, "", ""};
    if (stroke.disc()) {
      attributes.add("cx", x(&Stroke::x1));
      attributes.add("cy", y(&Stroke::y1));
      svg += element("circle", attributes,
                     fmt::format(" r=\"{}\" fill=\"{}\"", brief(unit * stroke.width / 2), colour(stroke.ink)));
    } else {
      attributes.add("x1", x(&Stroke::x1));
      attributes.add("y1", y(&Stroke::y1));
      attributes.add("x2", x(&Stroke::x2));
      attributes.add("y2", y(&Stroke::y2));
      svg += element("line", attributes,
                     fmt::format(" stroke=\"{}\" stroke-width=\"{}\"", colour(stroke.ink),
                                 brief(std::max(1., unit * stroke.width))));
    }
  }
  for (std::size_t k = 0; k < thoughts; ++k) {
    const double top = ground + 8 + (bar_height + 8) * static_cast<double>(k);
    svg += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\n", brief(bar_left - 8),
                       brief(top + bar_height - 2), frames.front()->thoughts[k].name);
    svg += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill-opacity=\"0.25\"/>\n", brief(bar_left),
                       brief(top), brief(bar_width), brief(bar_height));
    Attributes attributes{duration, "", ""};
    attributes.add("width", over_time([&](std::size_t f) { return bar_width * frames[f]->thoughts[k].share; }));
    svg += element("rect", attributes,
                   fmt::format(" x=\"{}\" y=\"{}\" height=\"{}\" fill=\"{}\"", brief(bar_left), brief(top),
                               brief(bar_height), colour(Ink::body)));
  }
  return svg + "</svg>\n";
}

void write_animation(const std::filesystem::path& path, const Recording& recording) {
  nn::write_file(path, animation(recording));
}

}  // namespace rl
