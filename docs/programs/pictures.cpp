#include "docs/programs/pictures.hpp"

#include <algorithm>
#include <array>
#include <numbers>
#include <vector>

#include "docs/programs/museum.hpp"
#include "docs/programs/svg.hpp"
#include "nn/arithmetic/elementary.hpp"
#include "nn/arithmetic/vector_ops.hpp"

namespace book {
namespace {

/// docs/00-the-question.md: four candidates for the vector to inject, and where each takes p(0).
std::string the_question() {
  Svg svg(760, 310, "One step of 0.1 with four candidates for the injected vector: p(0) before and after");
  svg.text({30, 32}, "one step of 0.1 on the logits: p(0), before and after", {.anchor = "start", .bold = true});
  const Axes axes{330, 720, 58, 226, 0.56, 0.65, 0, 1};
  axes.draw(svg, {{0.56, "0.56"}, {0.58, "0.58"}, {0.6, "0.60"}, {0.62, "0.62"}, {0.64, "0.64"}}, {},
            "probability of the action that was taken", "");
  const Scalar p_a = softmax(logits())[a];
  svg.line(axes(p_a, 1), axes(p_a, 0), grey, 1.5, true);
  const Vector probs = softmax(logits());
  const struct {
    std::string_view name;
    Vector vector;
    std::string_view colour;
  } candidates[] = {{"(one_hot - probs) * G", inject(logits(), a, G), blue},
                    {"G log p(a), the value", {G * log_prob(logits(), a), 0}, orange},
                    {"only the output of the action", {inject(logits(), a, G)[a], 0}, violet},
                    {"G * probs, without the action", {G * probs[0], G * probs[1]}, green}};
  double y = 82;
  for (const auto& c : candidates) {
    Vector z = logits();
    nn::axpy(Scalar(0.1), c.vector, z);
    const Scalar after = softmax(z)[a];
    svg.text({30, y - 2}, c.name, {.anchor = "start", .colour = c.colour, .bold = true});
    svg.text({30, y + 14}, "injects " + show(c.vector), {.anchor = "start", .size = 12});
    svg.arrow({axes(p_a, 0).x, y}, {axes(after, 0).x, y}, c.colour, 4);
    const bool up = after > p_a;
    svg.text({axes(after, 0).x + (up ? 8 : -8), y + 4}, fmt::format("{:.3f}", after),
             {.anchor = up ? "start" : "end", .size = 12});
    y += 42;
  }
  svg.text({30, 296}, "G = 2 is a good return, so p(0) should rise. The second one learns the opposite.",
           {.anchor = "start", .size = 12});
  return svg.done();
}

Scalar density(Scalar x) {
  return nn::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi_v<Scalar>);
}

/// The left half of the picture of docs/one-theorem.md: what a good action does to mu and sigma.
void a_good_action(Svg& svg) {
  const Scalar mu = Scalar(0.3), sigma = Scalar(0.5), drawn = Scalar(1.1), step = Scalar(0.03);
  const Scalar x = (drawn - mu) / sigma;
  const Scalar mu_after = mu + step * G * x / sigma, sigma_after = sigma * nn::exp(step * G * (x * x - 1));
  svg.text({200, 28}, "a good action, G = 2: step of 0.03", {.bold = true});
  const Axes left{50, 360, 60, 260, -1.5, 2.5, 0, 0.9};
  left.draw(svg, {{-1, "-1"}, {0, "0"}, {1, "1"}, {2, "2"}}, {{0, "0"}, {0.4, "0.4"}, {0.8, "0.8"}}, "action",
            "density");
  const auto curve = [&](Scalar m, Scalar s, std::string_view colour) {
    std::vector<Point> points;
    for (int i = 0; i <= 120; ++i) {
      const Scalar at = Scalar(-1.5) + Scalar(i) / 30;
      points.push_back(left(at, density((at - m) / s) / s));
    }
    svg.curve(points, colour);
  };
  curve(mu, sigma, grey);
  curve(mu_after, sigma_after, blue);
  svg.line(left(drawn, 0), left(drawn, 0.84), orange, 1.5, true);
  svg.text({left(drawn, 0).x + 6, 78}, "drawn: 1.1", {.anchor = "start", .colour = orange, .size = 12});
  svg.text({205, 314}, fmt::format("mu 0.30 to {:.2f}, sigma 0.50 to {:.2f}: nearer, and wider", mu_after, sigma_after),
           {.colour = blue, .size = 12});
  svg.text({205, 332}, "grey before, blue after", {.size = 12});
}

/// The right half: what clipping does to the mean of the score.
void clipped_actions(Svg& svg) {
  svg.text({575, 28}, "bound at mu: the score of each draw", {.bold = true});
  const Axes right{430, 730, 60, 260, -3, 3, -3, 3};
  right.draw(svg, {{-2, "-2"}, {0, "0"}, {2, "2"}}, {{-2, "-2"}, {0, "0"}, {2, "2"}}, "draw, in sigmas from mu",
             "score along mu");
  const std::vector<Point> all = {right(-3, -3), right(3, 3)}, cut = {right(-3, -3), right(0, 0), right(3, 0)};
  svg.curve(all, blue);
  svg.curve(cut, orange);
  svg.text({655, 90}, "as drawn", {.anchor = "end", .colour = blue, .bold = true});
  svg.text({715, 152}, "clipped: 0", {.anchor = "end", .colour = orange, .bold = true});
  Scalar clipped_mean = 0;  // of min(x, 0), the midpoints of 6000 intervals
  for (int i = -3000; i < 3000; ++i) {
    const Scalar at = (Scalar(i) + Scalar(0.5)) / 500;
    clipped_mean += std::min(at, Scalar(0)) * density(at) / 500;
  }
  svg.text({580, 314}, "on average: 0 as drawn", {.colour = blue, .size = 12});
  svg.text({580, 332}, fmt::format("{:.3f} when clipped, with nothing rewarded", clipped_mean),
           {.colour = orange, .size = 12});
}

std::string one_theorem() {
  Svg svg(760, 350, "A Gaussian policy: one step after a good action, and the score of clipped actions");
  a_good_action(svg);
  clipped_actions(svg);
  return svg.done();
}

/// docs/diagnose.md: the questions, in order.
std::string diagnose() {
  Svg svg(760, 600, "How diagnose finds the mistake: one question after another");
  struct Question {
    std::string_view question, detail, no, names;
  };
  constexpr Question questions[] = {{"Are the numbers finite?", "probabilities, vectors, weights", "the numbers",
                                     "softmax-overflows, log-of-zero, ..."},
                                    {"Is it (one_hot - p) times a weight?", "or minus that, or a multiple of it",
                                     "the output", "taken-output-only, softmax-twice, ..."},
                                    {"Is the weight a return?", "G_t, the total, less a baseline", "the weights",
                                     "rewards-not-summed, whitened-per-episode, ..."},
                                    {"Were the actions drawn from p?", "the counts, against the probabilities",
                                     "the samples", "acting-by-argmax, same-action-for-ever"}};
  const auto ask = [&svg](double y, const Question& q) {
    svg.rectangle({30, y}, 300, 52, "#f5f7fa", blue);
    svg.text({180, y + 22}, q.question, {.bold = true});
    svg.text({180, y + 41}, q.detail, {.colour = "#555555", .size = 12});
    svg.arrow({330, y + 26}, {412, y + 26}, orange);
    svg.text({371, y + 18}, "no", {.colour = orange, .size = 12});
    svg.rectangle({416, y}, 320, 52, "#fdf3ea", orange);
    svg.text({576, y + 22}, fmt::format("the mistake is in {}", q.no), {});
    svg.text({576, y + 41}, q.names, {.colour = "#555555", .size = 12});
  };
  const auto yes = [&svg](double y) {
    svg.arrow({180, y}, {180, y + 26}, blue);
    svg.text({196, y + 18}, "yes", {.anchor = "start", .colour = blue, .size = 12});
  };
  double y = 46;
  svg.text({30, 28}, "FILE=my.csv: action, p, d, weight, reward", {.anchor = "start", .bold = true});
  for (const auto& q : questions) {
    ask(y, q);
    yes(y + 52);
    y += 80;
  }
  svg.rectangle({30, y}, 300, 52, "#f5f7fa", blue);
  svg.text({180, y + 22}, "Would a mistake have shown?", {.bold = true});
  svg.text({180, y + 41}, "enough digits, rows and columns", {.colour = "#555555", .size = 12});
  svg.arrow({330, y + 26}, {412, y + 26}, "#777777");
  svg.text({371, y + 18}, "no", {.colour = "#777777", .size = 12});
  svg.text({424, y + 31}, "verdict: cannot tell, and what is missing", {.anchor = "start", .bold = true});
  yes(y + 52);
  svg.text({180, y + 96}, "verdict: correct", {.colour = green, .bold = true});
  svg.text({30, y + 142}, "NET=folder, by itself", {.anchor = "start", .bold = true});
  ask(y + 158,
      {"Do the layers carry it back?", "each layer from its own numbers", "the layers", "weights-not-transposed, ..."});
  return svg.done();
}

/// docs/museum.md: the coefficients of one episode, right ones in grey.
std::string museum() {
  Svg svg(760, 400, "The coefficients of the five steps of one episode: the right ones and those of six exhibits");
  const Vector rewards = {0, 0, Scalar(-0.5), 0, 1};
  const auto exhibits = weight_exhibits();
  const Vector right = exhibits[0].weights(rewards, Scalar(0.9));
  svg.text({30, 30}, "coefficients of five steps; rewards 0, 0, -0.5, 0, 1; grey: the returns G_t",
           {.anchor = "start", .bold = true});
  for (std::size_t i = 0; i < 6; ++i) {
    const double left = 56 + 238 * double(i % 3), top = 74 + 170 * double(i / 3);
    const Axes axes{left, left + 200, top, top + 110, 0, 5, -1, 1.5};
    for (const double tick : {-1, 0, 1}) {
      svg.line(axes(0, tick), axes(5, tick), pale, 1);
      svg.text({left - 6, axes(0, tick).y + 4}, fmt::format("{}", tick),
               {.anchor = "end", .colour = "#555555", .size = 11});
    }
    svg.text({left, top - 10}, exhibits[i + 1].title, {.anchor = "start", .size = 12, .bold = true});
    const Vector w = exhibits[i + 1].weights(rewards, Scalar(0.9));
    for (std::size_t t = 0; t < 5; ++t) {
      const auto bar = [&](double from, Scalar value, std::string_view colour) {
        const Point zero = axes(double(t) + from, 0), end = axes(double(t) + from, value);
        svg.rectangle({zero.x, std::min(zero.y, end.y)}, 15, std::abs(zero.y - end.y), colour);
      };
      bar(0.1, right[t], "#bbbbbb");
      bar(0.47, w[t], orange);
    }
    svg.line(axes(0, 0), axes(5, 0), ink, 1);
    for (std::size_t t = 0; t < 5; ++t)
      svg.text({axes(double(t) + 0.45, 0).x, top + 126}, fmt::format("{}", t), {.colour = "#555555", .size = 11});
  }
  return svg.done();
}

constexpr Picture all[] = {{"00-the-question", the_question},
                           {"11-one-theorem", one_theorem},
                           {"13-diagnose", diagnose},
                           {"museum", museum},
                           {"label", the_label}};

}  // namespace

std::span<const Picture> pictures() {
  return all;
}

}  // namespace book
