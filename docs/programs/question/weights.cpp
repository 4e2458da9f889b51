/// What the score is multiplied by, its coefficient: baselines and returns, section 4.

#include <fmt/core.h>

#include <initializer_list>
#include <span>
#include <string_view>

#include "docs/programs/question/numbers.hpp"
#include "docs/programs/question/sections.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "rl/returns.hpp"

namespace question {
namespace {

constexpr Scalar gamma = Scalar(0.95);

struct Outcome {
  Scalar probability;
  int action;
  Scalar weight;
};
/// What is injected on average, and the variance of its first entry.
void expectation(std::string_view label, std::initializer_list<Outcome> outcomes) {
  Numbers mean(2);
  Scalar square = 0;
  for (const auto& [probability, action, weight] : outcomes) {
    const Numbers injected = inject(action, weight);
    nn::axpy(probability, injected, mean);
    square += probability * injected[0] * injected[0];
  }
  fmt::print("  {:<48}{}  {:7.4f}\n", label, show(mean), square - mean[0] * mean[0]);
}

}  // namespace

void baselines() {
  const Scalar p0 = softmax(logits)[0], p1 = softmax(logits)[1], b = p0 * 2 + p1 * 1;
  title("4a  coefficient                                   mean injected     variance");
  expectation("the return: 2 after action 0, 1 after action 1", {{p0, 0, 2}, {p1, 1, 1}});
  expectation("return + 10", {{p0, 0, 12}, {p1, 1, 11}});
  expectation("return - 1.6", {{p0, 0, 2 - b}, {p1, 1, 1 - b}});
  expectation("1", {{p0, 0, 1}, {p1, 1, 1}});
  expectation("return + the reward of an earlier step",
              {{p0 * p0, 0, 2 + 2}, {p1 * p0, 0, 2 + 1}, {p0 * p1, 1, 1 + 2}, {p1 * p1, 1, 1 + 1}});
}

void returns() {
  for (const Numbers& rewards : {Numbers{0, 0, 0, 0, 1}, Numbers{1, 1, 1, 1, 1}}) {
    const std::size_t T = rewards.size();
    Numbers powers(T, 1), returns(T), first(T), from_start(T);
    for (std::size_t t = 1; t < T; ++t) powers[t] = gamma * powers[t - 1];
    rl::discounted_returns(rewards, gamma, returns);
    for (std::size_t t = 0; t < T; ++t) {
      first[t] = nn::dot(std::span(powers).first(T - t), std::span(rewards).first(T - t));
      from_start[t] = powers[t] * returns[t];
    }
    title(rewards[0] == 0 ? "4b  one reward, at the end" : "4c  a reward at every step");
    line("returns G_t, gamma = 0.95", returns, 4);
    line("the first T - t rewards instead of the last", first, 4);
    line("gamma^t G_t", from_start, 4);
  }
}

}  // namespace question
