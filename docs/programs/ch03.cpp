/// docs/03-trust-but-check.md
#include <algorithm>
#include <vector>

#include "docs/programs/book.hpp"
#include "docs/programs/contents.hpp"
#include "docs/programs/example.hpp"
#include "docs/programs/svg.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "nn/dense.hpp"
#include "nn/gradient_check.hpp"

namespace book {
namespace ch03 {

/// log p(0) when the first logit is moved by h. At h = 0 its derivative is 0.4, its second derivative -0.24, its third
/// 0.048.
Scalar f(Scalar h) {
  return log_prob({logits()[0] + h, logits()[1]}, a);
}
constexpr Scalar derivative = Scalar(0.4);

double one_sided(double h) {
  return std::abs((f(h) - f(0)) / h - derivative);
}
double central(double h) {
  return std::abs((f(h) - f(-h)) / (2 * h) - derivative);
}
/// The same when every value of the function has been rounded to float.
double central_in_float(double h) {
  return std::abs((double(float(f(h))) - double(float(f(-h)))) / (2 * h) - derivative);
}
/// 1 = 10^0, 0.1, ... without the last digits of std::pow, which differ from machine to machine.
double power_of_ten(int exponent) {
  double result = 1;
  for (int i = 0; i < exponent; ++i) result *= 10;
  return result;
}

void too_large_too_small() {
  title("3a  what Taylor predicts, h = 0.1");
  line("one-sided: 0.24 h / 2, measured", Vector{Scalar(0.012), one_sided(0.1)}, 5);
  line("central: 0.048 h^2 / 6, measured", Vector{Scalar(0.00008), central(0.1)}, 5);
  title("3b  error of derivative 0.4     one-sided    central   central, rounded to float");
  for (int k = 0; k <= 12; k += k < 2 ? 1 : 2) {
    const double h = 1 / power_of_ten(k);
    fmt::print("  h = {:<22.0e}{:>13.1e}{:>11.1e}{:>28.1e}\n", h, one_sided(h), central(h), central_in_float(h));
  }
}

double check(const Vector& gradients, Scalar h = Scalar(1e-5)) {
  nn::Network network = example_network();
  return nn::max_gradient_error(
      network.parameters(), gradients, [&] { return example_J(network); }, h);
}

void the_network() {
  title("3c  largest error over the 12 parameters of the network, h = 0.00001");
  const auto row = [](std::string_view name, const Vector& gradients) {
    fmt::print("  {:<48}{:>8.0e}\n", name, check(gradients));
  };
  const auto mistaken = [&](std::string_view name, Mistake mistake) { row(name, example_pass(mistake).gradients()); };
  mistaken("the right gradient", Mistake::none);
  mistaken("tanh' left out", Mistake::derivative_missing);
  mistaken("tanh' taken at h instead of u", Mistake::derivative_at_the_output);
  mistaken("W instead of its transpose", Mistake::not_transposed);
  mistaken("outer product transposed", Mistake::outer_product_transposed);
  mistaken("bias forgotten", Mistake::bias_forgotten);
  Vector flipped = example_pass().gradients();
  nn::scale(-1, flipped);
  row("sign flipped", flipped);

  title("3d  one question for all parameters: along a random direction");
  nn::Network network = example_network();
  nn::Random rng(7);
  Vector direction(12);
  for (Scalar& v : direction) v = static_cast<Scalar>(rng.uniform(-1, 1));
  const Vector start(network.parameters().begin(), network.parameters().end());
  const auto J = [&](Scalar h) {
    std::ranges::copy(start, network.parameters().begin());
    nn::axpy(h, direction, network.parameters());
    return example_J(network);
  };
  const Scalar h = Scalar(1) / 65536;
  line("gradient times direction", nn::dot(example_pass().gradients(), direction), 6);
  line("(J(h) - J(-h)) / 2h", (J(h) - J(-h)) / (2 * h), 6);
  line("the same with tanh' left out", nn::dot(example_pass(Mistake::derivative_missing).gradients(), direction), 6);
}

void checks_that_prove_nothing() {
  title("3e  all weights 0");
  nn::Network zero = example_network();
  nn::fill(zero.parameters(), 0);
  zero.feedforward(column(example_state()));
  const Vector injected = {1, -1};
  zero.backpropagate(column(injected));
  line("gradient of the first layer", Vector(zero.gradients().begin(), zero.gradients().begin() + 6), 0);
  Matrix dW(2, 2);
  Vector db(2), dh(2);
  nn::dense_backward(zero.weight(1), Matrix(2, 1), column(injected), dW, db, column(dh));
  line("dh, which is du when tanh' is left out", dh, 0);
  title("3f  relu at its kink, x = 0");
  const auto relu = [](Scalar x) { return x > 0 ? x : 0; };
  line("central difference", (relu(Scalar(1e-5)) - relu(Scalar(-1e-5))) / Scalar(2e-5));
  line("derivative in the code: 1 where Y > 0, else 0", Scalar(0));
}

void print() {
  too_large_too_small();
  the_network();
  checks_that_prove_nothing();
}

std::string draw() {
  Svg svg(760, 400, "The error of a difference quotient against its step");
  const Axes axes{80, 720, 50, 320, -13, 0, -14, 0};
  axes.draw(svg, {{-12, "1e-12"}, {-10, "1e-10"}, {-8, "1e-8"}, {-6, "1e-6"}, {-4, "1e-4"}, {-2, "1e-2"}, {0, "1"}},
            {{-14, "1e-14"},
             {-12, "1e-12"},
             {-10, "1e-10"},
             {-8, "1e-8"},
             {-6, "1e-6"},
             {-4, "1e-4"},
             {-2, "1e-2"},
             {0, "1"}},
            "step h", "error of the derivative");
  const auto curve = [&](double (*error)(double), std::string_view colour) {
    std::vector<Point> points;
    for (int i = 0; i <= 43; ++i) {  // steps are powers of two: exact
      double h = 1;
      for (int halvings = 0; halvings < i; ++halvings) h /= 2;
      const double e = std::clamp(std::log10(error(h) + 1e-300), axes.y_low, axes.y_high);
      points.push_back(axes(std::log10(h), e));
    }
    svg.curve(points, colour);
  };
  curve(central_in_float, grey);
  curve(one_sided, orange);
  curve(central, blue);
  svg.text({425, 148}, "one-sided", {.colour = orange, .bold = true});
  svg.text({575, 285}, "central", {.colour = blue, .bold = true});
  svg.text({200, 80}, "central, float", {.colour = "#666666", .bold = true});
  svg.text({250, 376}, "rounding grows to the left", {.size = 12});
  svg.text({620, 376}, "the curve's bend to the right", {.size = 12});
  return svg.done();
}

}  // namespace ch03

const Chapter chapter_3 = {3, ch03::print, "03-trust-but-check", ch03::draw};

}  // namespace book
