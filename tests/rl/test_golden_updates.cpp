#include <doctest/doctest.h>

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "nn/arithmetic/vector_ops.hpp"
#include "nn/optimizer.hpp"
#include "rl/policy_gradient.hpp"
#include "rl/returns.hpp"
#include "tests/golden.hpp"
#include "tests/rl/support.hpp"
#include "tests/support.hpp"

namespace test_golden_updates {

namespace {

using nn::Scalar;

// Relative to the largest entry of each tensor.
constexpr double tolerance = tests::within(1e-11, 2e-5);

std::filesystem::path file(const std::string& name) {
  return tests::golden_folder() / "gradients" / (name + ".csv");
}

nn::Vector scalars(const std::vector<double>& numbers) {
  return tests::vector({numbers.size(), 1, numbers});
}
nn::Vector times(Scalar factor, nn::ConstVectorView x) {
  nn::Vector result(x.begin(), x.end());
  nn::scale(factor, result);
  return result;
}

/// Takes the file's ten steps down its gradients; the largest error of a parameter, relative to its largest value.
/// A twin climbs the negated gradients: it must walk the same way, to the last bit.
template <class Optimizer, class Options>
double steps_down(const std::string& name, Options options) {
  const tests::Table golden(file(name));
  constexpr std::size_t count = 8;
  std::vector<std::vector<double>> gradient, parameter;
  for (std::size_t i = 0; i < count; ++i) {
    gradient.push_back(golden.numbers(fmt::format("g{}", i)));
    parameter.push_back(golden.numbers(fmt::format("p{}", i)));
  }
  Optimizer down(options), up(options);
  nn::Vector theta(count), g(count);
  for (std::size_t i = 0; i < count; ++i) theta[i] = static_cast<Scalar>(parameter[i][0]);
  nn::Vector twin = theta;
  std::vector<nn::Vector> walk(count);
  for (std::size_t step = 1; step < golden.rows(); ++step) {
    for (std::size_t i = 0; i < count; ++i) g[i] = static_cast<Scalar>(gradient[i][step]);
    down.descend(theta, g);
    up.ascend(twin, times(-1, g));
    for (std::size_t i = 0; i < count; ++i) walk[i].push_back(theta[i]);
  }
  CHECK(theta == twin);
  CHECK(golden.rows() == 11);
  double largest = 0;
  for (std::size_t i = 0; i < count; ++i) {
    parameter[i].erase(parameter[i].begin());  // the start
    largest = std::max(largest, tests::error(walk[i], {parameter[i].size(), 1, parameter[i]}));
  }
  return largest;
}

/// Minus the mean, divided by the standard deviation with n - 1, plus PyTorch's epsilon of float32.
nn::Vector normalised(nn::ConstVectorView x) {
  const auto n = static_cast<double>(x.size());
  double mean = 0, variance = 0;
  for (const Scalar value : x) mean += static_cast<double>(value) / n;
  for (const Scalar value : x) variance += std::pow(static_cast<double>(value) - mean, 2) / (n - 1);
  nn::Vector result(x.size());
  for (std::size_t t = 0; t < x.size(); ++t)
    result[t] = static_cast<Scalar>((static_cast<double>(x[t]) - mean) / (std::sqrt(variance) + 0x1p-23));
  return result;
}

/// Whole updates, each with the products of the one before: rewards, returns, weights, gradients, step.
void check_reinforce(const std::string& name, nn::Optimizer& optimizer) {
  CAPTURE(name);
  const tests::Sheet golden(file(name));
  rl::Policy policy = tests::policy_of(tests::network(golden));
  nn::Network& network = policy.network;
  const auto gamma = static_cast<Scalar>(std::stod(golden.key("gamma")));
  std::size_t updates = 0;
  for (std::string u; u = fmt::format("u{}_", updates + 1), golden.has(u + "x"); ++updates) {
    CAPTURE(u);
    const nn::Matrix states = tests::batch(golden[u + "x"]);
    const nn::Matrix actions = tests::batch(golden[u + "action"]);
    nn::Vector returns = tests::vector(golden[u + "reward"]), log_prob(returns.size());
    rl::discounted_returns(returns, gamma, returns);
    CHECK(tests::error(returns, golden[u + "return"]) < tolerance);
    const nn::Vector weights = normalised(returns);
    CHECK(tests::error(weights, golden[u + "normalised"]) < tolerance);
    policy.distribution->log_prob(network.feedforward(states), actions, log_prob);
    CHECK(tests::error(log_prob, golden[u + "logp"]) < tolerance);
    CHECK(tests::error(nn::Vector{-nn::dot(weights, log_prob)}, golden[u + "loss"]) < tolerance);

    network.zero_gradients();
    tests::accumulate(policy, states, actions, weights);
    CHECK(tests::error(network, times(-1, network.gradients()), golden, u + "d", "") < tolerance);
    optimizer.ascend(network.parameters(), network.gradients());
    CHECK(tests::error(network, network.parameters(), golden, u, "") < tolerance);
  }
  CHECK(updates == 3);
}

}  // namespace

TEST_CASE("the discounted returns of every episode are those of the reference, for gamma from 0 to 1") {
  const tests::Table golden(file("returns_gae"));
  const auto sequence = golden.integers("seq");
  const auto gamma = golden.numbers("gamma"), reward = golden.numbers("reward"), ret = golden.numbers("ret");
  const auto terminated = golden.integers("terminated"), truncated = golden.integers("truncated");
  double largest = 0;
  std::size_t episodes = 0;
  for (std::size_t first = 0, t = 0; t < golden.rows(); ++t) {
    const bool last = t + 1 == golden.rows() || sequence[t + 1] != sequence[t];
    if (!last && !terminated[t] && !truncated[t]) continue;
    const auto episode = [&](const std::vector<double>& column) {
      return std::vector<double>(column.begin() + static_cast<std::ptrdiff_t>(first),
                                 column.begin() + static_cast<std::ptrdiff_t>(t + 1));
    };
    nn::Vector returns = scalars(episode(reward));
    rl::discounted_returns(returns, static_cast<Scalar>(gamma[t]), returns);
    largest = std::max(largest, tests::error(returns, {t + 1 - first, 1, episode(ret)}));
    first = t + 1;
    ++episodes;
  }
  CHECK(largest < tolerance);
  CHECK(episodes == 28);
}

TEST_CASE("clip_norm clips as PyTorch does, also at the bound and at 0") {
  const tests::Sheet golden(file("clip_grad"));
  for (const std::string name : {"below", "above", "far_above", "zero", "equal", "random"}) {
    CAPTURE(name);
    const auto joined = [&](const std::string& prefix) {
      std::vector<double> all = golden[name + prefix + "_g1"].numbers;
      const auto& second = golden[name + prefix + "_g2"].numbers;
      all.insert(all.end(), second.begin(), second.end());
      return tests::Reference{all.size(), 1, all};
    };
    nn::Vector gradients = tests::vector(joined(""));
    const auto max_norm = static_cast<Scalar>(golden[name + "_max_norm"](0, 0));
    const nn::Vector before = {nn::clip_norm(gradients, max_norm)};
    CHECK(tests::error(before, golden[name + "_total_norm"]) < tolerance);
    CHECK(tests::error(gradients, joined("_clipped")) < tolerance);
  }
}

TEST_CASE("ten steps of Sgd are PyTorch's, with momentum, Nesterov and weight decay") {
  using nn::Sgd;
  const auto rate = Scalar(0.186);
  CHECK(steps_down<Sgd>("optim_sgd", nn::SgdOptions{.learning_rate = rate}) < tolerance);
  CHECK(steps_down<Sgd>("optim_sgd_momentum", nn::SgdOptions{.learning_rate = rate, .momentum = Scalar(0.9)}) <
        tolerance);
  CHECK(steps_down<Sgd>("optim_sgd_momentum_weight_decay",
                        nn::SgdOptions{.learning_rate = rate, .momentum = Scalar(0.8), .weight_decay = Scalar(0.05)}) <
        tolerance);
  CHECK(steps_down<Sgd>("optim_sgd_nesterov",
                        nn::SgdOptions{.learning_rate = rate, .momentum = Scalar(0.9), .nesterov = true}) < tolerance);
}

TEST_CASE("ten steps of Adam are PyTorch's, also with weight decay, joined and decoupled") {
  using nn::Adam;
  CHECK(steps_down<Adam>("optim_adam", nn::AdamOptions{}) < tolerance);
  CHECK(steps_down<Adam>("optim_adam_lr1e-2", nn::AdamOptions{.learning_rate = Scalar(0.01)}) < tolerance);
  CHECK(steps_down<Adam>("optim_adam_other", nn::AdamOptions{.learning_rate = Scalar(0.05),
                                                             .beta1 = Scalar(0.8),
                                                             .beta2 = Scalar(0.95),
                                                             .epsilon = Scalar(1e-5)}) < tolerance);
  CHECK(steps_down<Adam>("optim_adam_weight_decay", nn::AdamOptions{.weight_decay = Scalar(0.1)}) < tolerance);
  CHECK(steps_down<Adam>("optim_adamw", nn::AdamOptions{.weight_decay = Scalar(0.01), .decoupled = true}) < tolerance);
}

TEST_CASE("weight decay shrinks the parameters, uphill and downhill") {
  const auto shrinks = [](auto optimizer) {
    nn::Vector theta = {1, -2};
    const nn::Vector zero(2, 0);
    optimizer.ascend(theta, zero);
    const nn::Vector up = theta;
    optimizer.descend(theta, zero);
    return up[0] < 1 && up[1] > -2 && theta[0] < up[0] && theta[1] > up[1] && theta[0] > 0 && theta[1] < 0;
  };
  const auto rate = Scalar(0.1), decay = Scalar(0.1);
  CHECK(shrinks(nn::Sgd({.learning_rate = rate, .weight_decay = decay})));
  CHECK(shrinks(nn::Adam({.learning_rate = rate, .beta1 = 0, .weight_decay = decay})));
  CHECK(shrinks(nn::Adam({.learning_rate = rate, .weight_decay = decay, .decoupled = true})));
}

TEST_CASE("whole updates of REINFORCE leave PyTorch's parameters, by Sgd and by Adam") {
  nn::Sgd sgd({.learning_rate = Scalar(0.05)});
  check_reinforce("reinforce_sgd", sgd);
  nn::Adam adam({.learning_rate = Scalar(0.01)});
  check_reinforce("reinforce_adam", adam);
}

}  // namespace test_golden_updates
