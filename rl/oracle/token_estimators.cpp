#include "rl/oracle/token_estimators.hpp"

#include <algorithm>

#include "nn/arithmetic/vector_ops.hpp"
#include "nn/random.hpp"
#include "rl/returns.hpp"

namespace rl {
namespace {

constexpr Bias unbiased = Bias::unbiased, scaled = Bias::scaled, biased = Bias::biased, zero = Bias::zero;
constexpr auto none = LengthNormalisation::none, own = LengthNormalisation::own, batch = LengthNormalisation::batch,
               constant = LengthNormalisation::constant;

constexpr TokenOptions with(Advantage advantage, LengthNormalisation length, std::size_t less = 1) {
  return {.advantage = advantage, .less = less, .length = length, .longest = TokenSequence::longest};
}
constexpr Advantage reinforce = Advantage::reinforce, rloo = Advantage::rloo, group_mean = Advantage::group_mean,
                    grpo = Advantage::grpo;

constexpr TokenEstimator of_J[] = {
    {"REINFORCE, the return", unbiased, unbiased, with(reinforce, none)},
    {"RLOO, minus the mean of the others", unbiased, unbiased, with(rloo, none)},
    {"group mean, the own one in it", scaled, scaled, with(group_mean, none)},
    {"group mean / longest (Dr. GRPO)", scaled, scaled, with(group_mean, constant)},
    {"RLOO / longest", scaled, scaled, with(rloo, constant)},
    {"RLOO / own length", biased, biased, with(rloo, own)},
    {"RLOO / tokens of the batch", biased, biased, with(rloo, batch)},
    {"GRPO, n - 1, without the length", scaled, biased, with(grpo, none)},
    {"GRPO, n, without the length", scaled, biased, with(grpo, none, 0)},
    {"GRPO, n - 1, / own length", biased, biased, with(grpo, own)},
    {"GRPO, n, / own length", biased, biased, with(grpo, own, 0)},
    {"GRPO / tokens of the batch (DAPO)", biased, biased, with(grpo, batch)},
    {"the return, whitened over all tokens", biased, biased, with(reinforce, none), true},
};

/// Calls `coefficient` for each x.
template <class Coefficient>
void each(ConstVectorView x, VectorView weights, Coefficient coefficient) {
  std::ranges::transform(x, weights.begin(), coefficient);
}
void own_k1(ConstVectorView x, VectorView w) {
  each(x, w, [](Scalar k) { return kl_estimate(KlEstimator::k1, k); });
}
template <KlEstimator Which>
void in_reward(ConstVectorView x, VectorView w) {
  each(x, w, [](Scalar k) { return kl_estimate(Which, k); });
  discounted_returns(w, 1, w);
}
template <KlEstimator Which>
void in_loss(ConstVectorView x, VectorView w) {
  each(x, w, [](Scalar k) { return kl_slope(Which, k); });
}
template <KlEstimator Which>
void in_loss_of_the_sequence(ConstVectorView x, VectorView w) {
  nn::fill(w, kl_slope(Which, nn::sum(x)));
}
void k3_in_both(ConstVectorView x, VectorView w) {
  in_reward<KlEstimator::k3>(x, w);
  for (std::size_t t = 0; t < w.size(); ++t) w[t] += kl_slope(KlEstimator::k3, x[t]);
}

constexpr KlEstimator k1 = KlEstimator::k1, k2 = KlEstimator::k2, k3 = KlEstimator::k3;
constexpr KlGradient of_kl[] = {
    {"k1 in the reward, all of the sequence", unbiased,
     [](ConstVectorView x, VectorView w) {
       own_k1(x, w);
       total_returns(w, 1, w);
     }},
    {"k1 in the reward, from the token on", unbiased, in_reward<k1>},
    {"k1 in the reward, the token's own", biased, own_k1},
    {"k2 in the reward, from the token on", biased, in_reward<k2>},
    {"k3 in the reward, from the token on", biased, in_reward<k3>},
    {"k1 in the loss", zero, in_loss<k1>},
    {"k2 in the loss, token by token", biased, in_loss<k2>},
    {"k2 in the loss, of the sequence", unbiased, in_loss_of_the_sequence<k2>},
    {"k3 in the loss, token by token", biased, in_loss<k3>},
    {"k3 in the loss, of the sequence", biased, in_loss_of_the_sequence<k3>},
    {"k3 times the ratio, in the loss", biased,
     [](ConstVectorView x, VectorView w) {  // (ratio k3)' = ratio k3 + ratio k3', at ratio 1
       each(x, w, [](Scalar k) { return kl_estimate(k3, k) + kl_slope(k3, k); });
     }},
    {"k3 in the reward and in the loss", unbiased, k3_in_both},
};

/// Drawn once, for each of the 15.
double by_lot(const TokenSequence& y) {
  std::uint64_t name = y.length;
  for (std::size_t t = 0; t < y.length; ++t) name = 4 * name + static_cast<std::uint64_t>(y.tokens[t]);
  return nn::Random({16, name}).uniform(-1, 1);
}

constexpr NamedTokenReward rewards[] = {
    {"1 for a, b, ab and ba", true,
     [](const TokenSequence& y) {  // the letters alternate, and the word has an end
       return y.ended() && (y.length == 2 || (y.length == 3 && y.tokens[0] != y.tokens[1])) ? 1. : 0.;
     }},
    {"a third for each letter", false,
     [](const TokenSequence& y) { return static_cast<double>(y.length - (y.ended() ? 1 : 0)) / 3; }},
    {"drawn by lot, from -1 to 1", false, by_lot},
};

}  // namespace

std::span<const TokenEstimator> token_estimators() {
  return of_J;
}
std::span<const KlGradient> kl_gradients() {
  return of_kl;
}
std::span<const NamedTokenReward> token_rewards() {
  return rewards;
}

Moments moments(const TokenOracle& oracle, const TokenEstimator& estimator, std::size_t group) {
  TokenOptions options = estimator.options;
  options.group = group;
  return oracle.moments(group, [&](const TokenGroup& of, VectorView weights) {
    token_advantages(options, of.episodes, of.rewards, of.log_ratios, weights);
    if (estimator.whitened) standardize(weights);
    finish_weights(options, of.episodes, of.log_ratios, weights);
  });
}

Moments moments(const TokenOracle& oracle, const KlGradient& estimator) {
  return oracle.moments(1, [&](const TokenGroup& of, VectorView weights) { estimator.weigh(of.log_ratios, weights); });
}

}  // namespace rl
