#include "rl/oracle/tokens.hpp"

#include <fmt/core.h>

#include <cmath>
#include <numeric>
#include <stdexcept>

#include "nn/softmax.hpp"
#include "rl/categorical.hpp"
#include "rl/policy_gradient.hpp"

namespace rl {
namespace {

constexpr std::size_t letters = TokenSequence::letters, tokens = letters + 1, prefixes = TokenSequence::prefixes;

/// The number of the prefix that follows when a letter is written: nothing 0, a 1, b 2, aa 3, ab 4, ba 5, bb 6.
std::size_t after(std::size_t prefix, std::size_t letter) {
  return letters * prefix + 1 + letter;
}

/// What a policy with so many inputs sees, a column for each prefix.
nn::Matrix features(std::size_t inputs) {
  nn::Matrix states(inputs, prefixes);
  for (std::size_t prefix = 0; prefix < prefixes; ++prefix) {
    if (inputs == prefixes) {
      states(prefix, prefix) = 1;
      continue;
    }
    const std::size_t last = prefix == 0 ? 0 : 1 + (prefix - 1) % letters;  // 0 for none
    const std::size_t before = prefix < 3 ? 0 : 1 + (prefix - 3) / letters;
    states(last, prefix) = 1, states(tokens + before, prefix) = 1;
  }
  return states;
}

nn::Matrix probabilities(nn::Network network, const nn::Matrix& states) {
  nn::Matrix probs(tokens, prefixes);
  nn::softmax(network.feedforward(states), probs);
  return probs;
}

void check_shape(const nn::Network& network) {
  const std::size_t inputs = network.sizes().front(), outputs = network.sizes().back();
  if ((inputs != prefixes && inputs != 2 * tokens) || outputs != tokens)
    throw std::invalid_argument(
        fmt::format("TokenOracle: expected 7 or 6 inputs and 3 outputs, got {} and {}", inputs, outputs));
}

/// Appends every way to go on from a prefix.
void walk(const nn::Matrix& probs, const nn::Matrix& ref_probs, const TokenSequence& path, std::size_t prefix,
          std::vector<TokenSequence>& found) {
  for (std::size_t token = 0; token < tokens; ++token) {
    TokenSequence next = path;
    const std::size_t t = next.length++;
    const Scalar p = probs(token, prefix), q = ref_probs(token, prefix);
    next.tokens[t] = static_cast<int>(token);
    next.prefix[t] = prefix;
    next.log_prob[t] = std::log(p), next.ref_log_prob[t] = std::log(q);
    next.probability *= static_cast<double>(p);
    next.log_ratio += std::log(static_cast<double>(p) / static_cast<double>(q));
    if (next.ended() || next.length == TokenSequence::longest)
      found.push_back(next);
    else
      walk(probs, ref_probs, next, after(prefix, token), found);
  }
}

double dot(const std::vector<double>& x, const std::vector<double>& y) {
  return std::inner_product(x.begin(), x.end(), y.begin(), 0.);
}

/// All groups of n of `count` sequences, without regard to order, and in how many orders each comes.
template <class Visit>
void every_group(std::size_t count, std::size_t n, Visit visit, std::vector<std::size_t>& chosen, double orders = 1,
                 std::size_t run = 0) {
  if (chosen.size() == n) {
    visit(orders);
    return;
  }
  const std::size_t last = chosen.empty() ? 0 : chosen.back();
  for (std::size_t c = last; c < count; ++c) {
    const std::size_t same = !chosen.empty() && c == last ? run + 1 : 1;
    chosen.push_back(c);  // n! / (m! ...), a factor at a time
    every_group(count, n, visit, chosen, orders * double(chosen.size()) / double(same), same);
    chosen.pop_back();
  }
}

}  // namespace

TokenOracle::TokenOracle(const nn::Network& policy, const nn::Network& reference, const TokenReward& reward) {
  check_shape(policy), check_shape(reference);
  states_ = features(policy.sizes().front());
  probs_ = probabilities(policy, states_);
  const nn::Matrix ref_probs = probabilities(reference, features(reference.sizes().front()));
  TokenSequence empty{};
  empty.probability = 1;
  walk(probs_, ref_probs, empty, 0, sequences_);
  std::vector<double> dJ_dP, dkl_dP;  // of J = sum P R, and of KL = sum P log (P / Q)
  for (TokenSequence& y : sequences_) {
    const double R = reward(y);
    y.reward = static_cast<Scalar>(R);
    J_ += y.probability * R, kl_ += y.probability * y.log_ratio;
    dJ_dP.push_back(R), dkl_dP.push_back(y.log_ratio + 1);
  }
  nn::Network network = policy;
  gradient_ = gradient_of(network, dJ_dP), kl_gradient_ = gradient_of(network, dkl_dP);
  note_scores(policy);
}

// #region exact-gradient
/// Of a function of the probabilities of the sequences, whose derivatives are given: through the product that each P
/// is, the softmax, and the network.
std::vector<double> TokenOracle::gradient_of(nn::Network& policy, const std::vector<double>& dJ_dP) const {
  nn::Matrix dJ_dpi(tokens, prefixes), dJ_dz(tokens, prefixes);
  for (std::size_t i = 0; i < sequences_.size(); ++i)
    for (std::size_t t = 0; t < sequences_[i].length; ++t) {
      const auto token = static_cast<std::size_t>(sequences_[i].tokens[t]), prefix = sequences_[i].prefix[t];
      dJ_dpi(token, prefix) +=
          static_cast<Scalar>(dJ_dP[i] * sequences_[i].probability / static_cast<double>(probs_(token, prefix)));
    }
  for (std::size_t s = 0; s < prefixes; ++s)
    for (std::size_t k = 0; k < tokens; ++k)
      for (std::size_t j = 0; j < tokens; ++j)
        dJ_dz(k, s) += dJ_dpi(j, s) * probs_(j, s) * ((j == k ? Scalar(1) : Scalar(0)) - probs_(k, s));
  policy.feedforward(states_);
  policy.zero_gradients();
  policy.backpropagate(dJ_dz);
  return {policy.gradients().begin(), policy.gradients().end()};
}
// #endregion exact-gradient

/// The score of each token with respect to the parameters, as training makes it.
void TokenOracle::note_scores(const nn::Network& network) {
  Policy policy(network, std::make_unique<Categorical>(tokens));
  nn::Activations activations;
  const Scalar one = 1;
  for (const TokenSequence& y : sequences_) {
    first_.push_back(scores_.size());
    for (std::size_t t = 0; t < y.length; ++t) {
      const auto token = static_cast<Scalar>(y.tokens[t]);
      policy.zero_gradients();
      policy.network.feedforward(states_.view().columns(y.prefix[t], 1), activations);
      accumulate_policy_gradient(policy, activations, {&token, 1, 1}, {&one, 1});
      scores_.emplace_back(policy.network.gradients().begin(), policy.network.gradients().end());
    }
  }
  for (const auto& x : scores_) {
    products_.emplace_back();
    for (const auto& y : scores_) products_.back().push_back(dot(x, y));
  }
}

// #region moments
Moments TokenOracle::moments(std::size_t n, const Weigh& weigh) const {
  std::vector<double> expected(scores_.size());  // of the number in front of each token's score
  double square = 0;                             // E |g|^2
  std::vector<std::size_t> chosen, column;
  TokenGroup group;
  nn::Vector weights;
  every_group(
      sequences_.size(), n,
      [&](double orders) {
        double probability = orders;
        group.episodes.clear(), group.rewards.clear(), group.log_ratios.clear(), column.clear();
        for (const std::size_t c : chosen) {
          const TokenSequence& y = sequences_[c];
          probability *= y.probability;
          group.episodes.push_back({column.size(), y.length, y.ended(), !y.ended()});
          for (std::size_t t = 0; t < y.length; ++t) {
            column.push_back(first_[c] + t);
            group.rewards.push_back(t + 1 == y.length ? y.reward : 0);
            group.log_ratios.push_back(y.log_prob[t] - y.ref_log_prob[t]);
          }
        }
        weights.assign(column.size(), 0);
        weigh(group, weights);
        for (std::size_t i = 0; i < column.size(); ++i) {
          const auto w = static_cast<double>(weights[i]);
          expected[column[i]] += probability * w;
          for (std::size_t j = 0; j < column.size(); ++j)
            square += probability * w * static_cast<double>(weights[j]) * products_[column[i]][column[j]];
        }
      },
      chosen);
  Moments result{std::vector<double>(gradient_.size()), 0};
  for (std::size_t i = 0; i < scores_.size(); ++i)
    for (std::size_t k = 0; k < result.mean.size(); ++k) result.mean[k] += expected[i] * scores_[i][k];
  result.variance = static_cast<double>(n) * (square - dot(result.mean, result.mean));
  return result;
}
// #endregion moments

}  // namespace rl
