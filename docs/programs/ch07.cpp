/// docs/07-returns-and-noise.md
#include <algorithm>
#include <vector>

#include "docs/programs/book.hpp"
#include "docs/programs/contents.hpp"
#include "docs/programs/svg.hpp"
#include "docs/programs/two_steps.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "nn/network.hpp"
#include "rl/oracle/estimators.hpp"
#include "rl/oracle/oracle.hpp"
#include "rl/returns.hpp"

namespace book {
namespace ch07 {

Vector returns(const Vector& rewards, Scalar gamma) {
  Vector result(rewards.size());
  rl::discounted_returns(rewards, gamma, result);
  return result;
}

void one_pass() {
  title("7a  returns, gamma = 0.9");
  line("rewards", Vector{1, 0, 0, 2}, 3);
  line("returns", returns({1, 0, 0, 2}, Scalar(0.9)), 3);
  line("the same with gamma = 1", returns({1, 0, 0, 2}, 1), 3);
  line("summed forwards, gamma = 1: the past", Vector{1, 1, 1, 3}, 3);

  title("7b  how far gamma looks");
  for (const Scalar gamma : {Scalar(0.9), Scalar(0.99), Scalar(0.999)}) {
    const Vector G = returns(Vector(20'000, 1), gamma);
    const auto horizon = static_cast<std::size_t>(std::lround(1 / (1 - gamma)));
    const Scalar near = returns(Vector(horizon, 1), gamma)[0];
    fmt::print("  gamma = {:<8} 1 / (1 - gamma) = {:<6} sum of all factors {:8.3f}   of the first {:<5} {:8.3f}\n",
               gamma, horizon, G[0], horizon, near);
  }
}

void two_steps_noise() {
  title("7c  two steps of (0.6, 0.4): the first injected number     mean   variance");
  const auto row = [](std::string_view name, auto number) {
    Scalar mean = 0, square = 0;
    for (const TwoSteps& e : two_steps()) {
      const Scalar x = number(e);
      mean += e.probability * x, square += e.probability * x * x;
    }
    fmt::print("  {:<54}{:8.3f}{:11.4f}\n", name, mean, square - mean * mean);
  };
  row("the total return R for both steps", [](const TwoSteps& e) { return e.injected(Weight::total); });
  row("what follows, G_t", [](const TwoSteps& e) { return e.injected(Weight::to_go); });
  row("G_t - 1.6 for each step that is left",
      [](const TwoSteps& e) { return (e.G[0] - Scalar(3.2)) * e.score(0) + (e.G[1] - Scalar(1.6)) * e.score(1); });
  row("second step alone, its own reward", [](const TwoSteps& e) { return e.reward(1) * e.score(1); });
  row("second step alone, with the first reward added",
      [](const TwoSteps& e) { return (e.reward(0) + e.reward(1)) * e.score(1); });
}

constexpr std::string_view ladder[] = {"total return R",
                                       "reward-to-go G_t",
                                       "G_t - E[R]",
                                       "G_t - V(s_t)",
                                       "TD error, r_t + gamma V(s') - V(s)",
                                       "G_t - 10, a constant far off"};

std::vector<double> variances() {
  nn::Random rng(7);
  nn::Network policy({3, 2}, nn::Activation::identity, rng, 2);
  rl::Oracle oracle(envs::dense_world, policy, 1);
  std::vector<double> result;
  for (const std::string_view name : ladder)
    result.push_back(rl::moments(oracle, *std::ranges::find(rl::estimators(), name, &rl::Estimator::name)).variance);
  return result;
}

void the_ladder() {
  title("7d  the world with dense rewards, gamma = 1: variance of one episode's gradient");
  const auto found = variances();
  for (std::size_t i = 0; i < found.size(); ++i) fmt::print("  {:<40}{:9.3f}\n", ladder[i], found[i]);
}

void many_episodes() {
  title("7e  the mean of N injected numbers, 1000 times: its spread     predicted");
  nn::Random rng(7);
  const Scalar up[] = {Scalar(0.8), Scalar(-0.6)};
  for (const std::size_t count : {1u, 10u, 100u, 1000u}) {
    Scalar sum = 0, square = 0;
    for (int repeat = 0; repeat < 1000; ++repeat) {
      Scalar total = 0;
      for (std::size_t i = 0; i < count; ++i) total += up[rng.uniform() < 0.6 ? 0 : 1];
      const Scalar mean = total / static_cast<Scalar>(count);
      sum += mean, square += mean * mean;
    }
    fmt::print("  N = {:<50}{:8.3f}{:14.3f}\n", count, std::sqrt(square / 1000 - sum * sum / 1e6),
               std::sqrt(0.4704 / double(count)));
  }
}

void the_end() {
  title("7f  three steps that pay 1, gamma = 0.9, V(last state) = 10");
  const Vector rewards = {1, 1, 1}, next_values = {0, 0, 10};
  const int none[] = {0, 0, 0}, last[] = {0, 0, 1};
  Vector G(3);
  rl::bootstrapped_returns({rewards, next_values, last, none}, Scalar(0.9), G);
  line("the task ended: nothing follows", G);
  rl::bootstrapped_returns({rewards, next_values, none, last}, Scalar(0.9), G);
  line("time ran out: the value stands for the rest", G);
}

void print() {
  one_pass();
  two_steps_noise();
  the_ladder();
  many_episodes();
  the_end();
}

std::string draw() {
  Svg svg(760, 300, "Five coefficients with the same mean, and their variance");
  svg.text({30, 34}, "variance of one episode's gradient; all five have the same mean",
           {.anchor = "start", .bold = true});
  const auto found = variances();
  const std::string_view names[] = {"total return R", "reward-to-go G_t", "G_t - E[R]", "G_t - V(s_t)", "TD error"};
  const std::string_view colours[] = {orange, violet, grey, blue, green};
  const double widest = *std::max_element(found.begin(), found.begin() + 5);
  for (std::size_t i = 0; i < 5; ++i) {
    const double y = 60 + 44 * double(i), width = 480 * found[i] / widest;
    svg.text({150, y + 20}, names[i], {.anchor = "end"});
    svg.rectangle({160, y}, width, 30, colours[i]);
    svg.text({168 + width, y + 20}, fmt::format("{:.2f}", found[i]), {.anchor = "start"});
  }
  svg.text({160, 290},
           fmt::format("G_t - 10, a constant far off, would need {:.1f} times the width", found[5] / widest),
           {.anchor = "start", .size = 12});
  return svg.done();
}

}  // namespace ch07

const Chapter chapter_7 = {7, ch07::print, "07-returns-and-noise", ch07::draw};

}  // namespace book
