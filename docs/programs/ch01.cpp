/// docs/01-a-dense-layer.md
#include "docs/programs/book.hpp"
#include "docs/programs/contents.hpp"
#include "docs/programs/example.hpp"
#include "docs/programs/svg.hpp"
#include "nn/arithmetic/elementary.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "nn/dense.hpp"

namespace book {
namespace ch01 {

Vector apply(ConstMatrixView W, const Vector& b, const Vector& x) {
  Vector y(W.rows());
  nn::dense_forward(W, b, column(x), column(y));
  return y;
}

void one_state() {
  const Pass pass = example_pass();
  title("1d  one state through two layers");
  line("state x", example_state());
  line("sums u = W1 x + b1", pass.u);
  line("hidden h = tanh(u)", pass.h);
  nn::Network network = example_network();
  line("biases b2", network.bias(1));
  line("logits z = W2 h + b2", pass.z);
  line("probabilities softmax(z)", pass.p);
}

void a_batch() {
  nn::Network network = example_network();
  Matrix X(2, 3), Y(2, 3);
  const Scalar columns[] = {Scalar(0.5), 1, 0, -1, 2, 0};
  for (std::size_t i = 0; i < 6; ++i) X.flat()[i] = columns[i];
  nn::dense_forward(network.weight(0), network.bias(0), X, Y);
  title("1a  three states at once: a column each");
  for (std::size_t r = 0; r < 2; ++r)
    fmt::print("  X row {}  {}    Y row {}  {}\n", r, show(X.row(r)), r, show(Y.row(r)));
  Vector x = {1, 2};
  const Vector b(network.bias(0).begin(), network.bias(0).end());
  line("the second state on its own", apply(network.weight(0), b, x));
}

void without_a_bend() {
  nn::Network network = example_network();
  const auto W1 = network.weight(0), W2 = network.weight(1);
  const Vector b1(network.bias(0).begin(), network.bias(0).end()), b2(network.bias(1).begin(), network.bias(1).end());
  Matrix product(2, 2);
  nn::dense_forward(W2, Vector(2), W1, product);  // W2 W1: the columns of W1 are its states
  title("1b  two layers without tanh are one");
  line("W2 (W1 x + b1) + b2", apply(W2, b2, apply(W1, b1, example_state())));
  line("(W2 W1) x + (W2 b1 + b2)", apply(product, apply(W2, b2, b1), example_state()));

  title("1c  a bend in the middle");
  for (const Scalar x : {Scalar(-3), Scalar(-1), Scalar(0), Scalar(1), Scalar(3)})
    fmt::print("  x = {:+.0f}   tanh {:+.3f}   relu {:+.3f}\n", x, nn::tanh(x), x > 0 ? x : 0);
}

/// The size (root of the mean square) of the numbers after each of ten layers of 64 tanh units.
Vector sizes(Scalar variance_times_inputs) {
  constexpr std::size_t n = 64, states = 50;
  nn::Random rng(7);
  Matrix X(n, states), Y(n, states), W(n, n);
  for (Scalar& x : X.flat()) x = static_cast<Scalar>(rng.uniform(-1, 1));
  Vector result;
  const double limit = std::sqrt(3 * double(variance_times_inputs) / n);
  for (int layer = 1; layer <= 10; ++layer) {
    for (Scalar& w : W.flat()) w = static_cast<Scalar>(rng.uniform(-limit, limit));
    nn::dense_forward(W, Vector(n), X, Y);
    if (layer == 1) result.push_back(std::sqrt(nn::dot(Y.flat(), Y.flat()) / (n * states)));
    nn::activation_forward(nn::Activation::tanh, Y);
    if (layer == 1 || layer == 2 || layer == 5 || layer == 10)
      result.push_back(std::sqrt(nn::dot(Y.flat(), Y.flat()) / (n * states)));
    std::swap(X, Y);
  }
  return result;
}

void where_to_start() {
  title("1e  ten layers of 64 tanh units: how large the numbers are, inputs 0.577");
  fmt::print("  variance of a weight    sums of layer 1   after layer 1       2       5      10\n");
  const auto row = [](std::string_view name, Scalar v) {
    const Vector s = sizes(v);
    fmt::print("  {:<24}{:>15.3f}{:>16.3f}{:>8.3f}{:>8.3f}{:>8.3f}\n", name, s[0], s[1], s[2], s[3], s[4]);
  };
  row("1 / 64, that is 1 / n", 1);
  row("0.1 / n", Scalar(0.1));
  row("64 / n, that is 1", 64);
}

void print() {
  a_batch();
  without_a_bend();
  one_state();
  where_to_start();
}

constexpr double box = 68, gap = 98;  // wide

void vector_box(Svg& svg, double left, std::string_view name, const Vector& numbers, std::string_view colour) {
  svg.rectangle({left, 104}, box, 96, "#f5f7fa", colour);
  svg.text({left + box / 2, 94}, name, {.bold = true});
  for (std::size_t i = 0; i < 2; ++i)
    svg.text({left + box / 2, 142 + 36 * double(i)}, fmt::format("{:+.3f}", numbers[i]));
}

std::string draw() {
  Svg svg(760, 300, "One state through a dense layer, tanh, another dense layer and softmax");
  const Pass pass = example_pass();
  const struct {
    std::string_view name;
    const Vector& numbers;
    std::string_view colour, below;
  } boxes[] = {{"x", example_state(), blue, "kept for later"},
               {"u", pass.u, grey, ""},
               {"h", pass.h, blue, "kept for later"},
               {"z", pass.z, orange, "logits"},
               {"p", pass.p, green, "probabilities"}};
  const std::string_view steps[] = {"W1 x + b1", "tanh", "W2 h + b2", "softmax"};
  const std::string_view shapes[] = {"W1 is 2 x 2", "each entry", "W2 is 2 x 2", "the column"};
  double left = 14;
  for (std::size_t i = 0; i < 5; ++i, left += box + gap) {
    vector_box(svg, left, boxes[i].name, boxes[i].numbers, boxes[i].colour);
    svg.text({left + box / 2, 226}, boxes[i].below, {.colour = boxes[i].colour, .size = 12});
    if (i == 4) break;
    const double middle = left + box + gap / 2;
    svg.arrow({middle - 38, 152}, {middle + 38, 152});
    svg.text({middle, 138}, steps[i], {.size = 12});
    svg.text({middle, 174}, shapes[i], {.colour = "#555555", .size = 12});
  }
  svg.text({14, 36}, "one state, layer by layer", {.anchor = "start", .size = 15, .bold = true});
  svg.text({14, 276}, "a batch: the same arrows, with one column per state", {.anchor = "start", .size = 12});
  return svg.done();
}

}  // namespace ch01

const Chapter chapter_1 = {1, ch01::print, "01-a-dense-layer", ch01::draw};

}  // namespace book
