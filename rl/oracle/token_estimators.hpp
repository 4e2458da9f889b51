#pragma once
/// The estimators that train language models, each as one number in front of the score of every token: of the gradient
/// of the expected reward, and of the gradient of the distance to a reference. `make oracle` prints what holds of each.

#include <span>
#include <string_view>

#include "rl/oracle/tokens.hpp"
#include "rl/post_training.hpp"

namespace rl {

/// Of the gradient of J, from a group. What training does with these options, or a bare return standardized over all
/// tokens of the batch.
struct TokenEstimator {
  std::string_view name;
  Bias binary, graded;  // what the oracle must find where every reward is 0 or 1, and where there are others
  TokenOptions options;
  bool whitened = false;
};
std::span<const TokenEstimator> token_estimators();
Moments moments(const TokenOracle& oracle, const TokenEstimator& estimator, std::size_t group);

/// Of the gradient of KL(policy, reference), from one sequence with x[t] = log pi - log ref of token t.
struct KlGradient {
  std::string_view name;
  Bias bias;
  void (*weigh)(ConstVectorView x, VectorView weights);
};
std::span<const KlGradient> kl_gradients();
Moments moments(const TokenOracle& oracle, const KlGradient& estimator);

/// What a sequence of the tiny language may earn.
struct NamedTokenReward {
  std::string_view name;
  bool binary;  // 0 or 1
  double (*of)(const TokenSequence& sequence);
};
std::span<const NamedTokenReward> token_rewards();

}  // namespace rl
