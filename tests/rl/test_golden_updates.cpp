#include <doctest/doctest.h>

#include <fmt/core.h>

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

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

nn::Vector times(Scalar factor, nn::ConstVectorView x) {
  nn::Vector result(x.begin(), x.end());
  nn::scale(factor, result);
  return result;
}

/// The columns NAME0, NAME1, ... of a table.
std::vector<std::vector<double>> numbered(const tests::Table& golden, const std::string& name) {
  std::vector<std::vector<double>> columns;
  while (golden.has_column(fmt::format("{}{}", name, columns.size())))
    columns.push_back(golden.numbers(fmt::format("{}{}", name, columns.size())));
  return columns;
}

/// Takes the file's steps down its gradients, and compares parameters, and what the optimizer remembers, column by
/// column. A twin climbs the negated gradients: it must walk the same way, to the last bit. `memory` names the columns
/// of the optimizer's state, in its order; those before the first step are 0.
template <class Optimizer, class Options>
void check_steps(const tests::Table& golden, Options options, const std::vector<std::string>& memory) {
  CAPTURE(golden.path().string());
  const auto gradient = numbered(golden, "g"), parameter = numbered(golden, "p");
  const std::size_t count = parameter.size(), steps = golden.rows() - 1;
  REQUIRE(count > 0);
  REQUIRE(gradient.size() == count);
  REQUIRE(golden.rows() > 1);
  for (std::size_t step = 0; step <= steps; ++step) CHECK(golden.integers("step")[step] == step);
  Optimizer down(options), up(options);
  nn::Vector theta(count), g(count);
  for (std::size_t i = 0; i < count; ++i) theta[i] = static_cast<Scalar>(parameter[i][0]);
  nn::Vector twin = theta;
  std::vector<nn::Vector> walk(count), remembered(count * memory.size());
  for (std::size_t step = 1; step <= steps; ++step) {
    for (std::size_t i = 0; i < count; ++i) g[i] = static_cast<Scalar>(gradient[i][step]);
    down.descend(theta, g);
    up.ascend(twin, times(-1, g));
    for (std::size_t i = 0; i < count; ++i) walk[i].push_back(theta[i]);
    const auto state = down.state();
    for (std::size_t i = 0; i < remembered.size(); ++i) remembered[i].push_back(static_cast<Scalar>(state.at(i)));
  }
  CHECK(theta == twin);
  for (std::size_t i = 0; i < count; ++i) {
    CHECK(tests::disagreement(walk[i], tests::reference(golden, fmt::format("p{}", i), 1, steps), tolerance) == "");
    for (std::size_t m = 0; m < memory.size(); ++m)
      if (const std::string column = fmt::format("{}{}", memory[m], i); golden.has_column(column))
        CHECK(tests::disagreement(remembered[m * count + i], tests::reference(golden, column, 1, steps), tolerance) ==
              "");
  }
}

/// The optimizer that a file asks for, by the words of its settings.
void check_optimizer(const std::filesystem::path& path) {
  const tests::Table golden(path);
  const std::string& name = golden.key("optimiser");
  const auto number = [&](const char* setting, double otherwise, std::size_t which = 0) {
    return static_cast<Scalar>(golden.setting(setting, otherwise, which));
  };
  if (name.starts_with("adam"))
    check_steps<nn::Adam>(golden,
                          nn::AdamOptions{.learning_rate = number("lr", 1e-3),
                                          .beta1 = number("betas", 0.9),
                                          .beta2 = number("betas", 0.999, 1),
                                          .epsilon = number("eps", 1e-8),
                                          .weight_decay = number("weight_decay", 0),
                                          .decoupled = name.starts_with("adamw")},
                          {"exp_avg", "exp_avg_sq"});
  else if (name.starts_with("sgd"))
    check_steps<nn::Sgd>(golden,
                         nn::SgdOptions{.learning_rate = number("lr", 0),
                                        .momentum = number("momentum", 0),
                                        .weight_decay = number("weight_decay", 0),
                                        .nesterov = golden.has_setting("nesterov")},
                         {"momentum_buffer"});
  else
    MESSAGE(path.string() << ": there is no optimizer " << name << " here; not compared");
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
void check_reinforce(const std::filesystem::path& path) {
  CAPTURE(path.string());
  const tests::Sheet golden(path);
  const std::string& words = golden.key("optimiser");  // "sgd lr=0.05"
  const auto rate = static_cast<Scalar>(std::stod(words.substr(words.find("lr=") + 3)));
  nn::Sgd sgd({.learning_rate = rate});
  nn::Adam adam({.learning_rate = rate});
  nn::Optimizer& optimizer = words.starts_with("adam") ? static_cast<nn::Optimizer&>(adam) : sgd;
  rl::Policy policy = tests::policy_of(tests::network(golden));
  nn::Network& network = policy.network;
  const auto gamma = static_cast<Scalar>(golden.key_number("gamma"));
  std::size_t updates = 0;
  for (std::string u; u = fmt::format("u{}_", updates + 1), golden.has(u + "x"); ++updates) {
    CAPTURE(u);
    const nn::Matrix states = tests::batch(golden[u + "x"]);
    const nn::Matrix actions = tests::batch(golden[u + "action"]);
    nn::Vector returns = tests::vector(golden[u + "reward"]), log_prob(returns.size());
    rl::discounted_returns(returns, gamma, returns);
    CHECK(tests::disagreement(returns, golden[u + "return"], tolerance) == "");
    const nn::Vector weights = normalised(returns);
    CHECK(tests::disagreement(weights, golden[u + "normalised"], tolerance) == "");
    policy.distribution->log_prob(network.feedforward(states), actions, log_prob);
    CHECK(tests::disagreement(log_prob, golden[u + "logp"], tolerance) == "");
    CHECK(tests::disagreement(nn::Vector{-nn::dot(weights, log_prob)}, golden[u + "loss"], tolerance) == "");

    network.zero_gradients();
    tests::accumulate(policy, states, actions, weights);
    CHECK(tests::disagreement(network, times(-1, network.gradients()), golden, u + "d", "", tolerance) == "");
    optimizer.ascend(network.parameters(), network.gradients());
    CHECK(tests::disagreement(network, network.parameters(), golden, u, "", tolerance) == "");
  }
  CHECK(static_cast<double>(updates) == golden.key_number("updates"));
}

}  // namespace

TEST_CASE("the discounted returns of every episode are those of the reference, for gamma from 0 to 1") {
  const tests::Table golden(file("returns_gae"));
  const auto sequence = golden.integers("seq");
  const auto gamma = golden.numbers("gamma");
  const auto terminated = golden.integers("terminated"), truncated = golden.integers("truncated");
  for (std::size_t first = 0, t = 0; t < golden.rows(); ++t) {
    const bool last = t + 1 == golden.rows() || sequence[t + 1] != sequence[t];
    if (!last && !terminated[t] && !truncated[t]) continue;
    nn::Vector returns = tests::vector(tests::reference(golden, "reward", first, t + 1 - first));
    rl::discounted_returns(returns, static_cast<Scalar>(gamma[t]), returns);
    CHECK(tests::disagreement(returns, tests::reference(golden, "ret", first, t + 1 - first), tolerance) == "");
    first = t + 1;
  }
  CHECK(golden.rows() > 0);
}

TEST_CASE("clip_norm clips as PyTorch does, also at the bound and at 0") {
  const tests::Sheet golden(file("clip_grad"));
  constexpr std::string_view norm = "_total_norm";
  std::size_t cases = 0;
  for (const std::string& tensor : golden.tensors()) {
    if (!tensor.ends_with(norm) || tensor.starts_with("inf_")) continue;  // here a norm is that of the squares
    const std::string name = tensor.substr(0, tensor.size() - norm.size());
    CAPTURE(name);
    ++cases;
    const auto joined = [&](const std::string& prefix) {
      tests::Reference all = golden[name + prefix + "_g1"];
      const tests::Reference& second = golden[name + prefix + "_g2"];
      all.numbers.insert(all.numbers.end(), second.numbers.begin(), second.numbers.end());
      all.places.insert(all.places.end(), second.places.begin(), second.places.end());
      all.rows = all.numbers.size(), all.cols = 1;
      return all;
    };
    nn::Vector gradients = tests::vector(joined(""));
    const auto max_norm = static_cast<Scalar>(golden[name + "_max_norm"](0, 0));
    const nn::Vector before = {nn::clip_norm(gradients, max_norm)};
    CHECK(tests::disagreement(before, golden[name + "_total_norm"], tolerance) == "");
    CHECK(tests::disagreement(gradients, joined("_clipped"), tolerance) == "");
  }
  CHECK(cases > 0);
}

TEST_CASE("the steps of Sgd and Adam are PyTorch's, with momentum, Nesterov and weight decay, joined and decoupled") {
  for (const auto& path : tests::golden_files("optim_")) check_optimizer(path);
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
  for (const auto& path : tests::golden_files("reinforce_")) check_reinforce(path);
}

}  // namespace test_golden_updates
