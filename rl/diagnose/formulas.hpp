#pragma once
/// The pieces that the entries of the catalogue are made of.                        Read next: mistakes_vector.cpp.

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include "rl/diagnose/catalogue.hpp"

namespace rl {

/// Page and heading.
namespace pages {
inline constexpr std::string_view
    typed = "docs/00-the-question.md, section 1: What was typed, and what it does",
    loss_and_label = "docs/00-the-question.md, section 3: The loss and the label",
    returns_and_baselines = "docs/00-the-question.md, section 4: The number that multiplies it: returns and baselines",
    columns = "docs/01-a-dense-layer.md, section 2: Many states at once",
    the_bend = "docs/01-a-dense-layer.md, section 3: The bend",
    what_is_remembered = "docs/01-a-dense-layer.md, section 5: What must be remembered",
    where_to_start = "docs/01-a-dense-layer.md, section 6: Where to start",
    dense_backward = "docs/02-backward.md, section 2: Through a dense layer",
    bend_backward = "docs/02-backward.md, section 3: Through the bend",
    network_backward = "docs/02-backward.md, section 4: The whole network",
    backward_mistakes = "docs/02-backward.md, section 5: Mistakes, and how little they show",
    how_a_check_lies = "docs/03-trust-but-check.md, section 4: How a check lies",
    softmax = "docs/04-softmax-and-cross-entropy.md, section 1: From any numbers to probabilities",
    log_softmax = "docs/04-softmax-and-cross-entropy.md, section 2: The derivative of log softmax",
    through_the_probs = "docs/04-softmax-and-cross-entropy.md, section 3: The long way, through the probabilities",
    cross_entropy = "docs/04-softmax-and-cross-entropy.md, section 4: Cross-entropy",
    softmax_once = "docs/04-softmax-and-cross-entropy.md, section 5: Softmax once",
    the_trick = "docs/05-from-the-equation-to-the-label.md, section 2: The log-derivative trick",
    chain_rule = "docs/05-from-the-equation-to-the-label.md, section 3: The chain rule, and what backpropagate is for",
    the_label = "docs/05-from-the-equation-to-the-label.md, section 4: The label",
    without_the_return =
        "docs/05-from-the-equation-to-the-label.md, section 5: Without the return there is nothing to learn",
    four_episodes = "docs/06-the-whole-truth.md, section 2: Four episodes",
    the_past = "docs/06-the-whole-truth.md, section 3: What came before an action cannot be its merit",
    the_oracle = "docs/06-the-whole-truth.md, section 4: The oracle",
    what_follows = "docs/07-returns-and-noise.md, section 1: What follows a step",
    more_episodes = "docs/07-returns-and-noise.md, section 4: More episodes",
    the_end = "docs/07-returns-and-noise.md, section 5: The end of an episode, and the end of time",
    the_cart = "docs/09-cartpole.md, section 1: The environment",
    minimum_variance = "docs/08-baselines-and-entropy.md, section 2: The minimum-variance baseline",
    others_mean = "docs/08-baselines-and-entropy.md, section 3: The others' mean",
    a_critic = "docs/08-baselines-and-entropy.md, section 4: A critic",
    entropy = "docs/08-baselines-and-entropy.md, section 5: Entropy",
    second_time = "docs/10-from-a-critic-to-ppo.md, section 4: The same episodes, a second time",
    the_clip = "docs/10-from-a-critic-to-ppo.md, section 5: Why the coefficient becomes 0",
    density = "docs/one-theorem.md, section 1: From a probability to a density",
    three_distributions = "docs/one-theorem.md, section 3: Three distributions",
    log_sigma = "docs/one-theorem.md, section 4: Learn log sigma",
    several_numbers = "docs/one-theorem.md, section 5: Several numbers in one action",
    drawing = "docs/one-theorem.md, section 6: Drawing an action",
    bounds = "docs/one-theorem.md, section 8: Bounds belong to the environment",
    streams = "docs/14-same-seed-same-bits.md, section 5: Random numbers that belong to an episode",
    group_deviation = "docs/16-tokens-are-actions.md, section 3: The standard deviation",
    staying_near = "docs/16-tokens-are-actions.md, section 5: Staying near",
    three_coefficients = "docs/worlds.md: One line, three coefficients";
}  // namespace pages

/// p log p, known even where p was printed as 0.
inline Number p_log_p(Number p) {
  if (p.value > 2 * p.error) return p * log(p);
  const double most = p.value + p.error;
  return {0, most > 0 ? -most * std::log(most) : 0};
}

// At the logits: p probabilities, a the action taken, w the weight, e its one-hot.

/// d = w (one_hot(label) - p)
inline void score(const Step& s, Row d, std::size_t label, Number w) {
  const auto p = s.p();
  for (std::size_t k = 0; k < d.size(); ++k) d[k] = w * ((k == label ? 1 : 0) - p[k]);
}
inline void score(const Step& s, Row d, Number w) {
  score(s, d, s.a(), w);
}

/// v through the softmax: d = (diag p - p p^T) v, in place.
inline void through_softmax(const Step& s, Row d) {
  const auto p = s.p();
  Number mean;
  for (std::size_t k = 0; k < d.size(); ++k) mean += p[k] * d[k];
  for (std::size_t k = 0; k < d.size(); ++k) d[k] = p[k] * (d[k] - mean);
}

/// d = w (e - softmax(p)): the second softmax sees numbers between 0 and 1.
inline void score_of_probs(const Step& s, Row d) {
  const auto p = s.p();
  Number total;
  for (std::size_t k = 0; k < d.size(); ++k) total += exp(p[k]);
  for (std::size_t k = 0; k < d.size(); ++k) d[k] = s.w() * ((k == s.a() ? 1 : 0) - exp(p[k]) / total);
}

inline std::size_t argmax(const Step& s) {
  const auto larger = [](Number a, Number b) { return a.value < b.value; };
  return static_cast<std::size_t>(std::ranges::max_element(s.p(), larger) - s.p().begin());
}
inline std::size_t argmin(const Step& s) {
  const auto smaller = [](Number a, Number b) { return a.value < b.value; };
  return static_cast<std::size_t>(std::ranges::min_element(s.p(), smaller) - s.p().begin());
}

inline Number magnitude(Number x) {
  return {std::abs(x.value), x.error};
}

inline std::size_t mirrored(const Step& s) {
  return 2 * s.episode().first + s.episode().length - 1 - s.t;
}

inline Number weight_at(const Step& s, std::size_t t) {
  return t < s.all.steps ? s.weights[t] : Number(0);
}

// A Gaussian: x = (a - mu) / sigma.

/// Fills a row from one formula for mu and one for log sigma, both times a weight.
template <class Mu, class LogSigma>
void fill(const Step& s, Row d, Number weight, Mu mu, LogSigma log_sigma) {
  const std::size_t n = s.all.outputs, first = s.all.has_mu_gradient ? n : 0;
  for (std::size_t i = 0; i < first; ++i) d[i] = weight * mu(i);
  for (std::size_t i = 0; first + i < d.size(); ++i)
    d[first + i] = weight * log_sigma(i) / (s.all.log_sigma ? Number(1) : s.sigma(i));
}
template <class Mu, class LogSigma>
void fill(const Step& s, Row d, Mu mu, LogSigma log_sigma) {
  fill(s, d, s.w(), mu, log_sigma);
}

inline auto right_mu(const Step& s) {
  return [&s](std::size_t i) { return s.x(i) / s.sigma(i); };
}
inline auto right_log_sigma(const Step& s) {
  return [&s](std::size_t i) { return s.x(i) * s.x(i) - 1; };
}

inline constexpr double log_sqrt_two_pi = 0.91893853320467274;

inline Number log_density(const Step& s, std::size_t i) {
  return -(s.x(i) * s.x(i)) / 2 - log(s.sigma(i)) - log_sqrt_two_pi;
}
inline Number joint_density(const Step& s) {
  Number sum;
  for (std::size_t i = 0; i < s.all.outputs; ++i) sum += log_density(s, i);
  return exp(sum);
}

// From rewards to weights.

inline ConstRow rewards_of(const Samples& s, const Span& e) {
  return ConstRow(s.reward).subspan(e.first, e.length);
}

inline void returns(ConstRow r, double gamma, Row w) {
  Number following;
  for (std::size_t t = r.size(); t-- > 0;) w[t] = following = r[t] + gamma * following;
}
inline Number mean(ConstRow x) {
  Number sum;
  for (const Number& v : x) sum += v;
  return sum / static_cast<double>(x.size());
}
inline void subtract_mean(Row w) {
  const Number m = mean(w);
  for (Number& x : w) x = x - m;
}
/// Mean 0, and the standard deviation 1: with 1 / (n - less), and plus epsilon.
inline void whiten(Row w, std::size_t less, double epsilon = 0) {
  subtract_mean(w);
  Number squares;
  for (const Number& x : w) squares += x * x;
  const Number deviation = sqrt(squares / static_cast<double>(w.size() - less)) + Number(epsilon);
  for (Number& x : w) x = deviation.value > 0 ? x / deviation : w.size() > 1 ? Number(0) : impossible;
}

/// Applies a rule of one episode, edit(rewards, gamma, weights), to every episode.
template <class Edit>
inline void each_episode(const Samples& s, double gamma, Row w, Edit edit) {
  for (const Span& e : s.episodes) edit(rewards_of(s, e), gamma, w.subspan(e.first, e.length));
}
inline void to_go(const Samples& s, double gamma, Row w) {
  each_episode(s, gamma, w, returns);
}
/// r_0 + ... + gamma^t r_t
inline void forwards(ConstRow r, double gamma, Row w) {
  Number sum;
  double discount = 1;
  for (std::size_t t = 0; t < r.size(); ++t, discount *= gamma) w[t] = sum += discount * r[t];
}
inline void discount_by_time(Row w, double gamma) {
  double discount = 1;
  for (Number& x : w) x = discount * x, discount *= gamma;
}

/// What an edit of the returns of each step t, over all episodes that have one, makes of them.
template <class Edit>
inline void each_time(const Samples& s, double gamma, Row w, Edit edit) {
  to_go(s, gamma, w);
  std::size_t longest = 0;
  for (const Span& e : s.episodes) longest = std::max(longest, e.length);
  for (std::size_t t = 0; t < longest; ++t) {
    Number total;
    std::size_t running = 0;
    for (const Span& e : s.episodes)
      if (t < e.length) total += w[e.first + t], ++running;
    for (const Span& e : s.episodes)
      if (t < e.length) w[e.first + t] = edit(w[e.first + t], total, running);
  }
}

/// Whitened within each episode, with one of the numbers that programs add against a division by 0.
template <std::size_t less, std::size_t which>
inline void whitened(const Samples& s, double gamma, Row out) {
  static constexpr double epsilons[] = {0, 1e-9, 1e-8, 0x1p-23, 1e-5};
  each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
    returns(r, g, w);
    whiten(w, w.size() > 1 ? less : 0, epsilons[which]);
  });
}
/// The discounted sum of the next n rewards.
template <std::size_t n>
void steps_only(const Samples& s, double gamma, Row out) {
  each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
    for (std::size_t t = 0; t < r.size(); ++t) {
      double discount = 1;
      for (std::size_t k = t; k < std::min(t + n, r.size()); ++k, discount *= g) w[t] += discount * r[k];
    }
  });
}

}  // namespace rl
