/// A whole episode and a whole network: states, labels, signs; and for docs/03-trust-but-check.md whether the gradient
/// is right.

#include <fmt/core.h>

#include <string_view>
#include <vector>

#include "docs/programs/question/numbers.hpp"
#include "docs/programs/question/sections.hpp"
#include "envs/registry.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "nn/gradient_check.hpp"
#include "nn/loss.hpp"
#include "nn/softmax.hpp"
#include "rl/returns.hpp"
#include "rl/sampling/rollout.hpp"

namespace question {
namespace {

/// A short episode of CartPole, and the network that played it.
struct Play {
  nn::Random rng{7};
  rl::Policy of{{{4, 8, 2}, nn::Activation::tanh, rng}, distribution.clone()};
  nn::Network& policy = of.network;
  rl::Player player{envs::make_vec("CartPole-v1", 1), nn::Vector{2, 2, 16, 4}};
  rl::Rollout rollout;
  const rl::Batch& batch = rollout.collect(player, of, 0, 1, 7, 0);
  const std::vector<int> actions{batch.actions.flat().begin(), batch.actions.flat().end()};
  Numbers returns = Numbers(batch.steps());
  nn::Matrix injected{2, batch.steps()};
  Play() {
    rl::discounted_returns(batch.rewards, 1, returns);
    distribution.weighted_score(policy.feedforward(batch.states), actions, returns, injected);
  }
};

}  // namespace

void an_episode() {
  Play play;
  const rl::Batch& batch = play.batch;
  nn::Matrix P(2, batch.steps());
  nn::softmax(play.policy.feedforward(batch.states), P);
  title("3c  state                            probs           action  label  G  injected");
  for (std::size_t t = 0; t < batch.steps(); ++t) {
    for (std::size_t row = 0; row < 4; ++row) fmt::print("{:>8.3f}", batch.states(row, t));
    fmt::print("  ({:.3f}, {:.3f})  {:>4}    ({}, {})  {}  {}\n", P(0, t), P(1, t), play.actions[t],
               1 - play.actions[t], play.actions[t], play.returns[t], show({play.injected(0, t), play.injected(1, t)}));
  }
}

void one_sign() {
  Play play;
  title("3d  one sign: p(0) after");
  line("ascend with the injected vector", ascend(inject(a, G)));
  line("descend with the cross-entropy's gradient", descend(label_gradient()));
  line("descend with the injected vector, mixed up", descend(inject(a, G)));

  nn::Network up = play.policy, down = play.policy;
  up.feedforward(play.batch.states);
  up.backpropagate(play.injected);
  nn::Sgd({.learning_rate = step}).ascend(up.parameters(), up.gradients());

  nn::Matrix dZ(2, play.batch.steps());
  nn::cross_entropy_gradient(down.feedforward(play.batch.states), play.actions, play.returns, dZ);
  down.backpropagate(dZ);
  nn::Sgd({.learning_rate = step}).descend(down.parameters(), down.gradients());

  std::size_t equal = 0, count = up.parameters().size();
  for (std::size_t i = 0; i < count; ++i) equal += up.parameters()[i] == down.parameters()[i] ? 1 : 0;
  fmt::print("  a network, right both ways: {} of {} parameters equal\n", equal, count);
}

void is_the_gradient_right() {
  Play play;
  Numbers log_probs(play.batch.steps());
  const auto J = [&] {
    distribution.log_prob(play.policy.feedforward(play.batch.states), play.actions, log_probs);
    return nn::dot(play.returns, log_probs);
  };
  const auto check = [&](std::string_view label, const nn::Matrix& injected, Scalar h) {
    J();
    play.policy.zero_gradients();
    play.policy.backpropagate(injected);
    line(label, Scalar(nn::max_gradient_error(play.policy.parameters(), play.policy.gradients(), J, h)));
  };
  nn::Matrix taken_only = play.injected, value(2, log_probs.size());
  J();
  for (std::size_t t = 0; t < log_probs.size(); ++t) {
    const auto taken = static_cast<std::size_t>(play.actions[t]);
    taken_only(1 - taken, t) = 0;
    value(taken, t) = play.returns[t] * log_probs[t];
  }
  title("3g  chapter 3: relative error of the gradient, 58 parameters");
  check("(one_hot - probs) * G", play.injected, Scalar(0.01));
  check("only the output of the action", taken_only, Scalar(0.01));
  check("G log p(a), the value", value, Scalar(0.01));
  check("(one_hot - probs) * G, but h = 1", play.injected, 1);
  check("(one_hot - probs) * G, but h = 0.00001", play.injected, Scalar(1e-5));
}

}  // namespace question
