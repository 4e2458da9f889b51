/// The exhibits of docs/museum.md. Nobody's code is copied: each is the published rule, said again.
#include "docs/programs/museum.hpp"

#include <algorithm>

#include "nn/dense.hpp"
#include "nn/elementary.hpp"
#include "nn/loss.hpp"
#include "nn/vector_ops.hpp"
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
  nn::scale(softmax(z)[static_cast<std::size_t>(action)], d);  // the slope of p is p times the slope of log p
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

Vector gaussian_right(Scalar mu, Scalar sigma, Scalar action, Scalar G) {
  const Scalar x = (action - mu) / sigma;
  return {G * x / sigma, G * (x * x - 1)};
}
// #region clipped
Vector clipped(Scalar mu, Scalar sigma, Scalar action, Scalar G) {
  return gaussian_right(mu, sigma, std::clamp(action, Scalar(-1), Scalar(1)), G);
}
// #endregion clipped

// #region through-the-draw
Vector through_the_draw(Scalar mu, Scalar sigma, Scalar action, Scalar G) {
  const Scalar noise = (action - mu) / sigma;  // action = mu + sigma * noise moves along with both
  const Vector direct = gaussian_right(mu, sigma, action, G);
  const Scalar along_action = -G * noise / sigma;
  return {direct[0] + along_action, direct[1] + along_action * sigma * noise};
}
// #endregion through-the-draw

/// One pass back, with the slope of the activation in net.du for what comes back to be multiplied with.
void back_with_slopes(Layers& net) {
  Matrix dh(net.h.rows(), net.h.cols());
  Vector none0(net.W0.rows()), none1(net.W1.rows());
  nn::dense_backward(net.W1, net.h, net.dout, net.dW1, none1, dh);
  nn::multiply(dh.flat(), net.du.flat());
  nn::dense_backward(net.W0, net.x, net.du, net.dW0, none0, {});
}
void fill_slopes(Layers& net, const Matrix& at, Scalar (*slope)(Scalar)) {
  for (std::size_t i = 0; i < at.flat().size(); ++i) net.du.flat()[i] = slope(at.flat()[i]);
}

// #region open-at-zero
void open_at_zero(Layers& net) {
  fill_slopes(net, net.h, [](Scalar h) { return Scalar(h >= 0); });  // h = relu(u) is never below 0
  back_with_slopes(net);
}
// #endregion open-at-zero

// #region slope-at-the-output
void slope_at_the_output(Layers& net) {
  fill_slopes(net, net.h, [](Scalar h) { return 1 - nn::tanh(h) * nn::tanh(h); });  // h is tanh(u) already
  back_with_slopes(net);
}
// #endregion slope-at-the-output

// #region slope-missing
void slope_missing(Layers& net) {
  fill_slopes(net, net.h, [](Scalar) { return Scalar(1); });
  back_with_slopes(net);
}
// #endregion slope-missing

// #region outer-product
void outer_product(Layers& net) {
  fill_slopes(net, net.h, [](Scalar h) { return 1 - h * h; });
  back_with_slopes(net);
  for (std::size_t r = 0; r < net.dW0.rows(); ++r)  // outer(input, delta); W0 is square, so its shape fits
    for (std::size_t c = 0; c < r; ++c) std::swap(net.dW0(r, c), net.dW0(c, r));
}
// #endregion outer-product

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
                                        {"loss-gradient", "slopes of G times cross-entropy", loss_gradient}};
constexpr WeightExhibit of_weights[] = {{"right", "G_t", returns},
                                        {"mean-times-sum", "mean of log p times sum of G", mean_times_sum},
                                        {"reversed-inside", "reversed inside the loop", reversed_inside},
                                        {"reset-at-rewards", "reset at every reward", reset_at_rewards},
                                        {"not-summed", "discounted, not summed", not_summed},
                                        {"whitened", "whitened within the episode", whitened},
                                        {"one-slot-late", "each reward one slot late", one_slot_late},
                                        {"one-return", "one return for every step", one_return}};
constexpr GaussianExhibit of_gaussians[] = {{"gaussian-right", "the action drawn", gaussian_right},
                                            {"clipped", "the action clipped", clipped},
                                            {"through-the-draw", "through the draw", through_the_draw}};
constexpr LayerExhibit of_layers[] = {
    {"open-at-zero", "relu' with >= 0", nn::Activation::relu, open_at_zero},
    {"slope-at-the-output", "tanh' at tanh(u)", nn::Activation::tanh, slope_at_the_output},
    {"slope-missing", "tanh' left out", nn::Activation::tanh, slope_missing},
    {"outer-product", "outer product transposed", nn::Activation::tanh, outer_product}};

}  // namespace

std::span<const VectorExhibit> vector_exhibits() {
  return of_vectors;
}
std::span<const WeightExhibit> weight_exhibits() {
  return of_weights;
}
std::span<const GaussianExhibit> gaussian_exhibits() {
  return of_gaussians;
}
std::span<const LayerExhibit> layer_exhibits() {
  return of_layers;
}

}  // namespace book
