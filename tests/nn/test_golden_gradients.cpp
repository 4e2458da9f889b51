#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

#include "nn/arithmetic/vector_ops.hpp"
#include "nn/loss.hpp"
#include "nn/softmax.hpp"
#include "rl/categorical.hpp"
#include "tests/golden.hpp"
#include "tests/support.hpp"

namespace test_golden_gradients {

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

/// The gradients of a network after injecting this at its outputs.
double backpropagated(nn::Network& network, nn::ConstMatrixView output_gradient, const tests::Sheet& golden,
                      const std::string& loss) {
  network.zero_gradients();
  network.backpropagate(output_gradient);
  return tests::error(network, network.gradients(), golden, "d", "_" + loss);
}

/// Everything a softmax file holds, through Network and Categorical.
void check_policy(const std::string& name) {
  CAPTURE(name);
  const tests::Sheet golden = sheet(name);
  nn::Network network = tests::network(golden);
  const nn::Matrix states = tests::batch(golden["x"]);
  const std::vector<int> actions = tests::labels(golden["action"]);
  const nn::Vector weights = tests::vector(golden["weight"]);
  const std::size_t T = states.cols();
  const auto per_sample = static_cast<Scalar>(1. / static_cast<double>(T));

  const nn::ConstMatrixView logits = network.feedforward(states);
  nn::Matrix probs(logits.rows(), T), log_probs(logits.rows(), T), injected(logits.rows(), T);
  nn::Vector log_prob(T), entropy(T);
  rl::Categorical distribution;
  nn::softmax(logits, probs);
  nn::log_softmax(logits, log_probs);
  distribution.log_prob(logits, actions, log_prob);
  distribution.entropy(logits, entropy);
  CHECK(tests::error(logits, tests::transposed(golden["logits"])) < tolerance);
  CHECK(tests::error(probs, tests::transposed(golden["probs"])) < tolerance);
  CHECK(tests::error(log_probs, tests::transposed(golden["log_probs"])) < tolerance);
  CHECK(tests::error(log_prob, golden["logp"]) < tolerance);
  CHECK(tests::error(times(-1, log_prob), golden["cross_entropy"]) < tolerance);
  CHECK(tests::error(entropy, golden["entropy"]) < tolerance);

  // J is climbed, PyTorch's loss -J is descended: minus the weights give the gradient of the loss.
  nn::Matrix input_gradient(states.rows(), T);
  distribution.weighted_score(logits, actions, times(-1, weights), injected);
  CHECK(tests::error(injected, tests::transposed(golden["dlogits_sum"])) < tolerance);
  CHECK(backpropagated(network, injected, golden, "sum") < tolerance);
  network.backpropagate(injected, input_gradient);
  CHECK(tests::error(input_gradient, tests::transposed(golden["dx_sum"])) < tolerance);

  const nn::Vector mean_weights = times(per_sample, weights);
  CHECK(tests::error(nn::Vector{nn::cross_entropy(logits, actions, weights)}, golden["loss_sum"]) < tolerance);
  CHECK(tests::error(nn::Vector{nn::cross_entropy(logits, actions, mean_weights)}, golden["loss_mean"]) < tolerance);
  nn::cross_entropy_gradient(logits, actions, mean_weights, injected);
  CHECK(tests::error(injected, tests::transposed(golden["dlogits_mean"])) < tolerance);
  CHECK(backpropagated(network, injected, golden, "mean") < tolerance);

  nn::fill(injected.flat(), 0);
  distribution.entropy_gradient(logits, nn::Vector(T, 1), injected);
  CHECK(tests::error(nn::Vector{nn::sum(entropy)}, golden["entropy_sum"]) < tolerance);
  CHECK(tests::error(injected, tests::transposed(golden["dlogits_entropy"])) < tolerance);
  CHECK(backpropagated(network, injected, golden, "entropy") < tolerance);

  const auto bonus = -per_sample * static_cast<Scalar>(std::stod(golden.key("entropy_coefficient")));
  distribution.weighted_score(logits, actions, times(-1, mean_weights), injected);
  distribution.entropy_gradient(logits, nn::Vector(T, bonus), injected);
  CHECK(tests::error(injected, tests::transposed(golden["dlogits_reg"])) < tolerance);
  CHECK(backpropagated(network, injected, golden, "reg") < tolerance);
}

void check_value(const std::string& name) {
  CAPTURE(name);
  const tests::Sheet golden = sheet(name);
  nn::Network network = tests::network(golden);
  const nn::Matrix states = tests::batch(golden["x"]), target = tests::batch(golden["target"]);
  const nn::ConstMatrixView value = network.feedforward(states);
  nn::Matrix injected(1, states.cols()), input_gradient(states.rows(), states.cols());
  CHECK(tests::error(value, tests::transposed(golden["value"])) < tolerance);

  CHECK(tests::error(nn::Vector{nn::mean_squared_error(value, target)}, golden["loss_mean"]) < tolerance);
  nn::mean_squared_error_gradient(value, target, injected);
  CHECK(tests::error(injected, tests::transposed(golden["dvalue_mean"])) < tolerance);
  CHECK(backpropagated(network, injected, golden, "mean") < tolerance);
  network.backpropagate(injected, input_gradient);
  CHECK(tests::error(input_gradient, tests::transposed(golden["dx_mean"])) < tolerance);

  const nn::Vector ones(states.cols(), 1);
  CHECK(tests::error(nn::Vector{nn::squared_error(value, target, ones)}, golden["loss_halfsum"]) < tolerance);
  nn::squared_error_gradient(value, target, ones, injected);
  CHECK(tests::error(injected, tests::transposed(golden["dvalue_halfsum"])) < tolerance);
  CHECK(backpropagated(network, injected, golden, "halfsum") < tolerance);
}

}  // namespace

TEST_CASE("the policy gradient of a softmax net is PyTorch's, for every layer and activation") {
  check_policy("softmax_4-2_linear");
  check_policy("softmax_4-8-2_tanh");
  check_policy("softmax_4-32-2_tanh");
  check_policy("softmax_2-5-3_sigmoid");
  check_policy("softmax_3-16-16-4_relu");
}

TEST_CASE("the policy gradient is PyTorch's in the corners too") {
  check_policy("softmax_corner_batch-of-one");
  check_policy("softmax_corner_discounted-returns");
  check_policy("softmax_corner_one-action");
  check_policy("softmax_corner_relu-at-zero");
  check_policy("softmax_corner_sample-weights");
  check_policy("softmax_corner_saturated");
}

TEST_CASE("logits of up to 1e5 give PyTorch's probabilities, entropies and gradients") {
  const tests::Sheet golden = sheet("logits_extreme");
  const nn::Matrix logits = tests::batch(golden["logits"]);
  const std::vector<int> actions = tests::labels(golden["action"]);
  const nn::Vector ones(logits.cols(), 1);
  nn::Matrix probs(logits.rows(), logits.cols()), log_probs(logits.rows(), logits.cols()),
      nll(logits.rows(), logits.cols()), bonus(logits.rows(), logits.cols());
  nn::Vector log_prob(logits.cols()), entropy(logits.cols());
  rl::Categorical distribution;
  nn::softmax(logits, probs);
  nn::log_softmax(logits, log_probs);
  distribution.log_prob(logits, actions, log_prob);
  distribution.entropy(logits, entropy);
  nn::cross_entropy_gradient(logits, actions, ones, nll);
  distribution.entropy_gradient(logits, ones, bonus);
  CHECK(tests::error(probs, tests::transposed(golden["probs"])) < tolerance);
  double of_one_sample = 0;  // the largest log probability of all would hide the others
  for (std::size_t t = 0; t < logits.cols(); ++t) {
    const tests::Reference& all = golden["log_probs"];
    const auto first = all.numbers.begin() + static_cast<std::ptrdiff_t>(t * all.cols);
    const tests::Reference one{all.cols, 1, {first, first + static_cast<std::ptrdiff_t>(all.cols)}};
    of_one_sample = std::max(of_one_sample, tests::error(log_probs.view().columns(t, 1), one));
  }
  CHECK(of_one_sample < tolerance);
  CHECK(tests::error(log_prob, golden["logp"]) < tolerance);
  CHECK(tests::error(entropy, golden["entropy"]) < tolerance);
  CHECK(tests::error(nll, tests::transposed(golden["dlogits_nll"])) < tolerance);
  CHECK(tests::error(bonus, tests::transposed(golden["dlogits_entropy"])) < tolerance);
}

TEST_CASE("the entropy and its gradient stay finite at the largest logits there are") {
  constexpr Scalar largest = std::numeric_limits<Scalar>::max();
  nn::Matrix logits(2, 1), bonus(2, 1);
  logits(0, 0) = largest, logits(1, 0) = -largest;
  nn::Vector entropy(1);
  rl::Categorical distribution;
  distribution.entropy(logits, entropy);
  distribution.entropy_gradient(logits, nn::Vector{1}, bonus);
  CHECK(entropy[0] == 0);
  CHECK(bonus(0, 0) == 0);
  CHECK(bonus(1, 0) == 0);
}

TEST_CASE("the gradients of a value net are PyTorch's") {
  check_value("value_4-1_linear");
  check_value("value_4-8-1_tanh");
  check_value("value_3-12-7-1_relu");
}

}  // namespace test_golden_gradients
