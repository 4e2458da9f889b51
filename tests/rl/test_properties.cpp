/// What holds for every network and every policy, for many random ones.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "nn/arithmetic/vector_ops.hpp"
#include "nn/loss.hpp"
#include "nn/network.hpp"
#include "rl/categorical.hpp"
#include "tests/support.hpp"

namespace test_properties {

using namespace nn;

namespace {

/// `make check` asks for 1,000.
const std::size_t case_count = [] {
  const char* count = std::getenv("PROPERTY_CASES");
  return count ? static_cast<std::size_t>(std::atoi(count)) : std::size_t{200};
}();

std::size_t pick(Random& rng, std::size_t low, std::size_t high) {
  return low + static_cast<std::size_t>(rng.uniform() * static_cast<double>(high - low + 1));
}

enum class Goal { log_likelihood, squared_error, injected };

/// Error of some parameters' gradients, relative to the largest entry of the gradient. At a kink of relu there is no
/// derivative to compare with: such a parameter is left out, and counted.
struct Found {
  double error = 0, largest = 0;
  std::size_t compared = 0, kinks = 0;
};

Found compare(Network& network, Random& rng, bool has_kinks, auto J) {
  Found found;
  const VectorView theta = network.parameters();
  const Vector g(network.gradients().begin(), network.gradients().end());
  for (const Scalar x : g) found.largest = std::max(found.largest, std::abs(double(x)));
  for (int i = 0; i < 24; ++i) {
    const std::size_t at = pick(rng, 0, theta.size() - 1);
    const Scalar saved = theta[at];
    const auto derivative = [&](double h) {
      const Scalar above = static_cast<Scalar>(double(saved) + h), below = static_cast<Scalar>(double(saved) - h);
      theta[at] = above;
      const double high = J();
      theta[at] = below;
      const double low = J();
      theta[at] = saved;
      return (high - low) / double(above - below);
    };
    const double h = 1e-5, derivative_h = derivative(h);
    if (has_kinks && std::abs(derivative_h - derivative(h / 3)) > 1e-6 * std::max(found.largest, 1e-3)) {
      ++found.kinks;
      continue;
    }
    ++found.compared;
    found.error = std::max(found.error, std::abs(derivative_h - double(g[at])));
  }
  found.error /= std::max(found.largest, 1e-3);
  return found;
}

}  // namespace

TEST_CASE("random networks of any depth, width, activation, batch and goal have the gradients of central differences" *
          doctest::skip(!is_double)) {
  double worst = 0;
  std::size_t compared = 0, kinks = 0, trivial = 0;
  for (std::size_t number = 0; number < case_count; ++number) {
    Random rng({77, number});
    std::vector<std::size_t> sizes{pick(rng, 1, 40)};
    for (std::size_t depth = pick(rng, 0, 4); depth > 0; --depth) sizes.push_back(pick(rng, 1, 40));
    sizes.push_back(pick(rng, 2, 10));
    const auto activation = static_cast<Activation>(pick(rng, 0, 3));
    const auto goal = static_cast<Goal>(pick(rng, 0, 2));
    const std::size_t batch = pick(rng, 1, 70), outputs = sizes.back();
    Network network(sizes, activation, rng);
    for (Scalar& x : network.parameters()) x += static_cast<Scalar>(rng.uniform(-0.1, 0.1));
    const Matrix X = tests::random_matrix(sizes.front(), batch, rng), C = tests::random_matrix(outputs, batch, rng);
    const auto actions = tests::random_actions(batch, outputs, rng);
    const Vector weights = tests::random_vector(batch, rng);
    rl::Categorical distribution;
    Vector log_prob(batch);
    const auto J = [&]() -> double {
      const auto Y = network.feedforward(X);
      switch (goal) {
        case Goal::log_likelihood: return distribution.log_prob(Y, actions, log_prob), double(dot(weights, log_prob));
        case Goal::squared_error: return double(squared_error(Y, C, weights));
        case Goal::injected: return double(dot(C.flat(), Y.flat()));
      }
      return 0;
    };
    Matrix injected(outputs, batch);
    const auto Y = network.feedforward(X);
    switch (goal) {
      case Goal::log_likelihood: distribution.weighted_score(Y, actions, weights, injected); break;
      case Goal::squared_error: squared_error_gradient(Y, C, weights, injected); break;
      case Goal::injected: std::ranges::copy(C.flat(), injected.flat().begin()); break;
    }
    network.backpropagate(injected);
    const Found found = compare(network, rng, activation == Activation::relu, J);
    worst = std::max(worst, found.error);
    compared += found.compared, kinks += found.kinks, trivial += found.largest < 1e-3;
  }
  MESSAGE("worst relative gradient error ", worst, " in ", case_count, " networks, ", compared, " parameters, ", kinks,
          " at a kink");
  CHECK(worst < 1e-7);
  CHECK(kinks * 50 < compared);  // few
  CHECK(trivial * 20 < case_count);
}

TEST_CASE("random policies: the columns of the injected vector sum to 0, and it is linear in the weights") {
  double worst_sum = 0, worst_linear = 0;
  for (std::size_t number = 0; number < case_count; ++number) {
    Random rng({78, number});
    const std::size_t K = pick(rng, 1, 10), batch = pick(rng, 1, 70);
    const Matrix logits = tests::random_matrix(K, batch, rng, 10);
    const auto actions = tests::random_actions(batch, K, rng);
    const Vector one(batch, Scalar(1)), weights = tests::random_vector(batch, rng);
    Matrix score(K, batch), weighted(K, batch);
    rl::Categorical distribution;
    distribution.weighted_score(logits, actions, one, score);
    distribution.weighted_score(logits, actions, weights, weighted);
    for (std::size_t t = 0; t < batch; ++t) {
      double total = 0;
      for (std::size_t k = 0; k < K; ++k) {
        total += double(score(k, t));
        worst_linear =
            std::max(worst_linear, std::abs(double(score(k, t)) * double(weights[t]) - double(weighted(k, t))));
      }
      worst_sum = std::max(worst_sum, std::abs(total));
    }
  }
  CHECK(worst_sum < tests::within(1e-14, 1e-6));
  CHECK(worst_linear < tests::within(1e-15, 1e-7));
}

}  // namespace test_properties
