#pragma once
/// The exact answer for a language of two letters and an end: 15 sequences of at most three tokens, and every group
/// that can be made of them. Which of the estimators that train language models is right on average, and how noisy is
/// each?
///                                                                                  docs/16-tokens-are-actions.md
///
///   J   = sum P(y) R(y)                    over the sequences y, whose reward R comes at the end
///   KL  = sum P(y) log (P(y) / Q(y))       Q is the reference's
/// Both gradients are computed from the probabilities alone, the estimators by the functions that train
/// (post_training.hpp). Read next: token_estimators.hpp.

#include <array>
#include <cstddef>
#include <functional>
#include <vector>

#include "nn/network.hpp"
#include "rl/batch.hpp"
#include "rl/oracle/oracle.hpp"

namespace rl {

/// One of the 15. A token is 0 or 1, the letters, or 2, the end; a sequence of three letters was cut off.
struct TokenSequence {
  static constexpr std::size_t longest = 3, letters = 2, prefixes = 7;
  std::size_t length;  // of what follows, only the first `length` count
  std::array<int, longest> tokens;
  std::array<std::size_t, longest> prefix;             // what stood before each: its number, 0 for nothing
  std::array<Scalar, longest> log_prob, ref_log_prob;  // of each token, by the policy and by the reference
  double probability, log_ratio;                       // P(y), and log (P(y) / Q(y))
  Scalar reward;
  bool ended() const { return tokens[length - 1] == static_cast<int>(letters); }
};

/// What a sequence earns: of its tokens alone.
using TokenReward = std::function<double(const TokenSequence&)>;

/// A group of sequences, end to end, as an estimator sees it. The reward stands at the last token of each.
struct TokenGroup {
  std::vector<Episode> episodes;
  nn::Vector rewards, log_ratios;  // log_ratios[t] = log pi - log ref of token t
};

class TokenOracle {
 public:
  /// The policies see which of the seven prefixes there is, one-hot (7 inputs), or the last two letters, one-hot each
  /// (6 inputs), and have 3 outputs. Throws std::invalid_argument for others.
  TokenOracle(const nn::Network& policy, const nn::Network& reference, const TokenReward& reward);

  const std::vector<TokenSequence>& sequences() const { return sequences_; }
  double J() const { return J_; }
  double kl() const { return kl_; }
  /// With respect to the policy's parameters.
  const std::vector<double>& gradient() const { return gradient_; }
  const std::vector<double>& kl_gradient() const { return kl_gradient_; }

  /// Fills in the number in front of the score of each token.
  using Weigh = std::function<void(const TokenGroup& group, VectorView weights)>;
  /// Mean, and variance per sequence, of sum_t weights[t] grad log pi(token t) over every group of n. The order in a
  /// group changes nothing, so each is taken once, as often as it comes.
  Moments moments(std::size_t n, const Weigh& weigh) const;

 private:
  std::vector<double> gradient_of(nn::Network& policy, const std::vector<double>& dJ_dP) const;
  void note_scores(const nn::Network& policy);

  nn::Matrix states_, probs_;  // one column for each prefix
  std::vector<TokenSequence> sequences_;
  double J_ = 0, kl_ = 0;
  std::vector<double> gradient_, kl_gradient_;
  std::vector<std::size_t> first_;           // of each sequence, among the tokens of all, end to end
  std::vector<std::vector<double>> scores_;  // of each of these tokens, and their inner products
  std::vector<std::vector<double>> products_;
};

}  // namespace rl
