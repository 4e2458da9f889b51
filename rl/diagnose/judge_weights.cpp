/// What the answer about the weights means for the verdict.

#include <fmt/core.h>

#include <algorithm>

#include "rl/diagnose/weights.hpp"

namespace rl {
namespace {

/// Nothing explains them. Is that a contradiction, or do they only stay open?
void unexplained(const Samples& s, Weights& weights, Diagnosis& diagnosis) {
  if (!s.scattered.empty()) {
    diagnosis.weights_open = fmt::format("the rows of episode {} are not together", s.scattered.front());
    diagnosis.facts.push_back("weights: a column env, or the rows of each episode in their order, would decide");
  } else if (s.episodes_known && s.gamma && s.claims_returns()) {
    Finding finding{"weights", {}, {fmt::format("the file says weights: {}, and these are none", s.weights)}};
    weights.show_difference(*s.gamma, finding);
    diagnosis.findings.push_back(std::move(finding));
  } else {
    diagnosis.weights_open = "neither a return nor a known mistake, as with a learned baseline";
  }
}

/// Only rewards say what weights should be.
void without_rewards(const Samples& s, const Injected& injected, Diagnosis& diagnosis) {
  if (!s.weight.empty() && !injected.given) return explain_another_weight(s, injected.weights, diagnosis);
  const bool ones = std::ranges::all_of(s.weight, [](Number w) { return w.value == 1; });
  diagnosis.weights_open = s.weight.empty()         ? "no column weight and no column reward"
                           : injected.given && ones ? "no column reward; each of them is 1"
                                                    : "no column reward";
}

}  // namespace

void Weights::show_difference(double gamma, Finding& finding) const {
  const Series expected = predict(s, right_rules[0], gamma);
  for (std::size_t t = 0; t < s.steps; ++t)
    if (std::abs(expected[t].value - w[t].value) > 1e-3 * std::abs(w[t].value)) {
      finding.evidence.push_back(fmt::format("row {}: got {:.6g}, the return from there on is {:.6g}", s.row(t),
                                             w[t].value, expected[t].value));
      return;
    }
}

bool told_apart(const Series& w, const Series& prediction, const Series& right) {
  std::size_t apart = 0;
  for (std::size_t t = 0; t < w.size(); ++t) {
    const Number difference = prediction[t] - right[t];
    apart += std::abs(difference.value) > 4 * (difference.error + w[t].error);
  }
  return apart > 1;
}

void explain_weights(const Samples& s, const Injected& injected, Diagnosis& diagnosis) {
  if (injected.weights.empty()) return;
  const bool nothing_wrong = diagnosis.findings.empty();
  if (s.reward.empty()) {
    without_rewards(s, injected, diagnosis);
  } else if (s.steps == 1) {
    diagnosis.weights_open = "one step says too little about them";
  } else {
    Weights weights{s, injected.weights, !injected.given && !s.sign, diagnosis};
    if (!injected.given && s.sign)
      for (Number& w : weights.w) w = *s.sign * w;
    const bool given = !s.weight.empty(), explained = weights.explain();
    if (given && !injected.given && !explained) explain_another_weight(s, weights.w, diagnosis);
    if (given && !injected.given && explained)
      diagnosis.facts.push_back("the vector was not multiplied by the column weight, but by what is named here");
    if (!explained && (injected.given || !given)) unexplained(s, weights, diagnosis);
  }
  // A number of its own in every row explains much; the vector is proved only where these numbers are.
  if (nothing_wrong && diagnosis.findings.empty() && !injected.given && !diagnosis.weights_open.empty())
    diagnosis.output_open =
        fmt::format("the rows fit the right vector, with weights that cannot be judged ({})", diagnosis.weights_open);
}

}  // namespace rl
