/// docs/02-backward.md
#include <algorithm>

#include "docs/programs/book.hpp"
#include "docs/programs/contents.hpp"
#include "docs/programs/example.hpp"
#include "docs/programs/svg.hpp"
#include "nn/arithmetic/elementary.hpp"
#include "nn/arithmetic/vector_ops.hpp"

namespace book {
namespace ch02 {

Vector flat(const Matrix& W) {
  return {W.flat().begin(), W.flat().end()};
}
Vector part(const Vector& x, std::size_t first, std::size_t count) {
  const auto at = x.begin() + static_cast<std::ptrdiff_t>(first);
  return {at, at + static_cast<std::ptrdiff_t>(count)};
}

/// The derivative of J along every parameter, by moving it.
Vector moved() {
  nn::Network network = example_network();
  return numerical_gradient(Vector(network.parameters().begin(), network.parameters().end()), [&](const Vector& theta) {
    std::ranges::copy(theta, network.parameters().begin());
    return example_J(network);
  });
}

void layer_by_layer() {
  const Pass pass = example_pass();
  const Vector difference = moved();
  title("2a  what is injected at the logits");
  line("dz = (one_hot - p) * G", pass.dz);
  title("2b  the last layer");
  line("dW2 = dz times h, row by row", flat(pass.dW2));
  line("by central differences", part(difference, 6, 4));
  line("db2 = dz", pass.db2);
  line("by central differences", part(difference, 10, 2));
  line("dh = transposed W2 times dz", pass.dh);
  title("2c  through tanh");
  line("1 - h^2", Vector{1 - pass.h[0] * pass.h[0], 1 - pass.h[1] * pass.h[1]});
  line("derivatives of tanh at u",
       numerical_gradient(pass.u, [](const Vector& u) { return nn::tanh(u[0]) + nn::tanh(u[1]); }));
  line("du = dh (1 - h^2)", pass.du);
  title("2d  the first layer");
  line("dW1 = du times x, row by row", flat(pass.dW1));
  line("by central differences", part(difference, 0, 4));
  line("db1 = du", pass.db1);
  line("by central differences", part(difference, 4, 2));
  line("dx = transposed W1 times du", pass.dx);
}

void the_same_by_the_network() {
  nn::Network network = example_network();
  network.feedforward(column(example_state()));
  network.backpropagate(column(example_pass().dz));
  title("2e  nn::Network, the first layer");
  line("after one backpropagate", part({network.gradients().begin(), network.gradients().end()}, 0, 4));
  network.backpropagate(column(example_pass().dz));
  line("after another: it adds", part({network.gradients().begin(), network.gradients().end()}, 0, 4));
  network.zero_gradients();
  line("after zero_gradients", part({network.gradients().begin(), network.gradients().end()}, 0, 4));
}

/// The largest difference, relative to the largest right entry.
Scalar error(const Vector& got, const Vector& right) {
  Scalar off = 0, largest = 0;
  for (std::size_t i = 0; i < right.size(); ++i) {
    off = std::max(off, std::abs(got[i] - right[i]));
    largest = std::max(largest, std::abs(right[i]));
  }
  return off / largest;
}

void mistakes() {
  const Vector right = moved();
  title("2f  relative error of                       first layer  last layer");
  const auto row = [&](std::string_view name, Mistake mistake) {
    const Vector got = example_pass(mistake).gradients();
    fmt::print("  {:<44}{:>9.3f}{:>12.3f}\n", name, error(part(got, 0, 6), part(right, 0, 6)),
               error(part(got, 6, 6), part(right, 6, 6)));
  };
  row("the right one", Mistake::none);
  row("tanh' left out", Mistake::derivative_missing);
  row("tanh' taken at h instead of u", Mistake::derivative_at_the_output);
  row("W instead of its transpose", Mistake::not_transposed);
  row("outer product transposed", Mistake::outer_product_transposed);
  row("bias forgotten", Mistake::bias_forgotten);
}

void print() {
  layer_by_layer();
  the_same_by_the_network();
  mistakes();
}

constexpr double rows[] = {130, 264}, columns[] = {76, 288, 472, 684}, half_width = 44, half_height = 27;

/// Words on a white ground, so that no line runs through them.
void on_white(Svg& svg, Point at, std::string_view words, TextStyle style, double width) {
  svg.rectangle({at.x - width / 2, at.y - 11}, width, 15, "#ffffff");
  svg.text(at, words, style);
}

/// Both numbers of a vector, each above its gradient.
void two_boxes(Svg& svg, double x, std::string_view name, const Vector& values, std::string_view gradient_name,
               const Vector& gradients) {
  svg.text({x, 84}, name, {.bold = true});
  for (std::size_t i = 0; i < 2; ++i) {
    svg.rectangle({x - half_width, rows[i] - half_height}, 2 * half_width, 2 * half_height, "#f5f7fa", grey);
    svg.text({x, rows[i] - 7}, fmt::format("{:+.3f}", values[i]), {.size = 14});
    svg.text({x, rows[i] + 17}, fmt::format("{:+.3f}", gradients[i]), {.colour = orange, .size = 14, .bold = true});
  }
  svg.text({x, 318}, gradient_name, {.colour = orange, .bold = true});
}

/// From every box on the left to every box on the right, with the weight on the line.
void weights_between(Svg& svg, double left, double right, ConstMatrixView W) {
  const auto at = [&](std::size_t i, std::size_t o, double share) {
    const double x = left + half_width, width = right - left - 2 * half_width;
    return Point{x + share * width, rows[i] + share * (rows[o] - rows[i])};
  };
  for (std::size_t o = 0; o < 2; ++o)
    for (std::size_t i = 0; i < 2; ++i) svg.line(at(i, o, 0), at(i, o, 1), grey, 1.5);
  for (std::size_t o = 0; o < 2; ++o)
    for (std::size_t i = 0; i < 2; ++i) {
      const Point middle = at(i, o, o == i ? 0.5 : 0.25);
      on_white(svg, {middle.x, middle.y + 4}, fmt::format("{:+.1f}", W(o, i)), {.size = 12}, 32);
    }
}

std::string draw() {
  Svg svg(760, 390, "The values of a network, and under each of them the gradient that flows back");
  const Pass pass = example_pass();
  nn::Network network = example_network();
  svg.arrow({columns[0], 36}, {columns[3], 36});
  on_white(svg, {380, 40}, "forward: the values", {}, 136);
  svg.arrow({columns[3], 350}, {columns[0], 350}, orange);
  on_white(svg, {380, 354}, "back: the gradient of J, injected at the logits", {.colour = orange}, 300);
  weights_between(svg, columns[0], columns[1], network.weight(0));
  weights_between(svg, columns[2], columns[3], network.weight(1));
  for (std::size_t i = 0; i < 2; ++i) {
    const double middle = (columns[1] + columns[2]) / 2;
    svg.line({columns[1] + half_width, rows[i]}, {columns[2] - half_width, rows[i]}, grey, 1.5);
    svg.text({middle, rows[i] - 8}, "tanh", {.size = 12});
    svg.text({middle, rows[i] + 17}, fmt::format("times {:.3f}", 1 - pass.h[i] * pass.h[i]),
             {.colour = orange, .size = 12});
  }
  two_boxes(svg, columns[0], "state x", example_state(), "dx", pass.dx);
  two_boxes(svg, columns[1], "sums u", pass.u, "du", pass.du);
  two_boxes(svg, columns[2], "hidden h", pass.h, "dh", pass.dh);
  two_boxes(svg, columns[3], "logits z", pass.z, "dz", pass.dz);
  svg.text({380, 380}, "on a line: its weight; the biases are not drawn", {.size = 12});
  return svg.done();
}

}  // namespace ch02

const Chapter chapter_2 = {2, ch02::print, "02-backward", ch02::draw};

}  // namespace book
