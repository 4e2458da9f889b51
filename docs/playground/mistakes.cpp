/// The mistakes that can be planted, each a few lines in place of the right ones. Their names are those of
/// rl/diagnose/catalogue.hpp, and their formulas were those of the mutants in tests/mutants.

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "docs/playground/planted.hpp"
#include "nn/arithmetic/elementary.hpp"
#include "rl/returns.hpp"

namespace playground {
namespace {

using Row = std::span<Scalar>;
using nn::ConstVectorView;
using nn::VectorView;

Scalar one_hot(const CategoricalStep& s, std::size_t k) {
  return s.action == k ? 1 : 0;
}
/// The right ones, for the mistakes that lie elsewhere.
GaussianGradient right(const GaussianStep& s) {
  return {s.weight * s.z / s.sigma, s.weight * (s.z * s.z - 1)};
}

void sign_flipped(const CategoricalStep& s, Row d) {
  for (std::size_t k = 0; k < d.size(); ++k) d[k] = (s.p[k] - one_hot(s, k)) * s.weight;
}
GaussianGradient sign_flipped_gaussian(const GaussianStep& s) {
  const auto [along_mu, along_log_sigma] = right(s);
  return {-along_mu, -along_log_sigma};
}
void value_instead_of_gradient(const CategoricalStep& s, Row d) {
  d[s.action] = std::log(s.p[s.action]) * s.weight;
}
GaussianGradient log_density_injected(const GaussianStep& s) {
  constexpr Scalar half_log_two_pi = Scalar(0.91893853320467274178);
  const Scalar value = s.weight * (-s.z * s.z / 2 - s.log_sigma - half_log_two_pi);
  return {value, value};
}
void taken_output_only(const CategoricalStep& s, Row d) {
  d[s.action] = (1 - s.p[s.action]) * s.weight;
}
void one_hot_without_probs(const CategoricalStep& s, Row d) {
  d[s.action] = s.weight;
}
void probabilities_injected(const CategoricalStep& s, Row d) {
  for (std::size_t k = 0; k < d.size(); ++k) d[k] = s.p[k] * s.weight;
}
void label_is_the_likeliest(const CategoricalStep& s, Row d) {
  const auto likeliest = static_cast<std::size_t>(std::ranges::max_element(s.p) - s.p.begin());
  for (std::size_t k = 0; k < d.size(); ++k) d[k] = ((k == likeliest ? 1 : 0) - s.p[k]) * s.weight;
}
/// The derivative of log softmax(p)[action] along the logits, p = softmax(logits).
void softmax_twice(const CategoricalStep& s, Row d) {
  const Scalar largest = *std::ranges::max_element(s.p);
  Scalar total = 0, mean = s.p[s.action];
  for (std::size_t k = 0; k < d.size(); ++k) total += d[k] = nn::exp(s.p[k] - largest);
  for (std::size_t k = 0; k < d.size(); ++k) d[k] /= total;  // of the probabilities, once more
  for (std::size_t k = 0; k < d.size(); ++k) mean -= s.p[k] * d[k];
  for (std::size_t k = 0; k < d.size(); ++k) d[k] = s.p[k] * (one_hot(s, k) - d[k] - mean) * s.weight;
}
GaussianGradient mean_not_subtracted(const GaussianStep& s) {
  return {s.weight * s.action / (s.sigma * s.sigma), right(s).along_log_sigma};
}
GaussianGradient log_sigma_term_forgotten(const GaussianStep& s) {
  return {right(s).along_mu, s.weight * s.z * s.z};
}

void return_forgotten(ConstVectorView, Scalar, VectorView returns) {
  std::ranges::fill(returns, Scalar(1));
}
void first_rewards(ConstVectorView rewards, Scalar gamma, VectorView returns) {
  Scalar so_far = 0, discount = 1;
  for (std::size_t t = 0; t < rewards.size(); ++t, discount *= gamma) {
    so_far += discount * rewards[t];
    returns[rewards.size() - 1 - t] = so_far;
  }
}
void whitened_per_episode(ConstVectorView rewards, Scalar gamma, VectorView returns) {
  rl::discounted_returns(rewards, gamma, returns);
  const auto count = static_cast<Scalar>(returns.size());
  Scalar mean = 0, variance = 0;
  for (const Scalar G : returns) mean += G / count;
  for (const Scalar G : returns) variance += (G - mean) * (G - mean) / count;
  for (Scalar& G : returns) G = (G - mean) / (std::sqrt(variance) + Scalar(1e-6));
}

constexpr std::string_view cartpole = "environment=CartPole-v1",
                           cartpole_without_baseline = "environment=CartPole-v1&baseline=none",
                           pendulum = "environment=Pendulum-v1",
                           pendulum_reinforce = "environment=Pendulum-v1&algorithm=reinforce&baseline=none";

constexpr Mistake all[] = {
    {.name = "none",
     .title = "none: the right program",
     .sentence =
         "Every step injects its score, (one_hot - p) where the policy is a softmax, times its return minus the "
         "baseline: what went better than the others becomes likelier.",
     .read = "docs/05-from-the-equation-to-the-label.md, section 4: The label",
     .shown = cartpole,
     .adam = "499 (10)",
     .sgd = "500 (10)"},
    {.name = "sign-flipped",
     .title = "the sign flipped",
     .sentence = "The injected vector has the wrong sign, so the policy unlearns: good actions become rare, bad "
                 "ones likely.",
     .read = "docs/05-from-the-equation-to-the-label.md, section 4: The label",
     .shown = cartpole,
     .adam = "9 (0)",
     .sgd = "9 (0)",
     .inject = sign_flipped,
     .inject_gaussian = sign_flipped_gaussian},
    {.name = "return-forgotten",
     .title = "the return forgotten",
     .sentence = "Every step counts 1 whatever came of it; on average the score is exactly 0, so what moves the policy "
                 "is noise, and how long the others lasted.",
     .read = "docs/05-from-the-equation-to-the-label.md, section 5: Without the return there is nothing to learn",
     .shown = cartpole_without_baseline,
     .adam = "107 (2)",
     .sgd = "24 (0)",
     .returns = return_forgotten,
     .says_the_right_weight = true},
    {.name = "value-instead-of-gradient",
     .title = "G log p at the output",
     .sentence = "The value G log p is injected where its gradient belongs, as the question had it: log p is never "
                 "positive, so the better an action went, the rarer it becomes.",
     .read = "docs/00-the-question.md, section 1: What was typed, and what it does",
     .shown = cartpole,
     .adam = "9 (0)",
     .sgd = "9 (0)",
     .inject = value_instead_of_gradient},
    {.name = "taken-output-only",
     .title = "only the output taken",
     .sentence = "Only the output of the action taken gets its gradient; the others, which softmax ties to it, get 0.",
     .read = "docs/04-softmax-and-cross-entropy.md, section 3: The long way, through the probabilities",
     .shown = cartpole,
     .adam = "376 (7)",
     .sgd = "447 (9)",
     .inject = taken_output_only},
    {.name = "one-hot-without-probs",
     .title = "one-hot without the minus p",
     .sentence = "The one-hot vector is injected without subtracting p, so an action that is already certain is pushed "
                 "as hard as a rare one.",
     .read = "docs/04-softmax-and-cross-entropy.md, section 2: The derivative of log softmax",
     .shown = cartpole,
     .adam = "322 (1)",
     .sgd = "148 (1)",
     .inject = one_hot_without_probs},
    {.name = "probabilities-injected",
     .title = "G times all probabilities",
     .sentence = "The return times the whole probability vector is injected; which action was taken is not in it, so "
                 "what is likely becomes likelier.",
     .read = "docs/00-the-question.md, section 1: What was typed, and what it does",
     .shown = cartpole,
     .adam = "201 (3)",
     .sgd = "25 (0)",
     .inject = probabilities_injected},
    {.name = "label-is-the-likeliest",
     .title = "the likeliest action as label",
     .sentence =
         "The label is the likeliest action, not the one taken: the credit of a rare action goes to another one.",
     .read = "docs/05-from-the-equation-to-the-label.md, section 4: The label",
     .shown = cartpole,
     .adam = "292 (3)",
     .sgd = "35 (0)",
     .inject = label_is_the_likeliest},
    {.name = "softmax-twice",
     .title = "softmax twice",
     .sentence = "Probabilities are handed to a loss that applies softmax itself; steps shrink where the policy is "
                 "sure, and CartPole hides it.",
     .read = "docs/04-softmax-and-cross-entropy.md, section 5: Softmax once",
     .shown = cartpole,
     .adam = "499 (10)",
     .sgd = "495 (10)",
     .museum = "museum.html#softmax-and-then-again",
     .inject = softmax_twice},
    {.name = "first-rewards-instead-of-last",
     .title = "the first rewards, not the last",
     .sentence = "A step is weighed by the first T - t rewards instead of the last. On CartPole every reward is 1, so "
                 "nothing changes; on Pendulum credit goes to the wrong steps.",
     .read = "docs/07-returns-and-noise.md, section 1: What follows a step",
     .shown = pendulum_reinforce,
     .adam = "499 (10)",
     .sgd = "500 (10)",
     .returns = first_rewards},
    {.name = "whitened-per-episode",
     .title = "returns whitened per episode",
     .sentence = "The returns are whitened within each episode, so the later half of every episode is punished, "
                 "however good it was.",
     .read = "docs/06-the-whole-truth.md, section 2: Four episodes",
     .shown = cartpole_without_baseline,
     .adam = "499 (10)",
     .sgd = "367 (0)",
     .museum = "museum.html#whitened-one-episode-at-a-time",
     .returns = whitened_per_episode},
    {.name = "acting-by-argmax",
     .title = "greedy acting",
     .sentence = "While it trains it always takes the likeliest action: nothing else is ever tried, so nothing can be "
                 "compared.",
     .read = "docs/09-cartpole.md, section 1: The environment",
     .shown = cartpole,
     .adam = "287 (3)",
     .sgd = "136 (1)",
     .acts_greedily = true},
    {.name = "gradients-never-zeroed",
     .title = "gradients never set to zero",
     .sentence = "Each update climbs the sum of all gradients so far. The injected vectors are right, so no dump of "
                 "them shows it; the gradient's norm grows.",
     .read = "docs/what-cartpole-hides.md: The table",
     .shown = "",
     .adam = "500 (10)",
     .sgd = "451 (9)",
     .keeps_gradients = true},
    {.name = "log-density-injected",
     .title = "the log density at the outputs",
     .sentence = "The value of the log density is injected at mu and log sigma; backpropagation wants its gradient.",
     .read = "docs/one-theorem.md, section 1: From a probability to a density",
     .shown = pendulum,
     .adam = "",
     .sgd = "",
     .inject_gaussian = log_density_injected},
    {.name = "mean-not-subtracted",
     .title = "the mean not subtracted",
     .sentence = "The action itself stands where its distance from mu belongs, so a good action to the right of 0 "
                 "pushes mu to the right, even past the action.",
     .read = "docs/one-theorem.md, section 3: Three distributions",
     .shown = pendulum,
     .adam = "",
     .sgd = "",
     .inject_gaussian = mean_not_subtracted},
    {.name = "log-sigma-term-forgotten",
     .title = "the term of log sigma forgotten",
     .sentence = "The -1 in z^2 - 1 is missing: whatever went well widens the policy, and sigma grows without end.",
     .read = "docs/one-theorem.md, section 4: Learn log sigma",
     .shown = pendulum,
     .adam = "",
     .sgd = "",
     .inject_gaussian = log_sigma_term_forgotten},
};

}  // namespace

std::span<const Mistake> mistakes() {
  return all;
}

const Mistake& mistake_named(std::string_view name) {
  std::string names;
  for (const Mistake& mistake : all) {
    if (mistake.name == name) return mistake;
    names += (names.empty() ? "" : ", ") + std::string(mistake.name);
  }
  throw std::invalid_argument(fmt::format("mistake: expected one of {}, got '{}'", names, name));
}

}  // namespace playground
