#pragma once
/// A world so small that its episodes fit on a page: two steps, probabilities (0.6, 0.4) in both, action 0 pays 2,
/// action 1 pays 1. Chapters 6 and 7.

#include <array>

#include "docs/programs/book.hpp"

namespace book {

enum class Weight { total, to_go, minus_own_mean, whitened, one };

struct TwoSteps {
  std::array<int, 2> actions;
  Scalar probability;
  std::array<Scalar, 2> G;  // what follows each step
  Scalar reward(std::size_t t) const { return actions[t] == 0 ? 2 : 1; }
  /// The first entry of one_hot - p.
  Scalar score(std::size_t t) const { return inject(logits(), actions[t], 1)[0]; }
  std::array<Scalar, 2> weights(Weight weight) const;
  /// The first injected number, both steps added.
  Scalar injected(Weight weight) const {
    const auto w = weights(weight);
    return w[0] * score(0) + w[1] * score(1);
  }
};
/// All four of them, the probabilities from the policy.
std::array<TwoSteps, 4> two_steps();

}  // namespace book
