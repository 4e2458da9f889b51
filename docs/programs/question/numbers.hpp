#pragma once
/// The example of docs/00-the-question.md, and how its numbers are made and printed.
///
/// One state, two actions, probabilities (0.6, 0.4). Action a = 0 was taken, its return is G = 2, a step is 0.1.

#include <fmt/core.h>

#include <string>
#include <string_view>

#include "docs/programs/numerical_gradient.hpp"
#include "nn/arithmetic/elementary.hpp"
#include "nn/arithmetic/matrix.hpp"
#include "rl/categorical.hpp"

namespace question {

using book::numerical_gradient;
using nn::ConstMatrixView, nn::MatrixView, nn::Scalar;
using Numbers = nn::Vector;  // of one state: a column

inline constexpr int a = 0;
inline constexpr Scalar G = 2, step = Scalar(0.1);
inline const Numbers logits = {nn::log(Scalar(0.6)), nn::log(Scalar(0.4))};
inline rl::Categorical distribution;

inline ConstMatrixView column(const Numbers& x) {
  return {x.data(), x.size(), 1};
}
inline MatrixView column(Numbers& x) {
  return {x.data(), x.size(), 1};
}

Numbers softmax(Numbers z);
Scalar log_prob(const Numbers& z, int action);
/// (one_hot - probs) * weight, by the policy.
Numbers inject(int action, Scalar weight);
/// (probs - one_hot) * G, by the loss.
Numbers label_gradient();
/// p(0), after one step up.
Scalar ascend(const Numbers& gradient);
Scalar descend(const Numbers& gradient);

std::string show(const Numbers& numbers, int digits = 3);
std::string show(Scalar x);
void title(std::string_view text);
void line(std::string_view label, const auto&... value) {
  fmt::print("  {:<48}{}\n", label, show(value...));
}

}  // namespace question
