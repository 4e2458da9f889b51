/// docs/04-softmax-and-cross-entropy.md
#include <array>
#include <vector>

#include "docs/programs/book.hpp"
#include "docs/programs/contents.hpp"
#include "docs/programs/svg.hpp"
#include "nn/arithmetic/elementary.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "nn/loss.hpp"
#include "nn/softmax.hpp"

namespace book {
namespace ch04 {

Vector log_softmax(Vector z) {
  nn::log_softmax(column(z), column(z));
  return z;
}

void probabilities() {
  title("4a  softmax");
  line("logits", logits());
  line("their difference", logits()[0] - logits()[1]);
  line("probabilities", softmax(logits()));
  line("1000 added to both logits", softmax({logits()[0] + 1000, logits()[1] + 1000}));
  line("three logits", Vector{2, 1, 0});
  line("their probabilities", softmax({2, 1, 0}));

  title("4b  logits of 800 and -800");
  line("e^800", fmt::format("{:>6}", std::exp(800.)));
  line("probabilities, the largest logit subtracted", softmax({800, -800}));
  line("log of the second probability", fmt::format("{:>6}", std::log(double(softmax({800, -800})[1]))));
  line("log softmax", log_softmax({800, -800}), 0);
}

void derivatives() {
  const auto gradient_of_p = [](std::size_t j) {
    return numerical_gradient(logits(), [j](const Vector& z) { return softmax(z)[j]; });
  };
  const Vector p = softmax(logits()), three = {nn::log(Scalar(0.5)), nn::log(Scalar(0.3)), nn::log(Scalar(0.2))};
  title("4c  the log of the sum of exponentials");
  line("its gradient, by central differences",
       numerical_gradient(logits(), [](const Vector& z) { return nn::log(nn::exp(z[0]) + nn::exp(z[1])); }));
  line("probabilities", p);

  title("4d  log p(a)");
  line("one_hot - p", inject(logits(), a, 1));
  line("by central differences", numerical_gradient(logits(), [](const Vector& z) { return log_prob(z, a); }));
  line("p = (0.5, 0.3, 0.2), a = 1: one_hot - p", inject(three, 1, 1));
  line("by central differences", numerical_gradient(three, [](const Vector& z) { return log_prob(z, 1); }));

  title("4e  every probability against every logit");
  line("gradient of p(0)", gradient_of_p(0));
  line("p(0) (1 - p(0)), -p(0) p(1)", Vector{p[0] * (1 - p[0]), -p[0] * p[1]});
  line("gradient of p(1)", gradient_of_p(1));
  line("-p(1) p(0), p(1) (1 - p(1))", Vector{-p[1] * p[0], p[1] * (1 - p[1])});

  title("4f  two ways to the logits, G = 2");
  const Vector at_p = numerical_gradient(p, [](const Vector& q) { return G * nn::log(q[a]); });
  line("gradient of G log p(a) at the probabilities", at_p);
  Vector through(2);
  nn::axpy(at_p[0], gradient_of_p(0), through), nn::axpy(at_p[1], gradient_of_p(1), through);
  line("through the Jacobian of softmax", through);
  line("(one_hot - p) * G", inject(logits(), a, G));
}

void cross_entropy() {
  const auto loss = [](const Vector& z) { return nn::cross_entropy(column(z), {&a, 1}, {&G, 1}); };
  const Scalar once = 1;
  title("4g  cross-entropy, label (1, 0)");
  line("- sum of label * log p", -log_softmax(logits())[0]);
  line("nn::cross_entropy", nn::cross_entropy(column(logits()), {&a, 1}, {&once, 1}));
  Vector gradient(2);
  nn::cross_entropy_gradient(column(logits()), {&a, 1}, {&G, 1}, column(gradient));
  line("its gradient, coefficient 2", gradient);
  line("by central differences, coefficient 2", numerical_gradient(logits(), loss));

  title("4h  any label that sums to 1: (0.7, 0.3)");
  const auto soft = [](const Vector& z) { return -0.7 * log_softmax(z)[0] - 0.3 * log_softmax(z)[1]; };
  line("p - y", Vector{softmax(logits())[0] - 0.7, softmax(logits())[1] - 0.3});
  line("gradient of the cross-entropy", numerical_gradient(logits(), soft));
}

Scalar twice(Scalar difference) {
  return softmax(softmax({difference, 0}))[0];
}

void softmax_twice() {
  title("4i  softmax of softmax: the best p(a) there is, and the loss there");
  for (const std::size_t K : {2u, 3u, 10u, 1000u}) {
    Vector z(K);
    z[0] = 1000;
    const Scalar best = softmax(softmax(z))[0], e = nn::exp(Scalar(1));
    fmt::print("  K = {:<6}  p = {:.3f}  loss {:.3f}   e / (e + K - 1) = {:.3f}\n", K, best, -nn::log(best),
               e / (e + static_cast<Scalar>(K) - 1));
  }
  const Scalar d = logits()[0] - logits()[1];
  line("our example: probability 0.6 becomes", softmax(softmax({d, 0}))[0]);
}

void the_figure() {
  title("4j  the figure");
  line("softmax of softmax, at its least and at its most", Vector{twice(-1000), twice(1000)});
}

void print() {
  probabilities();
  derivatives();
  cross_entropy();
  softmax_twice();
  the_figure();
}

/// From the prediction of three actions to their label: the arrows are one_hot - p.
void three_arrows(Svg& svg) {
  const Vector z = {nn::log(Scalar(0.5)), nn::log(Scalar(0.3)), nn::log(Scalar(0.2))};
  const Vector p = softmax(z), score = inject(z, 1, 1);
  svg.text({185, 30}, "from prediction to label: one_hot - p", {.bold = true});
  const Axes bars{60, 310, 66, 250, 0, 3, 0, 1};
  bars.draw(svg, {}, {{0, "0"}, {0.5, "0.5"}, {1, "1"}}, "", "probability");
  for (std::size_t k = 0; k < 3; ++k) {
    const bool taken = k == 1;
    const std::string_view colour = taken ? blue : orange;
    const Point top = bars(double(k) + 0.32, p[k]);
    svg.rectangle({top.x - 16, top.y}, 32, bars.bottom - top.y, "#cccccc");
    const double x = bars(double(k) + 0.66, 0).x;
    svg.arrow({x, top.y}, {x, bars(0, taken ? 1 : 0).y}, colour, 3);
    svg.text({x + 6, (top.y + bars(0, taken ? 1 : 0).y) / 2 + 4}, fmt::format("{:+.1f}", score[k]),
             {.anchor = "start", .colour = colour, .size = 12, .bold = true});
    const double middle = bars(double(k) + 0.5, 0).x;
    svg.text({middle, 270}, fmt::format("p({}) = {:.1f}", k, p[k]), {.size = 12});
    svg.text({middle, 288}, fmt::format("label {}", taken ? 1 : 0), {.size = 12});
  }
  svg.text({185, 314}, "the action taken is 1; the three numbers sum to 0", {.size = 12});
}

std::string draw() {
  Svg svg(760, 330, "Softmax: the derivative leads from prediction to label; and what softmax of softmax cannot do");
  three_arrows(svg);

  svg.text({570, 30}, "softmax once, and twice", {.bold = true});
  const Axes curve{430, 730, 60, 250, -6, 6, 0, 1};
  curve.draw(svg, {{-6, "-6"}, {-3, "-3"}, {0, "0"}, {3, "3"}, {6, "6"}},
             {{0, "0"}, {0.269, "0.269"}, {0.731, "0.731"}, {1, "1"}}, "difference of the two logits", "p(0)");
  std::vector<Point> one, two;
  for (int i = 0; i <= 120; ++i) {
    const Scalar d = Scalar(-6) + Scalar(i) / 10;
    one.push_back(curve(d, softmax({d, 0})[0]));
    two.push_back(curve(d, twice(d)));
  }
  svg.curve(one, blue);
  svg.curve(two, orange);
  svg.text({600, 84}, "once", {.colour = blue, .bold = true});
  svg.text({705, 130}, "twice", {.colour = orange, .bold = true});
  return svg.done();
}

}  // namespace ch04

const Chapter chapter_4 = {4, ch04::print, "04-softmax-and-cross-entropy", ch04::draw};

}  // namespace book
