#include "docs/programs/two_steps.hpp"

#include <algorithm>

#include "rl/returns.hpp"

namespace book {

std::array<Scalar, 2> TwoSteps::weights(Weight weight) const {
  std::array<Scalar, 2> w = G;
  const Scalar mean = (G[0] + G[1]) / 2;
  switch (weight) {
    case Weight::total: w.fill(G[0]); break;
    case Weight::to_go: break;
    case Weight::minus_own_mean: w = {G[0] - mean, G[1] - mean}; break;
    case Weight::whitened: rl::standardize(w); break;
    case Weight::one: w.fill(1); break;
  }
  return w;
}

std::array<TwoSteps, 4> two_steps() {
  std::array<TwoSteps, 4> all{};
  const Vector p = softmax(logits());
  for (std::size_t i = 0; i < 4; ++i) {
    TwoSteps& e = all[i];
    e.actions = {static_cast<int>(i / 2), static_cast<int>(i % 2)};
    e.probability = p[i / 2] * p[i % 2];
    const std::array<Scalar, 2> rewards = {e.reward(0), e.reward(1)};
    rl::discounted_returns(rewards, 1, e.G);
  }
  return all;
}

}  // namespace book
