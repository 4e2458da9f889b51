/// docs/05-from-the-equation-to-the-label.md
#include <algorithm>
#include <vector>

#include "docs/programs/book.hpp"
#include "docs/programs/contents.hpp"
#include "docs/programs/pictures.hpp"
#include "docs/programs/svg.hpp"
#include "nn/arithmetic/elementary.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "nn/loss.hpp"
#include "nn/network.hpp"
#include "nn/optimizer.hpp"
#include "nn/softmax.hpp"

namespace book {
namespace ch05 {

constexpr Scalar returns[] = {2, 1};  // of action 0, of action 1

Scalar J(const Vector& z) {
  return softmax(z)[0] * returns[0] + softmax(z)[1] * returns[1];
}

void the_trick() {
  title("5a  the log-derivative trick, for p(0)");
  const Vector direct = numerical_gradient(logits(), [](const Vector& z) { return softmax(z)[0]; });
  Vector trick = numerical_gradient(logits(), [](const Vector& z) { return log_prob(z, 0); });
  line("gradient of p(0)", direct);
  line("gradient of log p(0)", trick);
  nn::scale(softmax(logits())[0], trick);
  line("p(0) times the gradient of log p(0)", trick);

  title("5b  action   return   p   grad log p        return * grad     p * return * grad");
  const Vector p = softmax(logits());
  Vector mean(2);
  for (const int action : {0, 1}) {
    const auto k = static_cast<std::size_t>(action);
    Vector product = inject(logits(), action, returns[k]);
    fmt::print("  {:>9}{:>9}  {:.1f}  {}  {}", action, returns[k], p[k], show(inject(logits(), action, 1)),
               show(product));
    nn::scale(p[k], product), nn::axpy(1, product, mean);
    fmt::print("  {}\n", show(product));
  }
  line("the sum of the last column", mean);
  line("gradient of J = p(0) * 2 + p(1) * 1", numerical_gradient(logits(), J));
}

void four_ways() {
  title("5d  one vector, four ways; a = 0, G = 2");
  line("gradient of G log p(a)", numerical_gradient(logits(), [](const Vector& z) { return G * log_prob(z, a); }));
  line("(one_hot - p) * G", inject(logits(), a, G));
  Vector at_p(2), label(2);
  at_p[a] = G / softmax(logits())[a];
  const Vector p = softmax(logits());
  line("gradient at p, through the Jacobian of softmax", Vector{at_p[0] * p[0] * (1 - p[0]) - at_p[1] * p[1] * p[0],
                                                                -at_p[0] * p[0] * p[1] + at_p[1] * p[1] * (1 - p[1])});
  nn::cross_entropy_gradient(column(logits()), {&a, 1}, {&G, 1}, column(label));
  line("minus G times the cross-entropy's gradient", Vector{-label[0], -label[1]});
}

/// One number per parameter: sum_k injected_k dz_k/dtheta_i, every derivative by central differences.
void through_the_network() {
  nn::Random rng(7);
  nn::Network network({3, 4, 2}, nn::Activation::tanh, rng);
  const Vector state = {1, -2, Scalar(0.5)};
  const Vector z(network.feedforward(column(state)).data(), network.feedforward(column(state)).data() + 2);
  const Vector injected = inject(z, a, G);
  network.backpropagate(column(injected));
  const Vector theta(network.parameters().begin(), network.parameters().end());
  const auto output = [&](const Vector& parameters, std::size_t k) {
    std::ranges::copy(parameters, network.parameters().begin());
    return network.feedforward(column(state))(k, 0);
  };
  Vector chain(theta.size());
  for (std::size_t k = 0; k < 2; ++k)
    nn::axpy(injected[k], numerical_gradient(theta, [&](const Vector& t) { return output(t, k); }), chain);
  title("5c  a network of 3, 4 and 2 units: the first six of its 26 parameters");
  line("backpropagate, once, with the vector", Vector(network.gradients().begin(), network.gradients().begin() + 6));
  line("injected[k] times the gradient of z[k], summed", Vector(chain.begin(), chain.begin() + 6));
}

struct Draws {
  std::vector<int> actions;
  nn::Matrix injected;
  explicit Draws(std::size_t count, bool with_return = true) : actions(count), injected(2, count) {
    nn::Random rng(7);
    std::vector<double> u(count);
    std::ranges::generate(u, [&] { return rng.uniform(); });
    nn::Matrix Z(2, count);
    for (std::size_t k = 0; k < 2; ++k) nn::fill(Z.row(k), logits()[k]);
    rl::Categorical distribution;
    distribution.sample(Z, u, actions);
    Vector weights(count, 1);
    for (std::size_t t = 0; with_return && t < count; ++t) weights[t] = returns[actions[t]];
    distribution.weighted_score(Z, actions, weights, injected);
  }
  Vector mean(std::size_t count) const {
    const auto n = static_cast<Scalar>(count);
    return {nn::sum(injected.row(0).first(count)) / n, nn::sum(injected.row(1).first(count)) / n};
  }
};

void sampling() {
  const Draws draws(6);
  title("5e  draw  action  label   return  injected");
  for (std::size_t t = 0; t < 6; ++t)
    fmt::print("  {:>6}{:>8}  ({}, {}){:>8}  {}\n", t, draws.actions[t], 1 - draws.actions[t], draws.actions[t],
               returns[draws.actions[t]], show({draws.injected(0, t), draws.injected(1, t)}));
}

void on_average() {
  const Draws draws(10'000), forgotten(10'000, false);
  title("5g  the mean of the injected vectors       with the return   the return forgotten");
  for (const std::size_t count : {6u, 100u, 1000u, 10000u})
    fmt::print("  {:>5} draws{:30}{}  {}\n", count, "", show(draws.mean(count)), show(forgotten.mean(count)));
  fmt::print("  {:<41}{}  {}\n", "expected", show(numerical_gradient(logits(), J)), show(Vector{0, 0}));
}

void one_sign() {
  const auto stepped = [](Vector z, const Vector& gradient, bool up) {
    nn::Sgd sgd({.learning_rate = Scalar(0.1)});
    if (up)
      sgd.ascend(z, gradient);
    else
      sgd.descend(z, gradient);
    return softmax(z)[0];
  };
  Vector label(2);
  nn::cross_entropy_gradient(column(logits()), {&a, 1}, {&G, 1}, column(label));
  title("5f  p(0) after one step of 0.1");
  line("climb with (one_hot - p) * G", stepped(logits(), inject(logits(), a, G), true));
  line("descend the weighted cross-entropy", stepped(logits(), label, false));
  line("climb the weighted cross-entropy: mixed up", stepped(logits(), label, true));
  line("a return of -2 instead of 2", stepped(logits(), inject(logits(), a, -2), true));
}

void print() {
  the_trick();
  through_the_network();
  four_ways();
  sampling();
  one_sign();
  on_average();
}

std::string draw() {
  Svg svg(760, 390, "The average of the injected vectors approaches the derivative of J");
  const Axes axes{60, 730, 50, 300, 0, 4, -1.25, 1.75};  // x: log10 of the number of actions
  axes.draw(svg, {{0, "1"}, {1, "10"}, {2, "100"}, {3, "1000"}, {4, "10,000"}},
            {{-1, "-1"}, {-0.5, "-0.5"}, {0, "0"}, {0.5, "0.5"}, {1, "1"}, {1.5, "1.5"}}, "actions drawn",
            "first entry of the mean injected vector");
  const Draws draws(10'000), forgotten(10'000, false);
  std::vector<Point> with_return, without, above, below;
  const double deviation = std::sqrt(0.4704);
  for (int i = 0; i <= 160; ++i) {
    const double exponent = i / 40.;
    const auto count = static_cast<std::size_t>(std::llround(std::pow(10., exponent)));
    with_return.push_back(axes(exponent, draws.mean(count)[0]));
    without.push_back(axes(exponent, forgotten.mean(count)[0]));
    const double spread = 2 * deviation / std::sqrt(static_cast<double>(count));
    above.push_back(axes(exponent, 0.24 + spread)), below.push_back(axes(exponent, 0.24 - spread));
  }
  svg.band(above, below, blue);
  svg.line(axes(0, 0.24), axes(4, 0.24), blue, 1, true);
  svg.curve(without, orange);
  svg.curve(with_return, blue);
  svg.text({725, 142}, "(one_hot - p) * G: to 0.24, the derivative of J",
           {.anchor = "end", .colour = blue, .bold = true});
  svg.text({725, 218}, "the return forgotten: to 0", {.anchor = "end", .colour = orange, .bold = true});
  svg.text({60, 358}, "both curves: the same draws", {.anchor = "start", .size = 12});
  svg.text({60, 376}, "shaded: 0.24 plus and minus two standard errors", {.anchor = "start", .size = 12});
  return svg.done();
}

/// A step: its prediction and its label as bars, and what they make of the injected vector.
void one_label(Svg& svg, double left, int action, Scalar coefficient, std::string_view what, std::string_view advice) {
  const Vector p = softmax(logits()), difference = inject(logits(), action, 1),
               injected = inject(logits(), action, coefficient);
  svg.text({left + 95, 30}, what, {.bold = true});
  svg.text({left + 95, 50}, advice, {.size = 12});
  const Axes bars{left, left + 190, 76, 186, 0, 2, 0, 1};
  for (std::size_t k = 0; k < 2; ++k) {
    const double middle = bars(double(k) + 0.5, 0).x, label = k == static_cast<std::size_t>(action) ? 1 : 0;
    const auto bar = [&](double x, double height, std::string_view colour) {
      const double top = bars(0, height).y;
      svg.rectangle({x, top}, 24, bars.bottom - top, colour);
    };
    bar(middle - 26, p[k], "#bbbbbb");
    bar(middle + 2, label, blue);
    svg.text({middle, 206}, fmt::format("action {}", k), {.size = 12});
    svg.text({middle, 232}, fmt::format("{:.1f}", p[k]), {.colour = "#666666"});
    svg.text({middle, 254}, fmt::format("{:.0f}", label), {.colour = blue});
    svg.text({middle, 276}, fmt::format("{:+.1f}", difference[k]));
    svg.text({middle, 302}, fmt::format("{:+.1f}", injected[k]), {.colour = orange, .size = 14, .bold = true});
  }
  svg.line({left, bars.bottom}, {left + 190, bars.bottom}, ink, 1);
}

}  // namespace ch05

std::string the_label() {
  Svg svg(760, 330, "The label of a step is the action that was taken; the coefficient says what to make of it");
  svg.text({14, 232}, "prediction", {.anchor = "start", .colour = "#666666"});
  svg.text({14, 254}, "label", {.anchor = "start", .colour = blue});
  svg.text({14, 276}, "label - prediction", {.anchor = "start"});
  svg.text({14, 302}, "injected", {.anchor = "start", .colour = orange, .size = 14, .bold = true});
  ch05::one_label(svg, 140, 0, 2, "action 0, return 2", "imitate it: times 2");
  ch05::one_label(svg, 346, 1, 1, "action 1, return 1", "imitate it less: times 1");
  ch05::one_label(svg, 552, 0, -2, "action 0, coefficient -2", "avoid it: times -2");
  return svg.done();
}

const Chapter chapter_5 = {5, ch05::print, "05-from-the-equation-to-the-label", ch05::draw};

}  // namespace book
