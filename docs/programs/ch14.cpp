/// docs/14-same-seed-same-bits.md
#include <cmath>
#include <vector>

#include "docs/programs/book.hpp"
#include "docs/programs/contents.hpp"
#include "docs/programs/svg.hpp"
#include "nn/arithmetic/elementary.hpp"
#include "nn/arithmetic/product.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "nn/network.hpp"
#include "tests/nn/reference.hpp"

namespace book {
namespace ch14 {

/// Adds one after the other, and keeps what rounding took away (Neumaier): the reference.
double exact_sum(nn::ConstVectorView x) {
  double sum = 0, lost = 0;
  for (const double value : x) {
    const double next = sum + value;
    lost += std::abs(sum) >= std::abs(value) ? (sum - next) + value : (value - next) + sum;
    sum = next;
  }
  return sum + lost;
}
double forwards(nn::ConstVectorView x) {
  double sum = 0;
  for (const double value : x) sum += value;
  return sum;
}
double backwards(nn::ConstVectorView x) {
  double sum = 0;
  for (std::size_t i = x.size(); i-- > 0;) sum += x[i];
  return sum;
}

Vector numbers(std::size_t count) {
  nn::Random rng(7);
  Vector x(count);
  for (Scalar& value : x) value = rng.uniform();
  return x;
}

void order_matters() {
  title("14a  the same three numbers");
  fmt::print("  (0.1 + 0.2) + 0.3                                {:.17f}\n", (0.1 + 0.2) + 0.3);
  fmt::print("  0.1 + (0.2 + 0.3)                                {:.17f}\n", 0.1 + (0.2 + 0.3));
}

void sums() {
  const Vector x = numbers(100'000);
  title("14c  the same 100000 numbers                       their sum            off by");
  const double exact = exact_sum(x);
  const auto row = [exact](std::string_view name, double sum) {
    fmt::print("  {:<42}{:>18.11f}{:>18.1e}\n", name, sum, std::abs(sum - exact));
  };
  row("one after the other", forwards(x));
  row("from the last to the first", backwards(x));
  row("in 16 partial sums: nn::sum", nn::sum(x));
}

void fused() {
  const double x = 0.1;
  title("14b  x = 0.1: x * x minus x * x");
  fmt::print("  two roundings, twice the same                    {:>10.2e}\n", x * x - x * x);
  fmt::print("  the first product fused with the difference      {:>10.2e}\n", std::fma(x, x, -(x * x)));
}

void functions() {
  title("14d  e^x = 2^k e^r");
  for (const double x : {1., 10., -3.}) {
    const double k = std::round(x / 0.6931471805599453), r = x - k * 0.6931471805599453;
    fmt::print("  x = {:>3}   k = {:>3}   r = {:+.3f}   nn::exp {:.15g}\n", x, k, r, nn::exp(x));
  }
  line("the first term left out, r^14 / 14!, at its largest",
       fmt::format("{:10.1e}", std::pow(0.6931471805599453 / 2, 14) / 87178291200.));
}

std::size_t equal(nn::ConstVectorView x, nn::ConstVectorView y) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < x.size(); ++i) count += x[i] == y[i] ? 1 : 0;
  return count;
}

void whatever_stands_beside() {
  nn::Random rng(7);
  nn::Network network({4, 32, 2}, nn::Activation::tanh, rng);
  Matrix X(4, 64), alone(2, 64);
  for (Scalar& x : X.flat()) x = rng.uniform(-1, 1);
  for (std::size_t t = 0; t < 64; ++t) {
    const auto z = network.feedforward(X.view().columns(t, 1));
    alone(0, t) = z(0, 0), alone(1, t) = z(1, 0);
  }
  const auto together = network.feedforward(X);
  title("14e  equal to the last bit");
  fmt::print("  64 states at once, and one at a time             {} of 128 logits\n",
             equal(together.row(0), alone.row(0)) + equal(together.row(1), alone.row(1)));
  Matrix W(33, 17), inputs(17, 70), fast(33, 70), plain(33, 70);
  Vector b(33);
  for (Matrix* m : {&W, &inputs})
    for (Scalar& x : m->flat()) x = rng.uniform(-1, 1);
  nn::product(W, inputs, b, fast);
  tests::plain_product(W, inputs, b, plain);
  fmt::print("  the fast product, and three plain loops          {} of {} entries\n", equal(fast.flat(), plain.flat()),
             plain.flat().size());
}

void streams() {
  title("14f  the generator");
  nn::Random seven(7), third({7, 0, 3}), fourth({7, 0, 4});
  const auto three = [](nn::Random& rng) {
    const double first = rng.uniform(), second = rng.uniform();
    return fmt::format("{:.6f}, {:.6f}, {:.6f}", first, second, rng.uniform());
  };
  line("Random(7), and NumPy's default_rng(7)", three(seven));
  line("seed 7, update 0, episode 3", three(third));
  line("seed 7, update 0, episode 4", three(fourth));
}

/// Each rank adds up its own share, and then the shares are added.
double all_reduce(nn::ConstVectorView x, std::size_t ranks) {
  double sum = 0;
  for (std::size_t rank = 0; rank < ranks; ++rank)
    sum += forwards(x.subspan(rank * x.size() / ranks, x.size() / ranks));
  return sum;
}

void ranks() {
  const Vector x = numbers(128);
  title("14g  one entry of the gradients of 128 groups, added up");
  for (const std::size_t count : {1u, 2u, 4u})
    fmt::print("  {} rank{}   each adds its own, then the sums{:>22.16f}\n", count, count == 1 ? " " : "s",
               all_reduce(x, count));
  fmt::print("  any number, gathered first, added in order{:>22.16f}\n", forwards(x));
}

void print() {
  order_matters();
  fused();
  sums();
  functions();
  whatever_stands_beside();
  streams();
  ranks();
}

std::string draw() {
  Svg svg(760, 360, "The error of a sum against its length, for two orders of adding");
  const Axes axes{80, 720, 60, 300, 2, 5, -16, -13.5};
  axes.draw(svg, {{2, "100"}, {3, "1000"}, {4, "10,000"}, {5, "100,000"}},
            {{-16, "1e-16"}, {-15, "1e-15"}, {-14, "1e-14"}}, "numbers added",
            "error of the sum, relative, worst of 20");
  const Vector x = numbers(400'000);
  const auto curve = [&](auto add, std::string_view colour) {
    std::vector<Point> points;
    for (int i = 0; i <= 12; ++i) {
      const double exponent = 2 + i / 4.;
      const auto count = static_cast<std::size_t>(std::llround(std::pow(10., exponent)));
      double worst = 1e-16;
      for (std::size_t start = 0; start < 20; ++start) {  // different numbers, as long as there are enough
        const auto part =
            nn::ConstVectorView(x).subspan(start * std::min<std::size_t>(count, (x.size() - count) / 20), count);
        const double exact = exact_sum(part);
        worst = std::max(worst, std::abs(add(part) - exact) / exact);
      }
      points.push_back(axes(exponent, std::log10(worst)));
    }
    svg.curve(points, colour);
  };
  curve(forwards, orange);
  curve([](nn::ConstVectorView part) { return double(nn::sum(part)); }, blue);
  svg.text({430, 130}, "one after the other", {.colour = orange, .bold = true});
  svg.text({600, 270}, "16 partial sums", {.colour = blue, .bold = true});
  return svg.done();
}

}  // namespace ch14

const Chapter chapter_14 = {14, ch14::print, "14-same-seed-same-bits", ch14::draw};

}  // namespace book
