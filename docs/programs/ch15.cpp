/// docs/15-how-far-is-a-step.md
#include <algorithm>
#include <memory>
#include <vector>

#include "docs/programs/book.hpp"
#include "docs/programs/cartpole_training.hpp"
#include "docs/programs/contents.hpp"
#include "docs/programs/svg.hpp"
#include "docs/programs/walks.hpp"
#include "nn/arithmetic/elementary.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "nn/optimizer.hpp"
#include "nn/softmax.hpp"
#include "rl/sampling/parallel_gradient.hpp"
#include "rl/sampling/rollout.hpp"
#include "rl/training/evaluate.hpp"

namespace book {
namespace ch15 {

// #region kl
Scalar kl(const Vector& p, const Vector& q) {
  Scalar sum = 0;
  for (std::size_t k = 0; k < p.size(); ++k) sum += p[k] * nn::log(p[k] / q[k]);
  return sum;
}
/// (diag p - p p^T) x
Vector fisher(const Vector& p, const Vector& x) {
  const Scalar mean = nn::dot(p, x);
  Vector result(p.size());
  for (std::size_t k = 0; k < p.size(); ++k) result[k] = p[k] * (x[k] - mean);
  return result;
}
// #endregion kl

Vector logits_of(Scalar p) {
  return {nn::log(p), nn::log(1 - p)};
}

void two_lengths() {
  title("15a  the logits move by (+0.08, -0.08)");
  fmt::print("  p(0) before    after        KL   the parabola\n");
  const Vector dz = {Scalar(0.08), -Scalar(0.08)};
  for (const Scalar p_0 : {Scalar(0.5), Scalar(0.6), Scalar(0.9), Scalar(0.99)}) {
    Vector z = logits_of(p_0);
    const Vector p = softmax(z);
    nn::axpy(1, dz, z);
    const Vector q = softmax(z);
    fmt::print("  {:11.3f}{:9.3f}{:10.6f}{:15.6f}\n", p[0], q[0], kl(p, q), nn::dot(dz, fisher(p, dz)) / 2);
  }
}

void natural() {
  title("15b  returns 2 and 1: the mean of                  (one_hot - p) G     (one_hot - 1/2) G / p_a");
  for (const Scalar p_0 : {Scalar(0.5), Scalar(0.6), Scalar(0.9), Scalar(0.99)}) {
    const Vector p = softmax(logits_of(p_0));
    Vector plain(2), by_p(2);
    for (const std::size_t k : {0u, 1u}) {
      const Scalar G_k = k == 0 ? 2 : 1, half = Scalar(0.5);
      nn::axpy(p[k], inject(logits_of(p_0), int(k), G_k), plain);
      for (const std::size_t j : {0u, 1u}) by_p[j] += p[k] * ((j == k ? 1 : 0) - half) * G_k / p[k];
    }
    line(fmt::format("p(0) = {:.2f}", p_0), show(plain) + "     " + show(by_p));
  }
}

/// One update of a training: the policy before it, what it played, and where the step led.
struct Update {
  rl::Policy before;
  nn::States states;
  Vector gradient, step;
  double mean_return;
};
Update one_update(CartPoleTraining& training, std::uint64_t number) {
  Update update{training.policy, {}, {}, {}, 0};
  rl::Player player(training.player);
  rl::Rollout rollout;
  update.states = rollout.collect(player, update.before, 0, 8, 0, number).states;  // seed 0, as update() plays them
  update.mean_return = training.update().mean_return();
  const auto now = training.policy.network.parameters(), was = update.before.network.parameters();
  const auto g = training.policy.network.gradients();
  update.gradient.assign(g.begin(), g.end());
  update.step.assign(now.begin(), now.end());
  nn::axpy(-1, was, update.step);
  return update;
}

/// The probabilities of both actions in some states, after `fraction` of a step.
Matrix probabilities(const Update& update, const Vector& step, Scalar fraction) {
  nn::Network network = update.before.network;
  nn::axpy(fraction, step, network.parameters());
  Matrix probs(2, update.states.cols());
  nn::softmax(network.feedforward(update.states), probs);
  return probs;
}
struct Moved {
  Scalar kl = 0, largest = 0, p = 0;  // mean and largest KL, mean change of a probability
  std::size_t where = 0;              // the largest
};
Moved moved(const Matrix& before, const Matrix& after) {
  Moved result;
  const auto states = static_cast<Scalar>(before.cols());
  for (std::size_t t = 0; t < before.cols(); ++t) {
    const Scalar one = kl({before(0, t), before(1, t)}, {after(0, t), after(1, t)});
    result.kl += one / states, result.p += std::abs(before(0, t) - after(0, t)) / states;
    if (one > result.largest) result.largest = one, result.where = t;
  }
  return result;
}

void every_update() {
  title("15c  seed 0, as in 9c    return     gradient     step    mean KL    largest KL");
  CartPoleTraining training(0);
  for (std::uint64_t number = 1; number <= 9; ++number) {
    const Update update = one_update(training, number);
    const Moved by = moved(probabilities(update, update.step, 0), probabilities(update, update.step, 1));
    fmt::print("  update {:>2}{:>21.1f}{:>13.1f}{:>9.3f}{:>11.4f}{:>14.3f}\n", number, update.mean_return,
               nn::norm(update.gradient), nn::norm(update.step), by.kl, by.largest);
  }
}

/// The gradient of other episodes of the same policy.
Vector another_gradient(const Update& update, std::size_t episodes, std::uint64_t seed) {
  rl::Policy policy = update.before;
  const nn::SgdOptions stay{.learning_rate = 0};
  rl::PolicyOptimizer optimizer(std::make_unique<nn::Sgd>(stay), std::make_unique<nn::Sgd>(stay));
  const rl::Player player(CartPoleTraining(0).player, std::min<std::size_t>(episodes, 32));
  rl::Reinforce(policy, optimizer, std::make_unique<rl::ParallelGradient>(policy, player, episodes, 1),
                {.episodes_per_update = episodes})
      .update(seed, 1);
  return {policy.network.gradients().begin(), policy.network.gradients().end()};
}
Scalar cosine(const Vector& x, const Vector& y) {
  return nn::dot(x, y) / (nn::norm(x) * nn::norm(y));
}

struct Return {
  double mean, error;
};
Return mean_return(const Update& update, const Vector& step, Scalar fraction) {
  rl::Policy policy = update.before;
  nn::axpy(fraction, step, policy.network.parameters());
  rl::Player player(CartPoleTraining(0).player, 100);
  const std::vector<double> returns = rl::evaluate(player, policy, 200, 7, 0, false);
  double sum = 0, square = 0;
  for (const double x : returns) sum += x / 200, square += x * x / 200;
  return {sum, std::sqrt((square - sum * sum) / 200)};
}

/// The third update of 9c, and the same policy's gradient from a thousand episodes, as long as the step.
struct Third {
  Update update;
  Vector truth, same_length;
};
const Third& third() {
  static const Third result = [] {
    CartPoleTraining training(0);
    training.update(), training.update();
    Update update = one_update(training, 3);
    const Vector truth = another_gradient(update, 1024, 1000);
    Vector same_length = truth;
    nn::scale(nn::norm(update.step) / nn::norm(truth), same_length);
    return Third{std::move(update), truth, same_length};
  }();
  return result;
}
constexpr Scalar fractions[] = {0,           Scalar(0.05), Scalar(0.1), Scalar(0.2), Scalar(0.3),
                                Scalar(0.4), Scalar(0.6),  Scalar(0.8), Scalar(1)};

void the_step() {
  const auto& [update, truth, same_length] = third();
  title("15d  the third update of 9c");
  const Matrix before = probabilities(update, update.step, 0), after = probabilities(update, update.step, 1);
  const Moved by = moved(before, after);
  line("states visited", fmt::format("{:6}", before.cols()));
  line("mean change of a probability", by.p);
  const auto where = [&](std::string_view name, std::size_t t) {
    line(fmt::format("p(right) {}, before and after", name), Vector{before(1, t), after(1, t)});
  };
  where("in the first state", 0);
  where("where it moved most", by.where);
  title("15e  a fraction of a step of length 0.504");
  fmt::print("  {:10}{:>32}{:>32}\n", "", "the step of update 3", "along 1024 episodes");
  fmt::print("  fraction      mean KL              return         mean KL              return\n");
  for (const Scalar f : fractions) {
    fmt::print("  {:<8.2f}", f);
    for (const Vector* step : {&update.step, &same_length}) {
      const Return r = mean_return(update, *step, f);
      fmt::print("{:>13.4f}{:>14.1f} +- {:.1f}", moved(before, probabilities(update, *step, f)).kl, r.mean, r.error);
    }
    fmt::print("\n");
  }
  title("15f  the directions of other gradients of the same policy: cosine with that of 1024 episodes");
  line("1024 others", cosine(another_gradient(update, 1024, 1001), truth));
  line("the eight of this update", cosine(update.gradient, truth));
  line("the step, which Adam made of it", cosine(update.step, truth));
  std::vector<Scalar> others;
  for (std::uint64_t seed = 2000; seed < 2040; ++seed)
    others.push_back(cosine(another_gradient(update, 8, seed), truth));
  std::ranges::sort(others);
  line("eight others, 40 times: the median", others[20]);
  line("the five smallest", Vector(others.begin(), others.begin() + 5));
}

void print() {
  two_lengths();
  natural();
  every_update();
  the_step();
  print_walks();
}

std::string draw() {
  Svg svg(760, 380, "Return against a fraction of a step, and forty walks without a return");
  svg.text({215, 20}, "the third update of seed 0", {.bold = true});
  const Axes left{70, 360, 50, 290, 0, 1, 0, 500};
  left.draw(svg, {{0, "0"}, {0.25, "1/4"}, {0.5, "1/2"}, {0.75, "3/4"}, {1, "1"}},
            {{0, "0"}, {100, "100"}, {200, "200"}, {300, "300"}, {400, "400"}, {500, "500"}}, "fraction of the step",
            "return of 200 episodes");
  const auto curve = [&](const Vector& step, std::string_view colour) {
    std::vector<Point> points;
    for (const Scalar f : fractions) points.push_back(left(f, mean_return(third().update, step, f).mean));
    svg.curve(points, colour);
    for (const Point& at : points) svg.circle(at, 2.5, colour);
  };
  curve(third().update.step, orange);
  curve(third().same_length, blue);
  svg.text({350, 92}, "same length, from 1024 episodes", {.anchor = "end", .colour = blue, .size = 12, .bold = true});
  svg.text({80, 262}, "as it was done, from 8", {.anchor = "start", .colour = orange, .size = 12, .bold = true});
  draw_walks(svg);
  return svg.done();
}

}  // namespace ch15

const Chapter chapter_15 = {15, ch15::print, "15-how-far-is-a-step", ch15::draw};

}  // namespace book
