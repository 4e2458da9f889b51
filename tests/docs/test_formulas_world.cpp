/// The formulas of docs/06-the-whole-truth.md, docs/07-returns-and-noise.md and docs/08-baselines-and-entropy.md, one
/// by one, and those of docs/00-the-question.md that belong to them.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "envs/cartpole_dynamics.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "nn/gradient_check.hpp"
#include "nn/loss.hpp"
#include "nn/optimizer.hpp"
#include "nn/softmax.hpp"
#include "rl/baseline.hpp"
#include "rl/categorical.hpp"
#include "rl/oracle/estimators.hpp"
#include "rl/oracle/oracle.hpp"
#include "rl/returns.hpp"
#include "tests/support.hpp"

namespace test_formulas_world {

using namespace nn;
using tests::random_matrix;
using tests::random_vector;
using tests::within;

namespace {

Network policy() {
  Random rng(91);
  return {{3, 2}, Activation::identity, rng, 2};
}
/// pi(a | s) at [s][a].
std::array<std::array<double, 2>, 3> probabilities(Network& network) {
  Matrix one_hot(3, 3), P(2, 3);
  for (std::size_t s = 0; s < 3; ++s) one_hot(s, s) = 1;
  softmax(network.feedforward(one_hot), P);
  std::array<std::array<double, 2>, 3> result{};
  for (std::size_t s = 0; s < 3; ++s) result[s] = {double(P(0, s)), double(P(1, s))};
  return result;
}
/// The score of action a in state s, along all parameters: what backpropagate makes of one_hot - p.
std::vector<double> score(Network& network, std::size_t state, int action) {
  Matrix x(3, 1), dz(2, 1);
  x(state, 0) = 1;
  const Scalar one = 1;
  rl::Categorical().weighted_score(network.feedforward(x), {&action, 1}, {&one, 1}, dz);
  network.zero_gradients();
  network.backpropagate(dz);
  return {network.gradients().begin(), network.gradients().end()};
}
void add(std::vector<double>& sum, double factor, const std::vector<double>& x) {
  for (std::size_t i = 0; i < x.size(); ++i) sum[i] += factor * x[i];
}
double distance(const std::vector<double>& x, const std::vector<double>& y) {
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) worst = std::max(worst, std::abs(x[i] - y[i]));
  return worst;
}
double entropy(ConstMatrixView z) {
  Scalar H = 0;
  rl::Categorical().entropy(z, {&H, 1});
  return double(H);
}

}  // namespace

// Eq. (6.1), (6.2), (6.3), (6.4)
TEST_CASE("an episode's probability is a product, its score a sum, and return times score is on average the gradient") {
  Network network = policy();
  const double gamma = 0.9;
  const auto p = probabilities(network);
  for (const auto* world : {&envs::dense_world, &envs::delayed_world}) {
    double J = 0, worst = 0;
    std::vector<double> gradient(network.parameters().size());
    for (const rl::Trajectory& tau : rl::enumerate(*world, network)) {
      double probability = world->initial[tau.states[0]], R = 0;
      std::vector<double> sum(gradient.size());
      for (std::size_t t = 0; t < 3; ++t) {
        const auto a = std::size_t(tau.actions[t]);
        probability *= p[tau.states[t]][a] * (t < 2 ? world->transition[tau.states[t]][a][tau.states[t + 1]] : 1);
        R += std::pow(gamma, double(t)) * world->reward[t][tau.states[t]][a];
        add(sum, 1, score(network, tau.states[t], tau.actions[t]));
      }
      worst = std::max(worst, std::abs(probability - tau.probability));
      J += probability * R;
      add(gradient, probability * R, sum);
    }
    CHECK(worst < within(1e-16, 1e-7));
    CHECK(std::abs(J - rl::expected_return(*world, network, gamma)) < within(1e-14, 1e-6));
    const Vector by_score(gradient.begin(), gradient.end());
    const auto moved = [&] { return rl::expected_return(*world, network, gamma); };
    CHECK(max_gradient_error(network.parameters(), by_score, moved) < within(1e-9, 1e-3));
  }
}

// Eq. (6.5), (6.6), (6.7), (0.10)
TEST_CASE(
    "a reward and a later score are 0 on average, so gamma^t G_t, less a baseline, has the gradient as its mean") {
  Network network = policy();
  const auto gamma = Scalar(0.9);
  rl::Oracle oracle(envs::dense_world, network, gamma);
  const std::size_t count = network.parameters().size();
  std::vector<double> past(count), to_go(count), baseline(count), late(count);
  for (const rl::Trajectory& tau : oracle.trajectories()) {
    Vector G(3);
    rl::discounted_returns(tau.rewards, gamma, G);
    for (std::size_t t = 0; t < 3; ++t) {
      const auto s = score(network, tau.states[t], tau.actions[t]);
      const double discount = std::pow(double(gamma), double(t));
      for (std::size_t k = 0; k < t; ++k) add(past, tau.probability * double(tau.rewards[k]), s);
      add(to_go, tau.probability * discount * double(G[t]), s);
      add(baseline, tau.probability * discount * (double(G[t]) - oracle.value(t, tau.states[t])), s);
      add(late, tau.probability * (t < 2 ? double(G[t + 1]) : 0), s);
    }
  }
  CHECK(distance(past, std::vector<double>(count)) < within(1e-15, 1e-6));
  CHECK(distance(to_go, oracle.gradient()) < within(1e-14, 1e-6));
  CHECK(distance(baseline, oracle.gradient()) < within(1e-14, 1e-6));
  double off = 0, length = 0;  // |mean - gradient| / |gradient|, for a wrong one
  for (std::size_t i = 0; i < count; ++i) {
    off += std::pow(late[i] - oracle.gradient()[i], 2);
    length += std::pow(oracle.gradient()[i], 2);
  }
  CHECK(rl::judge({late, 0}, oracle.gradient()).error == doctest::Approx(std::sqrt(off / length)));
  CHECK(off > 0.01 * length);
}

// Eq. (7.1), (7.2), (7.3), (0.9)
TEST_CASE("a return is a discounted sum, one step at a time, and a constant reward makes it 1 / (1 - gamma)") {
  Random rng(92);
  const Vector rewards = random_vector(25, rng);
  Vector G(25);
  double worst = 0;
  for (const double gamma : {0., 0.7, 0.99, 1.}) {
    rl::discounted_returns(rewards, static_cast<Scalar>(gamma), G);
    for (std::size_t t = 0; t < 25; ++t) {
      double sum = 0;
      for (std::size_t k = t; k < 25; ++k) sum += std::pow(gamma, double(k - t)) * double(rewards[k]);
      const double step = double(rewards[t]) + (t < 24 ? gamma * double(G[t + 1]) : 0);
      worst = std::max({worst, std::abs(sum - double(G[t])), std::abs(step - double(G[t]))});
    }
  }
  CHECK(worst < within(1e-14, 5e-6));
  Vector ones(3000, 1);
  rl::discounted_returns(ones, Scalar(0.99), ones);
  CHECK(double(ones[0]) == doctest::Approx(100).epsilon(within(1e-10, 1e-3)));
}

// Eq. (7.4), (7.5), (7.6), (9.3)
TEST_CASE("an independent reward of mean c adds noise and no mean, and a mean of N has an N-th of the variance") {
  const double p[] = {0.6, 0.4}, s[] = {0.4, -0.6}, G[] = {2, 1}, C[] = {2, 1};  // C: an earlier step, same policy
  double Gs = 0, GGss = 0, Gss = 0, ss = 0, c = 0, cc = 0, mean = 0, square = 0, pair = 0, pair_square = 0;
  for (int a = 0; a < 2; ++a) {
    Gs += p[a] * G[a] * s[a], GGss += p[a] * G[a] * G[a] * s[a] * s[a];
    Gss += p[a] * G[a] * s[a] * s[a], ss += p[a] * s[a] * s[a];
    c += p[a] * C[a], cc += p[a] * C[a] * C[a];
    for (int earlier = 0; earlier < 2; ++earlier) {
      const double x = (C[earlier] + G[a]) * s[a], both = (G[a] * s[a] + G[earlier] * s[earlier]) / 2;
      mean += p[a] * p[earlier] * x, square += p[a] * p[earlier] * x * x;
      pair += p[a] * p[earlier] * both, pair_square += p[a] * p[earlier] * both * both;
    }
  }
  const double variance = GGss - Gs * Gs;
  CHECK(std::abs(mean - Gs) < 1e-15);
  CHECK(std::abs(square - mean * mean - (variance + 2 * c * Gss + cc * ss)) < 1e-14);
  CHECK(std::abs(pair_square - pair * pair - variance / 2) < 1e-15);
  CHECK(std::sqrt(pair_square - pair * pair) == doctest::Approx(std::sqrt(variance) / std::sqrt(2.)));
  CHECK(variance == doctest::Approx(0.4704));
  CHECK(square - mean * mean == doctest::Approx(2.2176));
  // Where a state ties C and G together, the formula is wrong: two states, as likely as each other, with C = G / 2.
  double tied = 0, tied_square = 0;
  Gs = GGss = Gss = ss = c = cc = 0;
  for (const double worth : {1., 3.})
    for (int a = 0; a < 2; ++a) {
      const double share = p[a] / 2, g = G[a] * worth, x = (worth / 2 + g) * s[a];
      tied += share * x, tied_square += share * x * x;
      Gs += share * g * s[a], GGss += share * g * g * s[a] * s[a], Gss += share * g * s[a] * s[a];
      ss += share * s[a] * s[a], c += share * worth / 2, cc += share * worth * worth / 4;
    }
  const double by_formula = GGss - Gs * Gs + 2 * c * Gss + cc * ss;
  CHECK(std::abs(tied - Gs) < 1e-15);
  CHECK(tied_square - tied * tied > by_formula + 0.1);
}

TEST_CASE(
    "where time ran out the value stands for what was not seen; where the task ended, nothing does") {  // Eq. (7.7)
  const Vector rewards = {1, 2, 3}, next_values = {7, 8, 9};
  const int none[] = {0, 0, 0}, last[] = {0, 0, 1};
  Vector G(3);
  rl::bootstrapped_returns({rewards, next_values, none, last}, Scalar(0.5), G);
  CHECK(G == Vector{Scalar(1 + 0.5 * (2 + 0.5 * 7.5)), Scalar(2 + 0.5 * 7.5), Scalar(7.5)});
  rl::bootstrapped_returns({rewards, next_values, last, none}, Scalar(0.5), G);
  CHECK(G == Vector{Scalar(1 + 0.5 * 3.5), Scalar(3.5), Scalar(3)});
}

// Eq. (8.1), (8.2), (8.3), (8.4)
TEST_CASE(
    "a baseline is 0 on average unless it looks at the action, and the one of least variance is E[G s^2] / E[s^2]") {
  Random rng(93);
  Matrix z = random_matrix(4, 1, rng, 2), P(4, 1), s(4, 4);
  const Vector G = random_vector(4, rng);
  softmax(z, P);
  const Scalar one = 1;
  for (int a = 0; a < 4; ++a) {
    Vector column(4);
    rl::Categorical().weighted_score(z, {&a, 1}, {&one, 1}, MatrixView(column.data(), 4, 1));
    for (std::size_t k = 0; k < 4; ++k) s(k, std::size_t(a)) = column[k];
  }
  const auto moments = [&](auto weight) {
    double mean = 0, square = 0;
    for (std::size_t a = 0; a < 4; ++a) {
      const double x = weight(a) * double(s(0, a));
      mean += double(P(a, 0)) * x, square += double(P(a, 0)) * x * x;
    }
    return std::pair{mean, square - mean * mean};
  };
  CHECK(std::abs(moments([](std::size_t) { return 7.; }).first) < within(1e-15, 2e-6));
  // A baseline of the action has the mean of sum_a b(a) grad pi(a).
  const double of_action = moments([&](std::size_t a) { return double(G[a]); }).first;
  Vector gradient = {static_cast<Scalar>(of_action)};
  const auto sum = [&] {
    Matrix Q(4, 1);
    softmax(z, Q);
    return dot(G, Q.flat());
  };
  CHECK(max_gradient_error(z.flat().first(1), gradient, sum) < within(1e-9, 1e-3));
  CHECK(std::abs(of_action) > 1e-3);
  double Gss = 0, ss = 0;
  for (std::size_t a = 0; a < 4; ++a) {
    const double weight = double(P(a, 0)) * double(s(0, a)) * double(s(0, a));
    Gss += weight * double(G[a]), ss += weight;
  }
  const auto minus = [&](double b) { return moments([&](std::size_t a) { return double(G[a]) - b; }).second; };
  const double best = Gss / ss;
  CHECK(minus(best) < minus(best + 0.01));
  CHECK(minus(best) < minus(best - 0.01));
  CHECK(minus(best + 3) - minus(best) == doctest::Approx(9 * ss).epsilon(1e-4));
}

// Eq. (8.5)
TEST_CASE("one baseline for many parameters and steps is best at E[g . S] / E[|S|^2], S the sum of all scores") {
  Network network = policy();
  rl::Oracle oracle(envs::dense_world, network, 1);
  double gS = 0, SS = 0;
  for (const rl::Trajectory& tau : oracle.trajectories()) {
    Vector G(3);
    rl::discounted_returns(tau.rewards, 1, G);
    std::vector<double> g(network.parameters().size()), S(g.size());
    for (std::size_t t = 0; t < 3; ++t) {
      const auto s = score(network, tau.states[t], tau.actions[t]);
      add(g, double(G[t]), s), add(S, 1, s);
    }
    for (std::size_t i = 0; i < g.size(); ++i) gS += tau.probability * g[i] * S[i], SS += tau.probability * S[i] * S[i];
  }
  const auto variance = [&](double b) {
    const auto minus = [b](const rl::Batch& batch, VectorView coefficients) {
      rl::discounted_returns(batch.rewards, 1, coefficients);
      for (Scalar& x : coefficients) x -= static_cast<Scalar>(b);
    };
    return oracle.moments(rl::Categorical(), 1, minus).variance;
  };
  const double best = gS / SS;
  for (const double off : {-2., 0.5, 3.})
    CHECK(variance(best + off) - variance(best) == doctest::Approx(off * off * SS).epsilon(1e-9));
  CHECK(variance(best) < variance(oracle.J()));
}

// Eq. (8.6), (8.7)
TEST_CASE("the mean of the others leaves the gradient alone, and the mean of all shrinks it by (N - 1) / N") {
  const double p[] = {0.6, 0.4}, s[] = {0.4, -0.6};
  const Scalar G[] = {2, 1};
  const std::vector<rl::Episode> episodes = {{0, 1}, {1, 1}, {2, 1}};
  double others = 0, all = 0, worst = 0;
  for (std::size_t code = 0; code < 8; ++code) {
    const std::size_t k[] = {code & 1, code >> 1 & 1, code >> 2 & 1};
    Vector w = {G[k[0]], G[k[1]], G[k[2]]};
    const double total = double(sum(w));
    rl::subtract_leave_one_out(episodes, w);
    for (std::size_t i = 0; i < 3; ++i) {
      const double own = double(G[k[i]]), probability = p[k[0]] * p[k[1]] * p[k[2]];
      worst = std::max(worst, std::abs(own - (total - own) / 2 - double(w[i])));
      others += probability * double(w[i]) * s[k[i]] / 3;
      all += probability * (own - total / 3) * s[k[i]] / 3;
    }
  }
  CHECK(worst < within(1e-15, 1e-6));
  CHECK(others == doctest::Approx(0.24).epsilon(within(1e-12, 1e-6)));
  CHECK(all == doctest::Approx(0.24 * 2 / 3).epsilon(1e-12));
}

// Eq. (8.8), (8.9), (8.10), (8.11)
TEST_CASE("a critic goes down its squared error; entropy has its gradient; and J + c H is highest at softmax(G / c)") {
  Scalar V = Scalar(0.3);
  const Scalar target = 2, one = 1;
  Vector gradient(1);
  squared_error_gradient({&V, 1, 1}, {&target, 1, 1}, {&one, 1}, MatrixView(gradient.data(), 1, 1));
  CHECK(double(gradient[0]) == doctest::Approx(0.3 - 2));
  const auto L = [&] { return 0.5 * std::pow(double(V) - 2, 2); };
  CHECK(max_gradient_error({&V, 1}, gradient, L) < within(1e-9, 1e-3));

  Random rng(94);
  Matrix z = random_matrix(4, 1, rng, 2), P(4, 1);
  softmax(z, P);
  double H = 0;
  for (const Scalar p : P.flat()) H -= double(p) * std::log(double(p));
  CHECK(std::abs(H - entropy(z)) < within(1e-14, 1e-6));
  Vector by_formula(4);
  for (std::size_t k = 0; k < 4; ++k)
    by_formula[k] = static_cast<Scalar>(-double(P(k, 0)) * (std::log(double(P(k, 0))) + H));
  CHECK(max_gradient_error(z.flat(), by_formula, [&] { return entropy(z); }) < within(1e-9, 1e-3));

  const Vector G = random_vector(4, rng);
  const double c = 0.7;
  for (std::size_t k = 0; k < 4; ++k) z(k, 0) = static_cast<Scalar>(double(G[k]) / c);
  const auto J = [&] {
    Matrix Q(4, 1);
    softmax(z, Q);
    return double(dot(G, Q.flat())) + c * entropy(z);
  };
  const Vector ones(4, 1);  // every derivative of J is 0 there, so those of J + z_0 + ... + z_3 are 1
  CHECK(max_gradient_error(z.flat(), ones, [&] { return J() + double(sum(z.flat())); }) < within(1e-9, 1e-3));
  const double top = J();
  z(0, 0) += Scalar(0.2);
  CHECK(J() < top);
}

TEST_CASE("CartPole's step and Adam's are those of the page") {  // Eq. (9.1), (9.2), (9.4)
  const double x = 0.1, x_dot = -0.4, theta = 0.15, theta_dot = 0.7, F = 10, m = 0.1, M = 1.1, l = 0.5, g = 9.8;
  const double q = (F + m * l * theta_dot * theta_dot * std::sin(theta)) / M;
  const double angular =
      (g * std::sin(theta) - q * std::cos(theta)) / (l * (4. / 3 - m * std::pow(std::cos(theta), 2) / M));
  const double linear = q - m * l * angular * std::cos(theta) / M;
  const envs::CartPoleState now = {Scalar(x), Scalar(x_dot), Scalar(theta), Scalar(theta_dot)};
  const auto next = envs::cartpole_advance(now, Scalar(std::sin(theta)), Scalar(std::cos(theta)), Scalar(F));
  const double expected[] = {x + 0.02 * x_dot, x_dot + 0.02 * linear, theta + 0.02 * theta_dot,
                             theta_dot + 0.02 * angular};
  CHECK(distance({double(next.x), double(next.x_dot), double(next.theta), double(next.theta_dot)},
                 {expected, expected + 4}) < within(1e-14, 1e-6));

  Vector parameter = {1};
  Adam adam({.learning_rate = Scalar(0.04), .beta1 = Scalar(0.5), .beta2 = Scalar(0.9)});
  double by_formula = 1, mean = 0, square = 0;
  for (int n = 1; n <= 4; ++n) {
    const double gradient = 1.5 * n - 4;
    mean = 0.5 * mean + 0.5 * gradient, square = 0.9 * square + 0.1 * gradient * gradient;
    by_formula += 0.04 * (mean / (1 - std::pow(0.5, n))) / (std::sqrt(square / (1 - std::pow(0.9, n))) + 1e-8);
    adam.ascend(parameter, Vector{static_cast<Scalar>(gradient)});
  }
  CHECK(double(parameter[0]) == doctest::Approx(by_formula).epsilon(within(1e-13, 1e-6)));
}

// Eq. (9.5)
TEST_CASE("when n of n seeds were solved, a chance of 0.05^(1/n) would have given that in one of twenty cases") {
  for (const int n : {1, 3, 10}) {
    const double q = std::pow(0.05, 1. / n);
    double all = 0;  // add up every way n trainings can end
    for (int outcome = 0; outcome < 1 << n; ++outcome) {
      double probability = 1;
      for (int i = 0; i < n; ++i) probability *= (outcome >> i & 1) != 0 ? q : 1 - q;
      if (outcome == (1 << n) - 1) all += probability;
    }
    CHECK(all == doctest::Approx(0.05).epsilon(1e-12));
  }
}

}  // namespace test_formulas_world
