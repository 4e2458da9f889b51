#include <doctest/doctest.h>

#include <filesystem>
#include <limits>
#include <string>

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

nn::Vector times(Scalar factor, nn::Vector x) {
  nn::scale(factor, x);
  return x;
}

/// What the gradients of a network are, after injecting this at its outputs, that they should not be.
std::string backpropagated(nn::Network& network, nn::ConstMatrixView output_gradient, const tests::Sheet& golden,
                           const std::string& loss) {
  network.zero_gradients();
  network.backpropagate(output_gradient);
  return tests::disagreement(network, network.gradients(), golden, "d", "_" + loss, tolerance);
}

/// Everything a softmax file holds, through Network and Categorical.
void check_policy(const std::filesystem::path& path) {
  CAPTURE(path.string());
  const tests::Sheet golden(path);
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
  CHECK(tests::disagreement(logits, tests::transposed(golden["logits"]), tolerance) == "");
  CHECK(tests::disagreement(probs, tests::transposed(golden["probs"]), tolerance) == "");
  CHECK(tests::disagreement(log_probs, tests::transposed(golden["log_probs"]), tolerance) == "");
  CHECK(tests::disagreement(log_prob, golden["logp"], tolerance) == "");
  CHECK(tests::disagreement(times(-1, log_prob), golden["cross_entropy"], tolerance) == "");
  CHECK(tests::disagreement(entropy, golden["entropy"], tolerance) == "");

  // J is climbed, PyTorch's loss -J is descended: minus the weights give the gradient of the loss.
  nn::Matrix input_gradient(states.rows(), T);
  distribution.weighted_score(logits, actions, times(-1, weights), injected);
  CHECK(tests::disagreement(injected, tests::transposed(golden["dlogits_sum"]), tolerance) == "");
  CHECK(backpropagated(network, injected, golden, "sum") == "");
  network.backpropagate(injected, input_gradient);
  CHECK(tests::disagreement(input_gradient, tests::transposed(golden["dx_sum"]), tolerance) == "");

  const nn::Vector mean_weights = times(per_sample, weights);
  CHECK(tests::disagreement(nn::Vector{nn::cross_entropy(logits, actions, weights)}, golden["loss_sum"], tolerance) ==
        "");
  CHECK(tests::disagreement(nn::Vector{nn::cross_entropy(logits, actions, mean_weights)}, golden["loss_mean"],
                            tolerance) == "");
  nn::cross_entropy_gradient(logits, actions, mean_weights, injected);
  CHECK(tests::disagreement(injected, tests::transposed(golden["dlogits_mean"]), tolerance) == "");
  CHECK(backpropagated(network, injected, golden, "mean") == "");

  nn::fill(injected.flat(), 0);
  distribution.entropy_gradient(logits, nn::Vector(T, 1), injected);
  CHECK(tests::disagreement(nn::Vector{nn::sum(entropy)}, golden["entropy_sum"], tolerance) == "");
  CHECK(tests::disagreement(injected, tests::transposed(golden["dlogits_entropy"]), tolerance) == "");
  CHECK(backpropagated(network, injected, golden, "entropy") == "");

  const auto bonus = -per_sample * static_cast<Scalar>(golden.key_number("entropy_coefficient"));
  distribution.weighted_score(logits, actions, times(-1, mean_weights), injected);
  distribution.entropy_gradient(logits, nn::Vector(T, bonus), injected);
  CHECK(tests::disagreement(injected, tests::transposed(golden["dlogits_reg"]), tolerance) == "");
  CHECK(backpropagated(network, injected, golden, "reg") == "");
}

void check_value(const std::filesystem::path& path) {
  CAPTURE(path.string());
  const tests::Sheet golden(path);
  nn::Network network = tests::network(golden);
  const nn::Matrix states = tests::batch(golden["x"]), target = tests::batch(golden["target"]);
  const nn::ConstMatrixView value = network.feedforward(states);
  nn::Matrix injected(1, states.cols()), input_gradient(states.rows(), states.cols());
  CHECK(tests::disagreement(value, tests::transposed(golden["value"]), tolerance) == "");

  CHECK(tests::disagreement(nn::Vector{nn::mean_squared_error(value, target)}, golden["loss_mean"], tolerance) == "");
  nn::mean_squared_error_gradient(value, target, injected);
  CHECK(tests::disagreement(injected, tests::transposed(golden["dvalue_mean"]), tolerance) == "");
  CHECK(backpropagated(network, injected, golden, "mean") == "");
  network.backpropagate(injected, input_gradient);
  CHECK(tests::disagreement(input_gradient, tests::transposed(golden["dx_mean"]), tolerance) == "");

  const nn::Vector ones(states.cols(), 1);
  CHECK(tests::disagreement(nn::Vector{nn::squared_error(value, target, ones)}, golden["loss_halfsum"], tolerance) ==
        "");
  nn::squared_error_gradient(value, target, ones, injected);
  CHECK(tests::disagreement(injected, tests::transposed(golden["dvalue_halfsum"]), tolerance) == "");
  CHECK(backpropagated(network, injected, golden, "halfsum") == "");
}

}  // namespace

TEST_CASE("the policy gradient of a softmax net is PyTorch's, for every layer and activation, and in the corners") {
  for (const auto& path : tests::golden_files("softmax_")) check_policy(path);
}

TEST_CASE("logits of up to 1e5 give PyTorch's probabilities, entropies and gradients") {
  const tests::Sheet golden(tests::golden_folder() / "gradients/logits_extreme.csv");
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
  CHECK(tests::disagreement(probs, tests::transposed(golden["probs"]), tolerance) == "");
  const tests::Reference all = tests::transposed(golden["log_probs"]);
  for (std::size_t t = 0; t < logits.cols(); ++t) {  // the largest log probability of all would hide the others
    tests::Reference one{all.rows, 1, {}, {}};
    for (std::size_t k = 0; k < all.rows; ++k) {
      one.numbers.push_back(all(k, t));
      one.places.push_back(all.places[k * all.cols + t]);
    }
    CHECK(tests::disagreement(log_probs.view().columns(t, 1), one, tolerance) == "");
  }
  CHECK(tests::disagreement(log_prob, golden["logp"], tolerance) == "");
  CHECK(tests::disagreement(entropy, golden["entropy"], tolerance) == "");
  CHECK(tests::disagreement(nll, tests::transposed(golden["dlogits_nll"]), tolerance) == "");
  CHECK(tests::disagreement(bonus, tests::transposed(golden["dlogits_entropy"]), tolerance) == "");
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
  for (const auto& path : tests::golden_files("value_")) check_value(path);
}

}  // namespace test_golden_gradients
