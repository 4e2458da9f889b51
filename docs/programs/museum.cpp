/// The exhibits of docs/museum.md: what is injected at the logits, and with which weight. Nobody's code is copied: each
/// is the published rule, said again.
#include "docs/programs/museum.hpp"

#include <algorithm>

#include "nn/arithmetic/elementary.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "nn/loss.hpp"
#include "rl/returns.hpp"

namespace book {
namespace {

Vector returns(const Vector& rewards, Scalar gamma) {
  Vector G(rewards.size());
  rl::discounted_returns(rewards, gamma, G);
  return G;
}

// #region gradient-of-p
Vector gradient_of_p(const Vector& z, int action, Scalar G) {
  Vector d = inject(z, action, G);
  nn::scale(softmax(z)[static_cast<std::size_t>(action)], d);  // the gradient of p is p times that of log p
  return d;
}
// #endregion gradient-of-p

// #region softmax-twice
/// What comes back through a softmax with the output p, when v comes in above it.
Vector through_softmax(const Vector& p, Vector v) {
  const Scalar mean = nn::dot(p, v);
  for (std::size_t k = 0; k < p.size(); ++k) v[k] = p[k] * (v[k] - mean);
  return v;
}
Vector softmax_twice(const Vector& z, int action, Scalar G) {
  const Vector p = softmax(z);
  return through_softmax(p, inject(p, action, G));  // the loss takes p for logits
}
// #endregion softmax-twice

// #region no-action
Vector returns_as_targets(const Vector& z, int, Scalar G) {
  Vector d = softmax(z);
  for (Scalar& x : d) x = G * (1 - static_cast<Scalar>(d.size()) * x);  // the target of every output is G
  return d;
}
// #endregion no-action

// #region entropy-sign
Vector entropy_sign(const Vector& z, int action, Scalar G) {
  const Vector p = softmax(z);
  Scalar H = 0;
  for (const Scalar x : p) H -= x * nn::log(x);
  Vector d = inject(z, action, G);
  for (std::size_t k = 0; k < p.size(); ++k) d[k] += Scalar(0.1) * p[k] * (nn::log(p[k]) + H);
  return d;
}
// #endregion entropy-sign

// #region mean-times-sum
Vector mean_times_sum(const Vector& rewards, Scalar gamma) {
  const Vector G = returns(rewards, gamma);
  const auto steps = static_cast<Scalar>(G.size());
  return Vector(G.size(), nn::sum(G) / steps);  // mean(log p) * sum(G)
}
// #endregion mean-times-sum

// #region one-slot-late
Vector one_slot_late(const Vector& rewards, Scalar gamma) {
  Vector slots(rewards.size() + 1);  // slot 0 holds no reward
  std::ranges::copy(rewards, slots.begin() + 1);
  Vector G = returns(slots, gamma);
  G.pop_back();
  return G;
}
// #endregion one-slot-late

// #region reversed-inside
Vector reversed_inside(const Vector& rewards, Scalar gamma) {
  Vector G;
  Scalar following = 0;
  for (std::size_t t = rewards.size(); t-- > 0;) {
    following = rewards[t] + gamma * following;
    G.push_back(following);
    std::ranges::reverse(G);  // belongs below the loop
  }
  return G;
}
// #endregion reversed-inside

// #region reset-at-rewards
Vector reset_at_rewards(const Vector& rewards, Scalar gamma) {
  Vector G(rewards.size());
  Scalar following = 0;
  for (std::size_t t = rewards.size(); t-- > 0;) {
    if (rewards[t] != 0) following = 0;  // in Pong, a point ends the rally
    G[t] = following = rewards[t] + gamma * following;
  }
  return G;
}
// #endregion reset-at-rewards

// #region not-summed
Vector not_summed(const Vector& rewards, Scalar gamma) {
  Vector w = rewards;
  Scalar discount = 1;
  for (Scalar& x : w) x *= discount, discount *= gamma;
  return w;
}
// #endregion not-summed

// #region whitened
Vector whitened(const Vector& rewards, Scalar gamma) {
  Vector G = returns(rewards, gamma);
  rl::standardize(G);  // over one episode
  return G;
}
// #endregion whitened

// The wrongly accused.

// #region loss-gradient
Vector loss_gradient(const Vector& z, int action, Scalar G) {
  Vector d(z.size());
  nn::cross_entropy_gradient(column(z), {&action, 1}, {&G, 1}, column(d));  // to be descended
  return d;
}
// #endregion loss-gradient

// #region one-return
Vector one_return(const Vector& rewards, Scalar gamma) {
  return Vector(rewards.size(), returns(rewards, gamma)[0]);
}
// #endregion one-return

constexpr VectorExhibit of_vectors[] = {{"right", "(one_hot - p) * G", inject},
                                        {"gradient-of-p", "the gradient of p", gradient_of_p},
                                        {"softmax-twice", "softmax applied twice", softmax_twice},
                                        {"no-action", "returns as targets, no action", returns_as_targets},
                                        {"entropy-sign", "entropy with the wrong sign", entropy_sign},
                                        {"loss-gradient", "gradient of G times cross-entropy", loss_gradient}};
constexpr WeightExhibit of_weights[] = {{"right", "G_t", returns},
                                        {"mean-times-sum", "mean of log p times sum of G", mean_times_sum},
                                        {"reversed-inside", "reversed inside the loop", reversed_inside},
                                        {"reset-at-rewards", "reset at every reward", reset_at_rewards},
                                        {"not-summed", "discounted, not summed", not_summed},
                                        {"whitened", "whitened within the episode", whitened},
                                        {"one-slot-late", "each reward one slot late", one_slot_late},
                                        {"one-return", "one return for every step", one_return}};
}  // namespace

std::span<const VectorExhibit> vector_exhibits() {
  return of_vectors;
}
std::span<const WeightExhibit> weight_exhibits() {
  return of_weights;
}
}  // namespace book
