#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <string>

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

nn::Vector times(Scalar factor, nn::Vector x) {
  nn::scale(factor, x);
  return x;
}

/// What is wrong with what is injected, or with a gradient it leads to, in the network or in the distribution.
template <class Distribution>
std::string wrong_gradient(nn::Network& network, Distribution& distribution, const nn::Matrix& injected,
                           const tests::Sheet& golden, const std::string& outputs, const std::string& loss) {
  network.zero_gradients();
  network.backpropagate(injected);
  std::string wrong = tests::disagreement(injected, tests::transposed(golden["d" + outputs + "_" + loss]), tolerance);
  if (wrong.empty()) wrong = tests::disagreement(network, network.gradients(), golden, "d", "_" + loss, tolerance);
  if (wrong.empty() && !distribution.parameters().empty())
    wrong = tests::disagreement(distribution.gradients(), golden["dlog_std_param_" + loss], tolerance);
  return wrong;
}

/// Everything a Gaussian file holds, through Network and Gaussian.
void check_gaussian(const std::filesystem::path& path) {
  CAPTURE(path.string());
  const tests::Sheet golden(path);
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
  CHECK(tests::disagreement(mean, tests::transposed(golden["mean"]), tolerance) == "");
  CHECK(tests::disagreement(log_prob, golden["logp"], tolerance) == "");
  CHECK(tests::disagreement(entropy, golden["entropy"], tolerance) == "");

  // J is climbed, PyTorch's loss -J is descended: minus the weights give the gradient of the loss.
  distribution.weighted_score(outputs, actions, times(-1, weights), injected);
  CHECK(wrong_gradient(network, distribution, injected, golden, outputs_name, "sum") == "");
  network.backpropagate(injected, input_gradient);
  CHECK(tests::disagreement(input_gradient, tests::transposed(golden["dx_sum"]), tolerance) == "");

  distribution.zero_gradients();
  distribution.weighted_score(outputs, actions, times(-per_sample, weights), injected);
  CHECK(wrong_gradient(network, distribution, injected, golden, outputs_name, "mean") == "");
  const auto bonus = -per_sample * static_cast<Scalar>(golden.key_number("entropy_coefficient"));
  distribution.entropy_gradient(outputs, nn::Vector(T, bonus), injected);  // adds to what is there
  CHECK(wrong_gradient(network, distribution, injected, golden, outputs_name, "reg") == "");

  distribution.zero_gradients();
  nn::fill(injected.flat(), 0);
  distribution.entropy_gradient(outputs, nn::Vector(T, 1), injected);
  CHECK(wrong_gradient(network, distribution, injected, golden, outputs_name, "entropy") == "");
}

/// The clipped surrogate as one weight per step: its value, sample by sample, and every gradient.
void check_ppo(const tests::Sheet& golden, rl::Distribution& distribution, const std::string& outputs) {
  CAPTURE(golden.path().string());
  nn::Network network = tests::network(golden);
  const nn::Matrix states = tests::batch(golden["x"]), actions = tests::batch(golden["action"]);
  const nn::Vector advantages = tests::vector(golden["advantage"]), old = tests::vector(golden["old_logp"]);
  const auto epsilon = static_cast<Scalar>(golden.key_number("clip_epsilon"));
  const std::size_t T = states.cols();

  const nn::ConstMatrixView out = network.feedforward(states);
  nn::Vector log_prob(T), weights(T), ratio(T), objective(T);
  distribution.log_prob(out, actions, log_prob);
  CHECK(tests::disagreement(log_prob, golden["logp"], tolerance) == "");
  const rl::Surrogate all = rl::clipped_surrogate(log_prob, old, advantages, epsilon, weights);
  const auto scalar = [](double x) { return nn::Vector{static_cast<Scalar>(x)}; };
  CHECK(tests::disagreement(scalar(-all.objective), golden["loss"], tolerance) == "");
  CHECK(tests::disagreement(scalar(all.clip_fraction), golden["clip_fraction"], tolerance) == "");
  CHECK(std::abs(all.approx_kl - golden["approx_kl"](0, 0)) < tolerance);  // small beside the ratios it is made of
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
  CHECK(tests::disagreement(ratio, golden["ratio"], tolerance) == "");
  CHECK(tests::disagreement(objective, golden["objective"], tolerance) == "");

  const auto per_sample = static_cast<Scalar>(1. / static_cast<double>(T));
  nn::Matrix injected(out.rows(), T);
  distribution.weighted_score(out, actions, times(-per_sample, weights), injected);
  CHECK(wrong_gradient(network, distribution, injected, golden, outputs, "loss") == "");
  const auto bonus = -per_sample * static_cast<Scalar>(golden.key_number("entropy_coefficient"));
  distribution.entropy_gradient(out, nn::Vector(T, bonus), injected);
  CHECK(wrong_gradient(network, distribution, injected, golden, outputs, "reg") == "");
}

}  // namespace

TEST_CASE("the gradients of a Gaussian policy are PyTorch's, wherever its log sigma comes from") {
  for (const auto& path : tests::golden_files("gaussian_")) check_gaussian(path);
}

TEST_CASE("PPO's gradient is PyTorch's: one weight per step times the score, clipped or not") {
  for (const auto& path : tests::golden_files("ppo_")) {
    const tests::Sheet golden(path);
    if (golden.key("policy").starts_with("softmax")) {
      rl::Categorical categorical;
      check_ppo(golden, categorical, "logits");
    } else {
      rl::Gaussian gaussian(tests::vector(golden["log_std_param"]), rl::Spread::learned);
      check_ppo(golden, gaussian, "mean");
    }
  }
}

TEST_CASE("advantages and bootstrapped returns are the reference's: a truncation bootstraps, a termination does not") {
  const tests::Table golden(tests::golden_folder() / "gradients" / "returns_gae.csv");
  const auto sequence = golden.integers("seq"), terminated = golden.integers("terminated"),
             truncated = golden.integers("truncated");
  const auto gamma = golden.numbers("gamma"), lambda = golden.numbers("lambda");
  for (std::size_t first = 0, t = 0; t < golden.rows(); ++t) {
    if (t + 1 < golden.rows() && sequence[t + 1] == sequence[t]) continue;
    const auto begin = static_cast<std::ptrdiff_t>(first), end = static_cast<std::ptrdiff_t>(t + 1);
    const std::size_t length = t + 1 - first;
    const auto reference = [&](std::string_view column) { return tests::reference(golden, column, first, length); };
    const std::vector<int> ended(terminated.begin() + begin, terminated.begin() + end),
        cut(truncated.begin() + begin, truncated.begin() + end);
    const nn::Vector rewards = tests::vector(reference("reward")), values = tests::vector(reference("value")),
                     next_values = tests::vector(reference("next_value"));
    const rl::Steps steps = {rewards, next_values, ended, cut};
    const auto g = static_cast<Scalar>(gamma[t]), l = static_cast<Scalar>(lambda[t]);
    nn::Vector got(length);
    const auto compare = [&](std::string_view column) {
      CHECK(tests::disagreement(got, reference(column), tolerance) == "");
    };
    rl::bootstrapped_returns(steps, g, got), compare("ret_boot");
    rl::gae(steps, values, g, 0, got), compare("delta");
    rl::gae(steps, values, g, l, got), compare("adv");
    nn::axpy(1, values, got), compare("target");
    got = tests::vector(reference("ret"));
    rl::standardize(got), compare("norm_biased");
    first = t + 1;
  }
  CHECK(golden.rows() > 0);
}

}  // namespace test_golden_heads
