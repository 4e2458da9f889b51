#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "nn/arithmetic/vector_ops.hpp"
#include "rl/categorical.hpp"
#include "rl/gaussian.hpp"
#include "rl/ppo.hpp"
#include "rl/returns.hpp"
#include "tests/golden.hpp"
#include "tests/support.hpp"

namespace test_golden_heads {

namespace {

using nn::Scalar;

// Relative to the largest entry of each tensor.
constexpr double tolerance = tests::within(1e-11, 2e-5);

tests::Sheet sheet(const std::string& name) {
  return tests::Sheet(tests::golden_folder() / "gradients" / (name + ".csv"));
}

nn::Vector times(Scalar factor, nn::Vector x) {
  nn::scale(factor, x);
  return x;
}

/// The largest error of what is injected, and of every gradient it leads to, in the network and in the distribution.
template <class Distribution>
double gradient_error(nn::Network& network, Distribution& distribution, const nn::Matrix& injected,
                      const tests::Sheet& golden, const std::string& outputs, const std::string& loss) {
  network.zero_gradients();
  network.backpropagate(injected);
  double largest = std::max(tests::error(injected, tests::transposed(golden["d" + outputs + "_" + loss])),
                            tests::error(network, network.gradients(), golden, "d", "_" + loss));
  if (!distribution.parameters().empty())
    largest = std::max(largest, tests::error(distribution.gradients(), golden["dlog_std_param_" + loss]));
  return largest;
}

/// Everything a Gaussian file holds, through Network and Gaussian.
void check_gaussian(const std::string& name) {
  CAPTURE(name);
  const tests::Sheet golden = sheet(name);
  const std::string mode = golden.key("mode"), outputs_name = mode == "heads" ? "out" : "mean";
  const auto dimensions = static_cast<std::size_t>(std::stoul(golden.key("action_dim")));
  rl::Gaussian distribution = mode == "heads" ? rl::Gaussian(dimensions, rl::Spread::from_network)
                                              : rl::Gaussian(tests::vector(golden["log_std_param"]),
                                                             mode == "param" ? rl::Spread::learned : rl::Spread::fixed);
  CHECK(distribution.parameters().size() == (mode == "param" ? dimensions : 0));
  nn::Network network = tests::network(golden);
  const nn::Matrix states = tests::batch(golden["x"]), actions = tests::batch(golden["action"]);
  const nn::Vector weights = tests::vector(golden["weight"]);
  const std::size_t T = states.cols();
  const auto per_sample = static_cast<Scalar>(1. / static_cast<double>(T));

  const nn::ConstMatrixView outputs = network.feedforward(states);
  REQUIRE(outputs.rows() == distribution.outputs());
  nn::Matrix injected(distribution.outputs(), T), mean(dimensions, T), input_gradient(states.rows(), T);
  nn::Vector log_prob(T), entropy(T);
  distribution.mode(outputs, mean);
  distribution.log_prob(outputs, actions, log_prob);
  distribution.entropy(outputs, entropy);
  CHECK(tests::error(mean, tests::transposed(golden["mean"])) < tolerance);
  CHECK(tests::error(log_prob, golden["logp"]) < tolerance);
  CHECK(tests::error(entropy, golden["entropy"]) < tolerance);

  // J is climbed, PyTorch's loss -J is descended: minus the weights give the gradient of the loss.
  distribution.weighted_score(outputs, actions, times(-1, weights), injected);
  CHECK(gradient_error(network, distribution, injected, golden, outputs_name, "sum") < tolerance);
  network.backpropagate(injected, input_gradient);
  CHECK(tests::error(input_gradient, tests::transposed(golden["dx_sum"])) < tolerance);

  distribution.zero_gradients();
  distribution.weighted_score(outputs, actions, times(-per_sample, weights), injected);
  CHECK(gradient_error(network, distribution, injected, golden, outputs_name, "mean") < tolerance);
  const auto bonus = -per_sample * static_cast<Scalar>(std::stod(golden.key("entropy_coefficient")));
  distribution.entropy_gradient(outputs, nn::Vector(T, bonus), injected);  // adds to what is there
  CHECK(gradient_error(network, distribution, injected, golden, outputs_name, "reg") < tolerance);

  distribution.zero_gradients();
  nn::fill(injected.flat(), 0);
  distribution.entropy_gradient(outputs, nn::Vector(T, 1), injected);
  CHECK(gradient_error(network, distribution, injected, golden, outputs_name, "entropy") < tolerance);
}

/// The clipped surrogate as one weight per step: its value, sample by sample, and every gradient.
void check_ppo(const std::string& name, rl::Distribution& distribution, const nn::Matrix& actions,
               const std::string& outputs) {
  CAPTURE(name);
  const tests::Sheet golden = sheet(name);
  nn::Network network = tests::network(golden);
  const nn::Matrix states = tests::batch(golden["x"]);
  const nn::Vector advantages = tests::vector(golden["advantage"]), old = tests::vector(golden["old_logp"]);
  const auto epsilon = static_cast<Scalar>(std::stod(golden.key("clip_epsilon")));
  const std::size_t T = states.cols();

  const nn::ConstMatrixView out = network.feedforward(states);
  nn::Vector log_prob(T), weights(T), ratio(T), objective(T);
  distribution.log_prob(out, actions, log_prob);
  CHECK(tests::error(log_prob, golden["logp"]) < tolerance);
  const rl::Surrogate all = rl::clipped_surrogate(log_prob, old, advantages, epsilon, weights);
  CHECK(std::abs(all.objective + golden["loss"](0, 0)) < tolerance);
  CHECK(std::abs(all.clip_fraction - golden["clip_fraction"](0, 0)) < tolerance);
  CHECK(std::abs(all.approx_kl - golden["approx_kl"](0, 0)) < tolerance);
  std::size_t flowing = 0, expected = 0;
  for (std::size_t t = 0; t < T; ++t) {
    const nn::ConstVectorView now(&log_prob[t], 1), before(&old[t], 1);
    nn::Vector weight(1);
    ratio[t] = static_cast<Scalar>(rl::clipped_surrogate(now, before, nn::Vector{1}, 1000, weight).objective);
    objective[t] = static_cast<Scalar>(
        rl::clipped_surrogate(now, before, std::span(&advantages[t], 1), epsilon, weight).objective);
    if (advantages[t] == 0) continue;  // its weight is 0 either way
    flowing += weight[0] != 0 ? 1 : 0;
    expected += golden["gradient_flows"](t, 0) != 0 ? 1 : 0;
    CHECK((weight[0] != 0) == (golden["gradient_flows"](t, 0) != 0));
  }
  CHECK(flowing == expected);
  CHECK(flowing < T - 1);
  CHECK(tests::error(ratio, golden["ratio"]) < tolerance);
  CHECK(tests::error(objective, golden["objective"]) < tolerance);

  const auto per_sample = static_cast<Scalar>(1. / static_cast<double>(T));
  nn::Matrix injected(out.rows(), T);
  distribution.weighted_score(out, actions, times(-per_sample, weights), injected);
  CHECK(gradient_error(network, distribution, injected, golden, outputs, "loss") < tolerance);
  const auto bonus = -per_sample * static_cast<Scalar>(std::stod(golden.key("entropy_coefficient")));
  distribution.entropy_gradient(out, nn::Vector(T, bonus), injected);
  CHECK(gradient_error(network, distribution, injected, golden, outputs, "reg") < tolerance);
}

}  // namespace

TEST_CASE("the gradients of a Gaussian policy are PyTorch's, wherever its log sigma comes from") {
  for (const std::string mode : {"fixed", "param", "heads"})
    for (const std::string net : {"3-8_tanh_a1", "4-10-6_relu_a2", "2-5_sigmoid_a3"})
      check_gaussian("gaussian_" + mode + "_" + net);
}

TEST_CASE("PPO's gradient is PyTorch's: one weight per step times the score, clipped or not") {
  rl::Categorical categorical;
  for (const std::string name : {"ppo_softmax", "ppo_softmax_eps0.1"})
    check_ppo(name, categorical, tests::batch(sheet(name)["action"]), "logits");
  const tests::Sheet golden = sheet("ppo_gaussian");
  rl::Gaussian gaussian(tests::vector(golden["log_std_param"]), rl::Spread::learned);
  check_ppo("ppo_gaussian", gaussian, tests::batch(golden["action"]), "mean");
}

TEST_CASE("advantages and bootstrapped returns are the reference's: a truncation bootstraps, a termination does not") {
  const tests::Table golden(tests::golden_folder() / "gradients" / "returns_gae.csv");
  const auto sequence = golden.integers("seq"), terminated = golden.integers("terminated"),
             truncated = golden.integers("truncated");
  const auto gamma = golden.numbers("gamma"), lambda = golden.numbers("lambda");
  double largest = 0;
  std::size_t sequences = 0;
  for (std::size_t first = 0, t = 0; t < golden.rows(); ++t) {
    if (t + 1 < golden.rows() && sequence[t + 1] == sequence[t]) continue;
    const auto begin = static_cast<std::ptrdiff_t>(first), end = static_cast<std::ptrdiff_t>(t + 1);
    const std::size_t length = t + 1 - first;
    const auto reference = [&](std::string_view column) {
      const auto all = golden.numbers(column);
      return tests::Reference{length, 1, {all.begin() + begin, all.begin() + end}};
    };
    const std::vector<int> ended(terminated.begin() + begin, terminated.begin() + end),
        cut(truncated.begin() + begin, truncated.begin() + end);
    const nn::Vector rewards = tests::vector(reference("reward")), values = tests::vector(reference("value")),
                     next_values = tests::vector(reference("next_value"));
    const rl::Steps steps = {rewards, next_values, ended, cut};
    const auto g = static_cast<Scalar>(gamma[t]), l = static_cast<Scalar>(lambda[t]);
    nn::Vector got(length);
    const auto compare = [&](std::string_view column) {
      largest = std::max(largest, tests::error(got, reference(column)));
    };
    rl::bootstrapped_returns(steps, g, got), compare("ret_boot");
    rl::gae(steps, values, g, 0, got), compare("delta");
    rl::gae(steps, values, g, l, got), compare("adv");
    nn::axpy(1, values, got), compare("target");
    got = tests::vector(reference("ret"));
    rl::standardize(got), compare("norm_biased");
    first = t + 1;
    ++sequences;
  }
  CHECK(largest < tolerance);
  CHECK(sequences == 16);
}

}  // namespace test_golden_heads
