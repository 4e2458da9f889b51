/// A policy goes to PyTorch and back, with the same logits. tests/run.sh sets PYTHON_WITH_TORCH when there is one;
/// without it the test counts as skipped.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>

#include "nn/checkpoint.hpp"
#include "tests/support.hpp"

namespace test_torch {

namespace {

double largest_difference(nn::ConstMatrixView logits, const std::vector<nn::Tensor>& theirs) {
  REQUIRE(theirs.size() == 1);
  REQUIRE(theirs[0].shape == std::vector<std::size_t>{logits.rows(), logits.cols()});
  double largest = 0;
  for (std::size_t i = 0; i < theirs[0].data.size(); ++i)
    largest = std::max(largest, std::abs(double(logits.flat()[i]) - double(theirs[0].data[i])));
  return largest;
}

}  // namespace

TEST_CASE("PyTorch loads a policy by name and gets the same logits; a policy that PyTorch wrote loads here" *
          doctest::skip(std::getenv("PYTHON_WITH_TORCH") == nullptr)) {
  const tests::TemporaryFolder folder;
  const auto file = [&](const char* name) { return folder.path() / (name + std::string(".safetensors")); };
  nn::Random rng(71);
  nn::Network network({4, 32, 16, 2}, nn::Activation::tanh, rng);
  for (nn::Scalar& w : network.parameters()) w = static_cast<nn::Scalar>(static_cast<float>(w));
  nn::Matrix states = tests::random_matrix(4, 50, rng, 2);
  for (nn::Scalar& s : states.flat()) s = static_cast<nn::Scalar>(static_cast<float>(s));
  const nn::Vector scale = {2, 4, nn::Scalar(0.5), 1};  // as of a trained policy: the file takes unscaled states
  nn::save_safetensors(file("ours"), {{{"environment", "CartPole-v1"}}, nn::network_tensors(network, scale)});
  nn::save_safetensors(file("states"), {{}, {{"states", {4, 50}, {states.flat().begin(), states.flat().end()}}}});
  const auto ran =
      tests::run(std::getenv("PYTHON_WITH_TORCH") + (" tests/nn/io/torch_roundtrip.py " + folder.path().string()));
  REQUIRE_MESSAGE(ran.status == 0, ran.errors);

  nn::Matrix scaled = states;
  for (std::size_t row = 0; row < 4; ++row)
    for (nn::Scalar& s : scaled.row(row)) s *= scale[row];
  CHECK(largest_difference(network.feedforward(scaled), nn::load_safetensors(file("our_logits")).tensors) < 2e-6);

  const auto theirs = nn::load_safetensors(file("theirs")).tensors;
  CHECK(nn::network_sizes(theirs, "theirs") == network.sizes());
  nn::set_network_tensors(network, theirs, "theirs");
  const auto logits = network.feedforward(states);
  CHECK(largest_difference(logits, nn::load_safetensors(file("their_logits")).tensors) < 2e-6);
  CHECK(largest_difference(logits, nn::load_safetensors(file("our_logits")).tensors) > 0.1);  // other weights
}

}  // namespace test_torch
