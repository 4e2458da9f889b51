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

/// An attribute: one value when it never changes, else an <animate> inside of the element. `mode` says what is between
/// two values.
struct Attributes {
  double duration;
  std::string mode;
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
      moving +=
          fmt::format("<animate attributeName=\"{}\" values=\"{}\" dur=\"{:.2f}s\" {}repeatCount=\"indefinite\"/>",
                      name, list, duration, mode);
  }
};

std::string element(const char* name, const Attributes& attributes, const std::string& style) {
  return attributes.moving.empty()
             ? fmt::format("<{}{}{}/>\n", name, attributes.fixed, style)
             : fmt::format("<{0}{1}{2}>{3}</{0}>\n", name, attributes.fixed, style, attributes.moving);
}

/// An episode as a picture that moves: at most 120 of its frames, the last ones of it where none can be left out.
class Film {
 public:
  explicit Film(const Recording& recording)
      : recording_(recording),
        steps_(recording.frames.size() - 1),
        jumps_(scene_of(recording.environment, recording.frames[0].observation, 0).jumps) {
    constexpr std::size_t most = 120;
    const std::size_t stride = jumps_ ? 1 : (steps_ + most - 1) / most;
    const std::size_t start = jumps_ && steps_ > most ? steps_ - most : 0;
    for (std::size_t i = start; i <= steps_; i += stride) frames_.push_back(&recording.frames[i]);
    duration_ = std::max(0.5, static_cast<double>(steps_ - start) * recording.seconds_per_step);
    for (const Frame* frame : frames_)
      scenes_.push_back(scene_of(recording.environment, frame->observation, frame->action));
    const Scene& first = scenes_.front();
    unit_ = std::min(width / (first.right - first.left), 320 / (first.top - first.bottom));
    ground_ = unit_ * (first.top - first.bottom) + 28;
  }

  std::string head() const {
    const double height = ground_ + 12 + (bar_height + 8) * static_cast<double>(thoughts());
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1:.0f}\" width=\"{0}\" height=\"{1:.0f}\" "
        "font-family=\"sans-serif\" font-size=\"13\" fill=\"#808080\">\n"
        "<title>{2}: {7} {3} steps, {4:.1f} s, return {5:.1f}</title>\n"
        "<text x=\"8\" y=\"18\">{2}: return {5:.1f} in {3} steps</text>\n{6}",
        width, height, recording_.environment, steps_, duration_, recording_.frames.back().total_reward,
        recording_.environment == "CartPole-v1"
            ? fmt::format("<text x=\"{}\" y=\"18\" text-anchor=\"end\">beside the cart: the push</text>\n", width - 8)
            : "",
        frames_.size() <= steps_ && jumps_ ? fmt::format("the last {} of", frames_.size() - 1) : "an episode of");
  }

  std::size_t strokes() const { return scenes_.front().strokes.size(); }
  std::string stroke(std::size_t s) const {
    const Stroke& stroke = scenes_.front().strokes[s];
    Attributes attributes = moving();
    if (stroke.disc()) {
      attributes.add("cx", x(s, &Stroke::x1));
      attributes.add("cy", y(s, &Stroke::y1));
      return element("circle", attributes,
                     fmt::format(" r=\"{}\" fill=\"{}\"", brief(unit_ * stroke.width / 2), colour(stroke.ink)));
    }
    attributes.add("x1", x(s, &Stroke::x1));
    attributes.add("y1", y(s, &Stroke::y1));
    attributes.add("x2", x(s, &Stroke::x2));
    attributes.add("y2", y(s, &Stroke::y2));
    return element("line", attributes,
                   fmt::format(" stroke=\"{}\" stroke-width=\"{}\"", colour(stroke.ink),
                               brief(std::max(1., unit_ * stroke.width))));
  }

  std::size_t thoughts() const { return frames_.front()->thoughts.size(); }
  std::string bar(std::size_t k) const {
    const double top = ground_ + 8 + (bar_height + 8) * static_cast<double>(k);
    Attributes attributes = moving();
    attributes.add("width", over_time([&](std::size_t f) { return bar_width * frames_[f]->thoughts[k].share; }));
    return fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\n", brief(bar_left - 8),
                       brief(top + bar_height - 2), frames_.front()->thoughts[k].name) +
           fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill-opacity=\"0.25\"/>\n", brief(bar_left),
                       brief(top), brief(bar_width), brief(bar_height)) +
           element("rect", attributes,
                   fmt::format(" x=\"{}\" y=\"{}\" height=\"{}\" fill=\"{}\"", brief(bar_left), brief(top),
                               brief(bar_height), colour(Ink::body)));
  }

 private:
  Attributes moving() const { return {duration_, jumps_ ? "calcMode=\"discrete\" " : "", "", ""}; }
  std::vector<double> over_time(auto value) const {
    std::vector<double> values;
    for (std::size_t f = 0; f < frames_.size(); ++f) values.push_back(value(f));
    return values;
  }
  std::vector<double> x(std::size_t s, double Stroke::*at) const {
    const double middle = (scenes_.front().left + scenes_.front().right) / 2;
    return over_time([&](std::size_t f) { return width / 2 + unit_ * (scenes_[f].strokes[s].*at - middle); });
  }
  std::vector<double> y(std::size_t s, double Stroke::*at) const {
    const double bottom = scenes_.front().bottom;
    return over_time([&](std::size_t f) { return ground_ - unit_ * (scenes_[f].strokes[s].*at - bottom); });
  }

  const Recording& recording_;
  std::size_t steps_;
  bool jumps_;
  double duration_ = 0;
  std::vector<const Frame*> frames_;
  std::vector<Scene> scenes_;
  double unit_ = 1, ground_ = 0;  // pixels in a unit of the scene, and where its bottom is
};

}  // namespace

std::string animation(const Recording& recording) {
  const Film film(recording);
  std::string svg = film.head();
  for (std::size_t s = 0; s < film.strokes(); ++s) svg += film.stroke(s);
  for (std::size_t k = 0; k < film.thoughts(); ++k) svg += film.bar(k);
  return svg + "</svg>\n";
}

void write_animation(const std::filesystem::path& path, const Recording& recording) {
  nn::write_file(path, animation(recording));
}

}  // namespace rl
