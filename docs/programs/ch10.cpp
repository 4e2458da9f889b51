/// docs/10-from-a-critic-to-ppo.md
#include <array>
#include <cmath>
#include <vector>

#include "docs/programs/book.hpp"
#include "docs/programs/contents.hpp"
#include "docs/programs/svg.hpp"
#include "nn/arithmetic/elementary.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "nn/network.hpp"
#include "nn/optimizer.hpp"
#include "nn/softmax.hpp"
#include "rl/oracle/oracle.hpp"
#include "rl/ppo.hpp"
#include "rl/returns.hpp"

namespace book {
namespace ch10 {

constexpr Scalar epsilon = Scalar(0.2);
constexpr std::size_t steps = envs::TinyWorld::horizon;

/// The policy of `make oracle`.
nn::Network oracle_policy() {
  nn::Random rng(7);
  return {{3, 2}, nn::Activation::identity, rng, 2};
}

/// Q_t(s, a): the mean of G_t over every trajectory that takes `action` in `state` at step t.
Scalar q_value(const rl::Oracle& oracle, std::size_t t, std::size_t state, int action) {
  Scalar total = 0, probability = 0;
  for (const rl::Trajectory& tau : oracle.trajectories()) {
    if (tau.states[t] != state || tau.actions[t] != action) continue;
    Vector G(steps);
    rl::discounted_returns(tau.rewards, oracle.gamma(), G);
    total += tau.probability * G[t], probability += tau.probability;
  }
  return total / probability;
}

void one_step() {
  nn::Network policy = oracle_policy();
  const rl::Oracle oracle(envs::dense_world, policy, 1);
  const Scalar V = oracle.value(0, 0);
  title(fmt::format("10a  dense rewards, first step, state 0: V = {:.3f}", V));
  fmt::print("  {:12}{:>8}{:>9}   {:>27}{:>9}\n", "", "Q", "A = Q-V", "TD error, next state 0, 1, 2", "mean");
  for (const int action : {0, 1}) {
    const auto k = static_cast<std::size_t>(action);
    const Scalar reward = envs::dense_world.reward[0][0][k], Q = q_value(oracle, 0, 0, action);
    Scalar mean = 0;
    std::string errors;
    for (std::size_t next = 0; next < 3; ++next) {
      const Scalar td_error = reward + oracle.value(1, next) - V;
      errors += fmt::format("{:>+9.3f}", td_error);
      mean += envs::dense_world.transition[0][k][next] * td_error;
    }
    fmt::print("  action {:<5}{:>8.3f}{:>+9.3f}    {}{:>+9.3f}\n", action, Q, Q - V, errors, mean);
  }
  title("10b  the same, by a critic that says V/2 everywhere: e = -V/2");
  fmt::print("  {:12}{:>17}{:>15}{:>13}{:>10}\n", "", "mean TD error", "A = Q-V", "mean e(s')", "-e(s)");
  for (const int action : {0, 1}) {
    const auto k = static_cast<std::size_t>(action);
    Scalar following = 0;
    for (std::size_t next = 0; next < 3; ++next)
      following += envs::dense_world.transition[0][k][next] * oracle.value(1, next);
    const Scalar reward = envs::dense_world.reward[0][0][k];
    fmt::print("  action {:<5}{:>+17.3f}{:>+15.3f}{:>+13.3f}{:>+10.3f}\n", action, reward + following / 2 - V / 2,
               q_value(oracle, 0, 0, action) - V, -following / 2, V / 2);
  }
}

/// Advantages of one episode, by rl::gae.
Vector advantages(const Vector& rewards, const Vector& values, const Vector& next_values, Scalar lambda, bool truncated,
                  Scalar gamma) {
  std::vector<int> none(rewards.size()), last(rewards.size());
  last.back() = 1;
  Vector A(rewards.size());
  rl::gae({rewards, next_values, truncated ? none : last, truncated ? last : none}, values, gamma, lambda, A);
  return A;
}

void sums_of_td_errors() {
  const Vector rewards = {1, 0, 0, 2}, values = {2, Scalar(1.5), Scalar(1.5), Scalar(1.8)};
  const Vector next = {Scalar(1.5), Scalar(1.5), Scalar(1.8), 3};
  const Scalar gamma = Scalar(0.9);
  title("10c  rewards (1, 0, 0, 2), values (2, 1.5, 1.5, 1.8), gamma = 0.9");
  line("lambda = 0: the TD errors", advantages(rewards, values, next, 0, false, gamma));
  line("lambda = 0.5", advantages(rewards, values, next, Scalar(0.5), false, gamma));
  line("lambda = 1: they telescope", advantages(rewards, values, next, 1, false, gamma));
  Vector G(4);
  rl::discounted_returns(rewards, gamma, G);
  nn::axpy(-1, values, G);
  line("G_t - V(s_t)", G);
  line("lambda = 1, time ran out in a state worth 3", advantages(rewards, values, next, 1, true, gamma));
}

/// What the oracle says of generalized advantages, by a critic that says `trust` times the value.
rl::Judgement judged(rl::Oracle& oracle, Scalar lambda, Scalar trust) {
  const auto weigh = [&](const rl::Batch& batch, nn::VectorView coefficients) {
    Vector values(steps), next(steps);
    for (std::size_t t = 0; t < steps; ++t) {
      std::size_t s = 0;
      while (batch.states(s, t) == 0) ++s;
      values[t] = trust * oracle.value(t, s);
      if (t > 0) next[t - 1] = values[t];
    }
    const Vector A = advantages(batch.rewards, values, next, lambda, false, oracle.gamma());
    for (std::size_t t = 0; t < steps; ++t) coefficients[t] = A[t];
  };
  return rl::judge(oracle.moments(rl::Categorical(), 1, weigh), oracle.gradient());
}

void bias_against_variance() {
  nn::Network policy = oracle_policy();
  rl::Oracle oracle(envs::delayed_world, policy, 1);
  title("10d  delayed reward, gamma = 1       critic says V         critic says V/2");
  fmt::print("  {:30}{:>10}{:>11}{:>13}{:>11}\n", "", "error", "variance", "error", "variance");
  for (const Scalar lambda : {Scalar(0), Scalar(0.5), Scalar(0.9), Scalar(1)}) {
    const rl::Judgement right = judged(oracle, lambda, 1), half = judged(oracle, lambda, Scalar(0.5));
    const auto error = [](const rl::Judgement& found) {
      return found.bias == rl::Bias::unbiased ? "0" : fmt::format("{:.3f}", found.error);
    };
    fmt::print("  lambda = {:<21}{:>10}{:>11.3f}{:>13}{:>11.3f}\n", lambda, error(right), right.variance, error(half),
               half.variance);
  }
}

/// The sum of ratio times A_t (or of A_t alone), both of the old policy, over the trajectories of one of the two.
Scalar gained(const rl::Oracle& old, nn::Network& moved, bool old_states) {
  const rl::Oracle now(envs::delayed_world, moved, 1);
  Matrix one_hot(3, 3), before(2, 3), after(2, 3);
  for (std::size_t s = 0; s < 3; ++s) one_hot(s, s) = 1;
  nn::Network policy = oracle_policy();
  nn::softmax(policy.feedforward(one_hot), before), nn::softmax(moved.feedforward(one_hot), after);
  Scalar total = 0;
  for (const rl::Trajectory& tau : (old_states ? old : now).trajectories())
    for (std::size_t t = 0; t < steps; ++t) {
      const std::size_t s = tau.states[t], k = static_cast<std::size_t>(tau.actions[t]);
      const Scalar ratio = old_states ? after(k, s) / before(k, s) : 1;
      total += tau.probability * ratio * (q_value(old, t, s, tau.actions[t]) - old.value(t, s));
    }
  return total;
}

void how_far() {
  nn::Network policy = oracle_policy();
  const rl::Oracle oracle(envs::delayed_world, policy, 1);
  title("10e  delayed reward, one step along the gradient: what it gains");
  fmt::print("  {:24}{:>10}{:>26}{:>14}\n", "step size", "J", "A, new policy's states", "surrogate");
  for (const Scalar size : {Scalar(0.1), Scalar(1), Scalar(10), Scalar(100)}) {
    nn::Network moved = policy;
    nn::axpy(size, Vector(oracle.gradient().begin(), oracle.gradient().end()), moved.parameters());
    fmt::print("  {:<24}{:>10.4f}{:>26.4f}{:>14.4f}\n", size,
               rl::expected_return(envs::delayed_world, moved, 1) - oracle.J(), gained(oracle, moved, false),
               gained(oracle, moved, true));
  }
}

struct Clipped {
  Scalar objective, coefficient;
};
Clipped clipped(Scalar ratio, Scalar advantage) {
  const Scalar log_ratio = nn::log(ratio), zero = 0;
  Scalar coefficient = 0;
  const auto found = rl::clipped_surrogate({&log_ratio, 1}, {&zero, 1}, {&advantage, 1}, epsilon, {&coefficient, 1});
  return {Scalar(found.objective), coefficient};
}

void four_cases() {
  title("10f  epsilon = 0.2       ratio   min(...)   coefficient   by central differences");
  for (const Scalar A : {Scalar(1), Scalar(-1)})
    for (const Scalar ratio : {Scalar(0.7), Scalar(1), Scalar(1.3)}) {
      const Clipped found = clipped(ratio, A);
      const auto J = [A](const Vector& log_ratio) { return clipped(nn::exp(log_ratio[0]), A).objective; };
      fmt::print("  A = {:<+17}{:>8.1f}{:>+11.3f}{:>+14.3f}{:>+25.3f}\n", A, ratio, found.objective,
                 found.coefficient + 0., numerical_gradient({nn::log(ratio)}, J)[0] + 0.);
    }
}

void the_same_ten_steps() {
  title("10g  ten steps of (0.6, 0.4): six times action 0, A = 0.4; four times action 1, A = -0.6");
  fmt::print("  {:10}{:>8}{:>14}{:>10}{:>19}{:>9}{:>12}\n", "epoch", "p(0)", "ratio of 0", "of 1", "coefficient of 0",
             "of 1", "approx KL");
  const Vector A = {Scalar(0.4), Scalar(-0.6)}, share = {Scalar(0.6), Scalar(0.4)};
  Vector z = logits(), old = {log_prob(z, 0), log_prob(z, 1)};
  nn::Sgd sgd({.learning_rate = Scalar(0.5)});
  for (int epoch = 1; epoch <= 5; ++epoch) {
    const Vector now = {log_prob(z, 0), log_prob(z, 1)};
    Vector coefficients(2), gradient(2);
    rl::clipped_surrogate(now, old, A, epsilon, coefficients);
    Scalar kl = 0;
    for (std::size_t k = 0; k < 2; ++k) {
      nn::axpy(share[k], inject(z, int(k), coefficients[k]), gradient);
      kl += share[k] * (nn::exp(now[k] - old[k]) - 1 - (now[k] - old[k]));
    }
    fmt::print("  {:<10}{:>8.3f}{:>14.3f}{:>10.3f}{:>+19.3f}{:>+9.3f}{:>12.3f}\n", epoch, softmax(z)[0],
               nn::exp(now[0] - old[0]), nn::exp(now[1] - old[1]), coefficients[0] + 0., coefficients[1] + 0., kl + 0.);
    sgd.ascend(z, gradient);
  }
}

void print() {
  one_step();
  sums_of_td_errors();
  bias_against_variance();
  how_far();
  four_cases();
  the_same_ten_steps();
}

std::string draw() {
  Svg svg(760, 500, "The clipped surrogate and its coefficient against the ratio, for a good action and a bad one");
  for (const Scalar A : {Scalar(1), Scalar(-1)}) {
    const double left = A > 0 ? 70 : 450, low = A > 0 ? 0 : -1.6, high = A > 0 ? 1.6 : 0;
    const double tick = A > 0 ? 1 : -1;
    const std::string_view name = A > 0 ? "1" : "-1";
    const Axes above{left, left + 280, 62, 202, 0.5, 1.5, low, high};
    const Axes below{left, left + 280, 290, 430, 0.5, 1.5, low, high};
    above.draw(svg, {{0.5, "0.5"}, {0.8, "0.8"}, {1, "1"}, {1.2, "1.2"}, {1.5, "1.5"}},
               {{0, "0"}, {tick, std::string(name)}}, "",
               A > 0 ? "A = 1: the clipped surrogate" : "A = -1: the clipped surrogate");
    below.draw(svg, {{0.5, "0.5"}, {0.8, "0.8"}, {1, "1"}, {1.2, "1.2"}, {1.5, "1.5"}},
               {{0, "0"}, {tick, std::string(name)}}, "ratio, pi / pi_old", "its coefficient");
    const double edge = A > 0 ? 1.2 : 0.8;
    std::vector<Point> surrogate, coefficient[2];
    for (int i = 0; i <= 100; ++i) {
      const double ratio = 0.5 + i / 100.;
      const Clipped found = clipped(Scalar(ratio), A);
      surrogate.push_back(above(ratio, found.objective));
      if (std::abs(ratio - edge) > 1e-9) coefficient[ratio < edge ? 0 : 1].push_back(below(ratio, found.coefficient));
    }
    coefficient[0].push_back(below(edge, A > 0 ? edge : 0)),
        coefficient[1].insert(coefficient[1].begin(), below(edge, A > 0 ? 0 : -edge));
    for (const Axes* axes : {&above, &below}) {
      svg.line((*axes)(0.5, 0.5 * double(A)), (*axes)(1.5, 1.5 * double(A)), grey, 1.5, true);
      svg.line({(*axes)(edge, 0).x, axes->top}, {(*axes)(edge, 0).x, axes->bottom}, pale, 1);
    }
    svg.curve(surrogate, blue, 3);
    svg.curve(coefficient[0], orange, 3), svg.curve(coefficient[1], orange, 3);
    const bool good = A > 0;
    svg.text(good ? Point{above(1.35, 0).x, above(0, 1.2).y + 20} : Point{above(0.65, 0).x, above(0, -0.8).y + 18},
             "flat", {.colour = blue, .bold = true});
    svg.text(good ? Point{below(1.35, 0).x, below(0, 0).y - 8} : Point{below(0.65, 0).x, below(0, 0).y + 18},
             "0: left alone", {.colour = orange, .bold = true});
  }
  svg.text({30, 490}, "Dashed: ratio times A, without clipping. epsilon = 0.2.", {.anchor = "start", .size = 12});
  return svg.done();
}

}  // namespace ch10

const Chapter chapter_10 = {10, ch10::print, "10-from-a-critic-to-ppo", ch10::draw};

}  // namespace book
