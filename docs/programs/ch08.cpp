/// docs/08-baselines-and-entropy.md
#include <vector>

#include "docs/programs/book.hpp"
#include "docs/programs/contents.hpp"
#include "docs/programs/svg.hpp"
#include "nn/arithmetic/elementary.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "nn/loss.hpp"
#include "nn/network.hpp"
#include "nn/optimizer.hpp"
#include "rl/baseline.hpp"
#include "rl/oracle/oracle.hpp"
#include "rl/returns.hpp"

namespace book {
namespace ch08 {

constexpr Scalar returns[] = {2, 1};

struct Spread {
  Vector mean = Vector(2);
  Scalar variance = 0;  // of the first entry
};
/// The injected vector of one step, on average, when action k has the weight weights[k].
Spread expected(Scalar of_0, Scalar of_1) {
  Spread result;
  const Scalar weights[] = {of_0, of_1};
  const Vector p = softmax(logits());
  for (const int action : {0, 1}) {
    const auto k = static_cast<std::size_t>(action);
    const Vector injected = inject(logits(), action, weights[k]);
    nn::axpy(p[k], injected, result.mean);
    result.variance += p[k] * injected[0] * injected[0];
  }
  result.variance -= result.mean[0] * result.mean[0];
  return result;
}
Spread minus(Scalar b) {
  return expected(returns[0] - b, returns[1] - b);
}

void what_may_be_subtracted() {
  title("8a  returns 2 and 1, minus b                    mean injected     variance");
  const auto row = [](std::string_view name, const Spread& s) {
    fmt::print("  {:<46}{}  {:8.4f}\n", name, show(s.mean), s.variance + 0.);
  };
  row("b = 0", minus(0));
  row("b = 1", minus(1));
  row("b = 1.4, the minimum-variance baseline", minus(Scalar(1.4)));
  row("b = 1.6, the mean return", minus(Scalar(1.6)));
  row("b = -10", minus(-10));
  title("8b  a baseline that looks at the action");
  row("b = the return itself", expected(returns[0] - 2, returns[1] - 1));
  row("b = 1.5 after action 0, 0 after action 1", expected(returns[0] - Scalar(1.5), returns[1]));
}

/// One b for every step and parameter: the variance is a parabola in b, known by three of its points.
void one_for_all() {
  nn::Random rng(7);
  nn::Network policy({3, 2}, nn::Activation::identity, rng, 2);
  rl::Oracle oracle(envs::dense_world, policy, 1);
  const auto variance = [&](double b) {
    return oracle
        .moments(rl::Categorical(), 1,
                 [b](const rl::Batch& batch, nn::VectorView coefficients) {
                   rl::discounted_returns(batch.rewards, 1, coefficients);
                   for (Scalar& x : coefficients) x -= Scalar(b);
                 })
        .variance;
  };
  const double at_0 = variance(0), above = variance(1), below = variance(-1);
  const double best = (below - above) / (2 * (above + below - 2 * at_0));
  title("8c  dense rewards, gamma = 1: one b for every step and parameter");
  fmt::print("  {:<38}{:9.3f}\n", "b = 0", at_0);
  fmt::print("  b = {:.3f}, {:<27}{:9.3f}\n", oracle.J(), "the mean return", variance(oracle.J()));
  fmt::print("  b = {:.3f}, {:<27}{:9.3f}\n", best, "by (8.5)", variance(best));
}

/// Every batch of `count` episodes of one step, weighed by `weigh`: the mean of the first injected number.
template <class Weigh>
Scalar batches(std::size_t count, Weigh weigh) {
  Scalar mean = 0;
  const Vector p = softmax(logits());
  for (std::size_t code = 0; code < std::size_t(1) << count; ++code) {
    Scalar probability = 1, total = 0;
    Vector weights;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t k = code >> i & 1;
      probability *= p[k], weights.push_back(returns[k]);
    }
    weigh(weights);
    for (std::size_t i = 0; i < count; ++i) total += inject(logits(), int(code >> i & 1), weights[i])[0];
    mean += probability * total / static_cast<Scalar>(count);
  }
  return mean;
}

void the_others() {
  title("8d  the mean of the batch as baseline");
  Vector weights = {2, 1, 2};
  line("three returns", weights);
  rl::subtract_leave_one_out(std::vector<rl::Episode>{{0, 1}, {1, 1}, {2, 1}}, weights);
  line("minus the mean of the other two", weights);
  line("minus the mean of all three", Vector{Scalar(1) / 3, -Scalar(2) / 3, Scalar(1) / 3});
  title("8e  N episodes    leave one out   own return included   (N - 1) / N");
  for (const std::size_t N : {2u, 3u, 8u}) {
    std::vector<rl::Episode> episodes;
    for (std::size_t i = 0; i < N; ++i) episodes.push_back({i, 1});
    const Scalar others = batches(N, [&](Vector& w) { rl::subtract_leave_one_out(episodes, w); });
    const Scalar all = batches(N, [&](Vector& w) {
      const Scalar mean = nn::sum(w) / static_cast<Scalar>(N);
      for (Scalar& x : w) x -= mean;
    });
    fmt::print("  N = {:<12}{:13.3f}{:22.3f}{:14.3f}\n", N, others, all, 1 - Scalar(1) / static_cast<Scalar>(N));
  }
}

void a_critic() {
  const Scalar V = Scalar(1.5), target = 2, one = 1;
  title("8f  a critic says V = 1.5, the return was 2");
  Vector derivative(1);
  nn::squared_error_gradient({&V, 1, 1}, {&target, 1, 1}, {&one, 1}, column(derivative));
  line("derivative of its loss with respect to V", derivative);
  line("the policy's coefficient, G - V", target - V);
  line("derivative of -(G - V) log p(a), the same",
       numerical_gradient({V}, [&](const Vector& v) { return -(target - v[0]) * log_prob(logits(), a); }));
}

Scalar entropy(const Vector& z) {
  Scalar H = 0;
  rl::Categorical().entropy(column(z), {&H, 1});
  return H;
}
Vector entropy_gradient(const Vector& z, Scalar coefficient) {
  Vector result(z.size());
  rl::Categorical().entropy_gradient(column(z), {&coefficient, 1}, column(result));
  return result;
}

void what_may_be_added() {
  title("8g  entropy");
  line("of (0.5, 0.5), the largest for two actions", entropy({0, 0}));
  line("of (0.6, 0.4)", entropy(logits()));
  line("of logits 800 and -800", entropy({800, -800}));
  line("its gradient at (0.6, 0.4)", entropy_gradient(logits(), 1));
  line("by central differences", numerical_gradient(logits(), entropy));
  const Vector p = softmax(logits());
  line("-p (log p + H), by hand",
       Vector{-p[0] * (nn::log(p[0]) + entropy(logits())), -p[1] * (nn::log(p[1]) + entropy(logits()))});

  title("8h  climb J + c H, 10000 steps of 0.1: p(0)       softmax(returns / c)");
  for (const Scalar c : {Scalar(2), Scalar(1), Scalar(0.5), Scalar(0.1)}) {
    Vector z = logits();
    nn::Sgd sgd({.learning_rate = Scalar(0.1)});
    for (int step = 0; step < 10'000; ++step) {
      Vector gradient = entropy_gradient(z, c);
      const Vector q = softmax(z);
      for (const int action : {0, 1}) nn::axpy(q[std::size_t(action)], inject(z, action, returns[action]), gradient);
      sgd.ascend(z, gradient);
    }
    fmt::print("  c = {:<40}{:9.3f}{:26.3f}\n", c, softmax(z)[0], softmax({2 / c, 1 / c})[0]);
  }
}

void print() {
  what_may_be_subtracted();
  one_for_all();
  the_others();
  a_critic();
  what_may_be_added();
}

std::string draw() {
  Svg svg(760, 340, "The variance of the gradient against the baseline, and the entropy against the probability");
  const Axes noise{70, 360, 60, 260, 0, 2.8, 0, 0.5};
  noise.draw(svg, {{0, "0"}, {1, "1"}, {1.4, "1.4"}, {2, "2"}, {2.8, "2.8"}}, {{0, "0"}, {0.25, "0.25"}, {0.5, "0.5"}},
             "baseline b", "variance");
  std::vector<Point> parabola;
  for (int i = 0; i <= 56; ++i) parabola.push_back(noise(i / 20., minus(Scalar(i) / 20).variance));
  svg.curve(parabola, blue);
  const auto mark = [&](double b, std::string_view name, Point at_text) {
    const Point at = noise(b, double(minus(Scalar(b)).variance));
    svg.line({at_text.x, at_text.y + 5}, at, grey, 1);
    svg.circle(at, 5, orange);
    svg.text(at_text, name, {.size = 12});
  };
  const Point start = noise(0, double(minus(0).variance));
  svg.circle(start, 5, orange);
  svg.text({start.x + 14, start.y + 4}, "no baseline", {.anchor = "start", .size = 12});
  mark(1.6, "mean return", {noise(1.84, 0).x, noise(0, 0.18).y});
  mark(1.4, "least variance", {noise(1.2, 0).x, noise(0, 0.3).y});
  const Axes spread{450, 730, 60, 260, 0, 1, -0.4, 0.8};
  spread.draw(svg, {{0, "0"}, {0.5, "0.5"}, {1, "1"}}, {{-0.4, "-0.4"}, {0, "0"}, {0.4, "0.4"}, {0.693, "0.693"}},
              "p(0)", "entropy, and its derivative in z(0)");
  std::vector<Point> H, derivative;
  for (int i = 1; i < 100; ++i) {
    const Scalar p = Scalar(i) / 100;
    const Vector z = {nn::log(p), nn::log(1 - p)};
    H.push_back(spread(double(p), double(entropy(z))));
    derivative.push_back(spread(double(p), double(entropy_gradient(z, 1)[0])));
  }
  svg.curve(H, blue);
  svg.curve(derivative, orange);
  svg.text({590, 98}, "entropy", {.colour = blue, .bold = true});
  svg.text({535, 228}, "its derivative", {.colour = orange, .bold = true});
  return svg.done();
}

}  // namespace ch08

const Chapter chapter_8 = {8, ch08::print, "08-baselines-and-entropy", ch08::draw};

}  // namespace book
