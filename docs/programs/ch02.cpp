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

std::string draw() {
  Svg svg(760, 360, "The injected vector flows back through the network");
  const Pass pass = example_pass();
  nn::Network network = example_network();
  const double rows[] = {120, 250}, columns[] = {90, 300, 470, 660};
  const auto pair = [&](double x, std::string_view name, const Vector& numbers, std::string_view colour) {
    svg.text({x, 40}, name, {.bold = true});
    for (std::size_t i = 0; i < 2; ++i) {
      svg.circle({x, rows[i]}, 34, colour);
      svg.text({x, rows[i] + 5}, fmt::format("{:+.3f}", numbers[i]), {.colour = "#ffffff", .bold = true});
    }
  };
  const auto edges = [&](double from, double to, ConstMatrixView W) {
    for (std::size_t o = 0; o < 2; ++o)
      for (std::size_t i = 0; i < 2; ++i) {
        const Point start = {from, rows[o]}, end = {to, rows[i]};
        const double length = std::hypot(end.x - start.x, end.y - start.y), ux = (end.x - start.x) / length,
                     uy = (end.y - start.y) / length;
        svg.arrow({start.x + 36 * ux, start.y + 36 * uy}, {end.x - 36 * ux, end.y - 36 * uy}, grey, 1.5);
        const double share = o == i ? 0.5 : 0.32;
        svg.text({start.x + share * (end.x - start.x), start.y + share * (end.y - start.y) - 7},
                 fmt::format("{:+.1f}", W(o, i)), {.size = 12});
      }
  };
  edges(columns[3], columns[2], network.weight(1));
  edges(columns[1], columns[0], network.weight(0));
  for (const double y : rows) svg.arrow({columns[2] - 36, y}, {columns[1] + 36, y}, blue);
  for (std::size_t i = 0; i < 2; ++i)
    svg.text({(columns[1] + columns[2]) / 2, rows[i] - 10}, fmt::format("times {:.3f}", 1 - pass.h[i] * pass.h[i]),
             {.colour = blue, .size = 12});
  pair(columns[3], "dz, injected", pass.dz, orange);
  pair(columns[2], "dh", pass.dh, green);
  pair(columns[1], "du", pass.du, green);
  pair(columns[0], "dx", pass.dx, grey);
  svg.text({565, 320}, "times W2, then added", {.size = 12});
  svg.text({195, 320}, "times W1, then added", {.size = 12});
  svg.text({385, 320}, "derivatives of tanh", {.colour = blue, .size = 12});
  return svg.done();
}

}  // namespace ch02

const Chapter chapter_2 = {2, ch02::print, "02-backward", ch02::draw};

}  // namespace book
