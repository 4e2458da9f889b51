/// Three distributions, one theorem: (label - prediction) * coefficient, section 3.

#include <fmt/core.h>

#include <string_view>
#include <vector>

#include "docs/programs/theorem/numbers.hpp"
#include "docs/programs/theorem/sections.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "nn/loss.hpp"
#include "nn/network.hpp"
#include "nn/optimizer.hpp"
#include "rl/bernoulli.hpp"
#include "rl/categorical.hpp"

namespace theorem {
namespace {

template <class Distribution, class Actions, class Loss>
void instance(std::string_view label, Distribution distribution, const Numbers& outputs, const Actions& actions,
              Loss loss_gradient) {
  Matrix dY(outputs.size(), 1);
  loss_gradient(column(outputs), actions, Numbers{G}, dY);
  title(label);
  line("injected: (label - prediction) * coefficient", inject(distribution, outputs, actions, G));
  line("the gradient of G log pi",
       numerical_gradient(outputs, [&](const Numbers& o) { return G * log_prob(distribution, o, actions); }));
  line("the gradient of the loss", row(dY));
}

/// A network climbs the score, its copy descends the loss; how many parameters are equal after 10 steps.
template <class Distribution, class Actions, class Loss>
void both_ways(std::string_view label, Distribution distribution, const Actions& actions, Loss loss_gradient) {
  constexpr std::size_t count = 20;
  nn::Random rng(7);
  nn::Network up({3, 8, distribution.outputs()}, nn::Activation::tanh, rng), down = up;
  Matrix states(3, count), injected(distribution.outputs(), count), dY(distribution.outputs(), count);
  Numbers returns(count);
  for (Scalar& value : states.flat()) value = static_cast<Scalar>(rng.uniform(-1, 1));
  for (Scalar& value : returns) value = static_cast<Scalar>(rng.uniform(-1, 1));
  nn::Adam ascent({.learning_rate = Scalar(0.01)}), descent({.learning_rate = Scalar(0.01)});
  for (int step = 0; step < 10; ++step) {
    up.zero_gradients(), down.zero_gradients();
    distribution.weighted_score(up.feedforward(states), actions, returns, injected);
    up.backpropagate(injected);
    ascent.ascend(up.parameters(), up.gradients());
    loss_gradient(down.feedforward(states), actions, returns, dY);
    down.backpropagate(dY);
    descent.descend(down.parameters(), down.gradients());
  }
  std::size_t equal = 0, all = up.parameters().size();
  for (std::size_t i = 0; i < all; ++i) equal += up.parameters()[i] == down.parameters()[i] ? 1 : 0;
  fmt::print("  {:<48}{} of {}\n", label, equal, all);
}

}  // namespace

void three_distributions() {
  const std::vector<int> zero = {0};
  const rl::Gaussian fixed(1, rl::Spread::fixed, nn::log(sigma));
  const auto squared = [](ConstMatrixView Y, ConstMatrixView actions, Numbers weights, MatrixView dY) {
    nn::scale(nn::exp(-nn::log(sigma)) * nn::exp(-nn::log(sigma)), weights);  // return / sigma^2
    nn::squared_error_gradient(Y, actions, weights, dY);
  };
  const Numbers logits = {nn::log(Scalar(0.6)), nn::log(Scalar(0.4))};
  instance("3a  softmax: p = (0.6, 0.4), a = 0, G = 2", rl::Categorical(2), logits, zero, nn::cross_entropy_gradient);
  instance("3b  Bernoulli: p = 0.4, a = 0, G = 2", rl::Bernoulli(), {nn::log(Scalar(0.4) / Scalar(0.6))}, zero,
           nn::logistic_loss_gradient);
  instance("3c  Gaussian: mu = 0.3, sigma = 0.5, a = 1.1, G = 2", fixed, {mu}, column({x}), squared);
  title("3d  ten steps of a network up, of its copy down: parameters equal");
  const std::vector<int> actions = {0, 1, 1, 0, 1, 0, 0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 0, 1, 0, 0};
  Matrix forces(1, 20);
  for (std::size_t t = 0; t < 20; ++t) forces(0, t) = static_cast<Scalar>(actions[t]) - mu;
  both_ways("softmax and cross-entropy", rl::Categorical(2), actions, nn::cross_entropy_gradient);
  both_ways("Bernoulli and logistic loss", rl::Bernoulli(), actions, nn::logistic_loss_gradient);
  both_ways("Gaussian and squared error", fixed, forces, squared);
}

}  // namespace theorem
