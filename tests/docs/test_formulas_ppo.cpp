/// The formulas of docs/10-from-a-critic-to-ppo.md, one by one, on the tiny worlds: every mean is a sum over all 216
/// trajectories.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <vector>

#include "nn/arithmetic/vector_ops.hpp"
#include "nn/gradient_check.hpp"
#include "nn/network.hpp"
#include "nn/softmax.hpp"
#include "rl/categorical.hpp"
#include "rl/oracle/oracle.hpp"
#include "rl/ppo.hpp"
#include "rl/returns.hpp"
#include "tests/support.hpp"

namespace test_formulas_ppo {

using namespace nn;

namespace {

constexpr std::size_t horizon = envs::TinyWorld::horizon, states = envs::TinyWorld::states;
constexpr double gamma = 0.9;
constexpr const envs::TinyWorld* worlds[] = {&envs::dense_world, &envs::delayed_world};

Network policy(std::uint64_t seed = 95) {
  Random rng(seed);
  return {{3, 2}, Activation::identity, rng, 2};
}
/// pi(a | s) at [s][a].
using Table = std::array<std::array<double, 2>, states>;
Table probabilities(Network& network) {
  Matrix one_hot(3, 3), P(2, 3);
  for (std::size_t s = 0; s < 3; ++s) one_hot(s, s) = 1;
  softmax(network.feedforward(one_hot), P);
  Table result{};
  for (std::size_t s = 0; s < 3; ++s) result[s] = {double(P(0, s)), double(P(1, s))};
  return result;
}
/// Q_t(s, a) at [t][s][a]: the mean of G_t over the trajectories that pass there.
using Values = std::array<Table, horizon>;
Values action_values(const rl::Oracle& oracle) {
  Values total{}, probability{};
  for (const rl::Trajectory& tau : oracle.trajectories()) {
    Vector G(horizon);
    rl::discounted_returns(tau.rewards, oracle.gamma(), G);
    for (std::size_t t = 0; t < horizon; ++t) {
      const auto a = std::size_t(tau.actions[t]);
      total[t][tau.states[t]][a] += tau.probability * double(G[t]);
      probability[t][tau.states[t]][a] += tau.probability;
    }
  }
  for (std::size_t t = 0; t < horizon; ++t)
    for (std::size_t s = 0; s < states; ++s)
      for (std::size_t a = 0; a < 2; ++a) total[t][s][a] /= probability[t][s][a];
  return total;
}
Vector score(Network& network, std::size_t state, int action, double coefficient) {
  Matrix x(3, 1), dz(2, 1);
  x(state, 0) = 1;
  const auto weight = static_cast<Scalar>(coefficient);
  rl::Categorical().weighted_score(network.feedforward(x), {&action, 1}, {&weight, 1}, dz);
  network.zero_gradients();
  network.backpropagate(dz);
  return {network.gradients().begin(), network.gradients().end()};
}
double largest_difference(const Vector& x, const std::vector<double>& y) {
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) worst = std::max(worst, std::abs(double(x[i]) - y[i]));
  return worst;
}
/// An episode as rl::gae wants it: every step but the last goes on, and the last has ended as it says.
Vector advantages(const Vector& rewards, const Vector& values, const Vector& next, double lambda, bool truncated) {
  std::vector<int> none(rewards.size()), last(rewards.size());
  last.back() = 1;
  Vector A(rewards.size());
  rl::gae({rewards, next, truncated ? none : last, truncated ? last : none}, values, Scalar(gamma),
          static_cast<Scalar>(lambda), A);
  return A;
}

}  // namespace

// Eq. (10.1), (10.2)
TEST_CASE("advantages are 0 on average in every state, and as coefficients they give the gradient of J") {
  for (const auto* world : worlds) {
    Network network = policy();
    rl::Oracle oracle(*world, network, Scalar(gamma));
    const Values Q = action_values(oracle);
    const Table p = probabilities(network);
    for (std::size_t t = 0; t < horizon; ++t)
      for (std::size_t s = 0; s < states; ++s)
        CHECK(std::abs(p[s][0] * Q[t][s][0] + p[s][1] * Q[t][s][1] - oracle.value(t, s)) < 1e-13);
    Vector mean(network.parameters().size());
    for (const rl::Trajectory& tau : oracle.trajectories())
      for (std::size_t t = 0; t < horizon; ++t) {
        const std::size_t s = tau.states[t];
        const double A = Q[t][s][std::size_t(tau.actions[t])] - oracle.value(t, s);
        axpy(1, score(network, s, tau.actions[t], tau.probability * std::pow(gamma, double(t)) * A), mean);
      }
    CHECK(largest_difference(mean, oracle.gradient()) < 1e-13);
    CHECK(double(dot(mean, mean)) > 1e-3);
  }
}

// Eq. (10.3), (10.4), (10.5)
TEST_CASE("given state and action the mean TD error is the advantage, and a critic's errors add what they are there") {
  Network network = policy();
  Random rng(96);
  for (const auto* world : worlds) {
    const rl::Oracle oracle(*world, network, Scalar(gamma));
    const Values Q = action_values(oracle);
    double e[horizon + 1][states] = {};
    for (auto& errors : e)
      for (double& error : errors) error = rng.uniform(-1, 1);
    for (std::size_t s = 0; s < states; ++s) e[horizon][s] = 0;  // nothing follows, and every critic knows it
    double worst = 0, bias = 0;
    for (std::size_t t = 0; t < horizon; ++t)
      for (std::size_t s = 0; s < states; ++s)
        for (std::size_t a = 0; a < 2; ++a) {
          double target = 0, td_error = 0, wrong = 0, following = 0;
          for (std::size_t next = 0; next < states; ++next) {
            const double share = world->transition[s][a][next], r = world->reward[t][s][a];
            const double V = oracle.value(t, s), V_next = oracle.value(t + 1, next);
            target += share * (r + gamma * V_next);
            td_error += share * (r + gamma * V_next - V);
            wrong += share * (r + gamma * (V_next + e[t + 1][next]) - (V + e[t][s]));
            following += share * e[t + 1][next];
          }
          const double A = Q[t][s][a] - oracle.value(t, s);
          worst = std::max({worst, std::abs(target - Q[t][s][a]), std::abs(td_error - A),
                            std::abs(wrong - (A + gamma * following - e[t][s]))});
          bias = std::max(bias, std::abs(wrong - A));
        }
    CHECK(worst < 1e-13);
    CHECK(bias > 0.1);
  }
}

// Eq. (10.6), (10.7), (10.8)
TEST_CASE("discounted TD errors telescope, and the mean of all their sums with shares of lambda is rl::gae") {
  Random rng(97);
  constexpr std::size_t T = 12;
  const Vector rewards = tests::random_vector(T, rng), values = tests::random_vector(T, rng);
  for (const bool truncated : {false, true})
    for (const double lambda : {0., 0.3, 0.95, 1.}) {
      Vector next(values.begin() + 1, values.end());
      next.push_back(Scalar(0.7));  // where the last step led to
      Vector td_error(T);
      for (std::size_t t = 0; t < T; ++t) {
        const double following = t + 1 == T && !truncated ? 0 : double(next[t]);
        td_error[t] = static_cast<Scalar>(double(rewards[t]) + gamma * following - double(values[t]));
      }
      const Vector A = advantages(rewards, values, next, lambda, truncated);
      double worst = 0;
      for (std::size_t t = 0; t < T; ++t) {
        double sum = 0, paid = 0, mean = 0, by_td_errors = 0;
        for (std::size_t n = 1; t + n <= T; ++n) {
          const double discount = std::pow(gamma, double(n - 1));
          sum += discount * double(td_error[t + n - 1]), paid += discount * double(rewards[t + n - 1]);
          const double beyond = t + n == T && !truncated ? 0 : double(next[t + n - 1]);
          worst = std::max(worst, std::abs(sum - (paid + discount * gamma * beyond - double(values[t]))));
          // Beyond the end no TD error is left: every longer sum is the whole one.
          mean += (t + n == T ? std::pow(lambda, double(n - 1)) : (1 - lambda) * std::pow(lambda, double(n - 1))) * sum;
          by_td_errors += std::pow(gamma * lambda, double(n - 1)) * double(td_error[t + n - 1]);
        }
        const double recursion = double(td_error[t]) + (t + 1 < T ? gamma * lambda * double(A[t + 1]) : 0);
        worst = std::max({worst, std::abs(mean - double(A[t])), std::abs(by_td_errors - double(A[t])),
                          std::abs(recursion - double(A[t]))});
      }
      CHECK(worst < 1e-13);
    }
}

TEST_CASE("a mean under one policy is the mean of ratio times it under another") {  // Eq. (10.9)
  Random rng(98);
  Network before = policy(98), after = policy(99);
  const Table old = probabilities(before), now = probabilities(after);
  for (std::size_t s = 0; s < states; ++s) {
    double direct = 0, corrected = 0, forgotten = 0;
    for (std::size_t a = 0; a < 2; ++a) {
      const double f = rng.uniform(-1, 1);
      direct += now[s][a] * f, corrected += old[s][a] * (now[s][a] / old[s][a]) * f, forgotten += old[s][a] * f;
    }
    CHECK(std::abs(direct - corrected) < 1e-15);
    CHECK(std::abs(direct - forgotten) > 1e-3);
  }
}

// Eq. (10.10), (10.11), (10.12)
TEST_CASE("a policy gains the old advantages of its own episodes; the surrogate has that gain's gradient at ratio 1") {
  for (const auto* world : worlds) {
    Network before = policy(), moved = policy(99);
    rl::Oracle old(*world, before, Scalar(gamma));
    const Values Q = action_values(old);
    const Table p_old = probabilities(before);
    const auto A = [&](const rl::Trajectory& tau, std::size_t t) {
      return Q[t][tau.states[t]][std::size_t(tau.actions[t])] - old.value(t, tau.states[t]);
    };
    double gain = 0;
    for (const rl::Trajectory& tau : rl::enumerate(*world, moved))
      for (std::size_t t = 0; t < horizon; ++t) gain += tau.probability * std::pow(gamma, double(t)) * A(tau, t);
    CHECK(std::abs(rl::expected_return(*world, moved, gamma) - old.J() - gain) < 1e-13);
    CHECK(std::abs(gain) > 0.01);

    const auto surrogate = [&] {
      const Table p = probabilities(moved);
      double L = 0;
      for (const rl::Trajectory& tau : old.trajectories())
        for (std::size_t t = 0; t < horizon; ++t) {
          const std::size_t s = tau.states[t], a = std::size_t(tau.actions[t]);
          L += tau.probability * std::pow(gamma, double(t)) * p[s][a] / p_old[s][a] * A(tau, t);
        }
      return L;
    };
    const auto by_formula = [&] {
      const Table p = probabilities(moved);
      Vector gradient(moved.parameters().size());
      for (const rl::Trajectory& tau : old.trajectories())
        for (std::size_t t = 0; t < horizon; ++t) {
          const std::size_t s = tau.states[t], a = std::size_t(tau.actions[t]);
          const double ratio = p[s][a] / p_old[s][a];
          axpy(1, score(moved, s, int(a), tau.probability * std::pow(gamma, double(t)) * ratio * A(tau, t)), gradient);
        }
      return gradient;
    };
    CHECK(std::abs(surrogate() - gain) > 1e-3);  // other states are visited
    CHECK(max_gradient_error(moved.parameters(), by_formula(), surrogate) < 1e-9);
    moved = before;
    CHECK(std::abs(surrogate()) < 1e-13);
    CHECK(largest_difference(by_formula(), old.gradient()) < 1e-13);
  }
}

// Eq. (10.13)
TEST_CASE("PPO's coefficient is 0 exactly where the ratio has gone too far in the direction that the advantage asks") {
  const Scalar old = 0, epsilon = Scalar(0.2);
  for (const Scalar A : {Scalar(1.5), Scalar(-1.5)})
    for (const double ratio : {0.5, 0.79, 0.81, 1., 1.19, 1.21, 2.}) {
      Scalar log_ratio = static_cast<Scalar>(std::log(ratio)), coefficient = 0, scratch = 0;
      const auto objective = [&] {
        return rl::clipped_surrogate({&log_ratio, 1}, {&old, 1}, {&A, 1}, epsilon, {&scratch, 1}).objective;
      };
      rl::clipped_surrogate({&log_ratio, 1}, {&old, 1}, {&A, 1}, epsilon, {&coefficient, 1});
      const double clamped = std::min(std::max(ratio, 0.8), 1.2);
      CHECK(std::abs(objective() - std::min(ratio * double(A), clamped * double(A))) < 1e-14);
      const bool far = A > 0 ? ratio > 1.2 : ratio < 0.8;
      CHECK(std::abs(double(coefficient) - (far ? 0 : ratio * double(A))) < 1e-14);
      CHECK(max_gradient_error({&log_ratio, 1}, Vector{coefficient}, objective) < 1e-9);
    }
}

TEST_CASE("standardized advantages do not know the unit of the rewards") {  // Eq. (10.14)
  Random rng(100);
  const Vector A = tests::random_vector(40, rng);
  double m = 0, square = 0;
  for (const Scalar x : A) m += double(x) / 40;
  for (const Scalar x : A) square += (double(x) - m) * (double(x) - m) / 40;
  Vector once = A, scaled = A;
  for (Scalar& x : scaled) x = 250 * x + 3;
  rl::standardize(once), rl::standardize(scaled);
  for (std::size_t t = 0; t < A.size(); ++t) {
    CHECK(std::abs(double(once[t]) - (double(A[t]) - m) / std::sqrt(square)) < 1e-6);
    CHECK(std::abs(double(once[t] - scaled[t])) < 1e-6);
  }
}

}  // namespace test_formulas_ppo
