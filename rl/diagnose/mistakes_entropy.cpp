/// Mistakes in what stands beside the right vector: an entropy bonus, the distance to a reference policy.

#include "rl/diagnose/formulas.hpp"

namespace rl {
namespace {

/// The gradient of the entropy at the logits, -p (log p + H).
void entropy_gradient(const Step& s, Row d) {
  Number entropy;
  for (const Number& p : s.p()) entropy += -p_log_p(p);
  for (std::size_t k = 0; k < d.size(); ++k) d[k] = -(p_log_p(s.p()[k]) + s.p()[k] * entropy);
}

/// That of the Kullback-Leibler distance to the reference, p (log(p / ref) - KL).
void distance_gradient(const Step& s, Row d) {
  Number distance;
  for (std::size_t k = 0; k < d.size(); ++k) distance += d[k] = p_log_p(s.p()[k]) - s.p()[k] * log(s.ref(k));
  for (std::size_t k = 0; k < d.size(); ++k) d[k] = d[k] - s.p()[k] * distance;
}

}  // namespace

using namespace pages;

void Catalogue::term_mistakes() {
  add({"entropy-sign-wrong",
       "The entropy bonus has the wrong sign: it makes the policy certain, where it should keep it open.",
       "the sign of the entropy in the loss", entropy},
      {.terms = {{"the gradient of the entropy", entropy_gradient, RightWhen::positive, "an entropy bonus"}}});
  add({"entropy-gradient-at-the-probs",
       "The derivative of the entropy along the probabilities is injected at the logits.",
       "-(log p + 1) is added without going through the softmax", entropy},
      {.terms = {{"-(log p + 1)", [](const Step& s, Row d) {
                    for (std::size_t k = 0; k < d.size(); ++k) d[k] = -(log(s.p()[k]) + 1);
                  }}}});
  add({"entropy-term-missing", "The gradient of the entropy at the logits lacks a term: the entropy itself.",
       "-p * log p is added as a gradient", entropy},
      {.terms = {{"-p log p", [](const Step& s, Row d) {
                    for (std::size_t k = 0; k < d.size(); ++k) d[k] = -p_log_p(s.p()[k]);
                  }}}});
  add({"entropy-of-the-action-taken",
       "The bonus is -p log p of the action taken alone; the entropy is the sum over all actions.",
       "the log-probability was gathered at the action before the entropy was made of it", entropy},
      {.terms = {{"the gradient of -p_a log p_a",
                  [](const Step& s, Row d) { score(s, d, -(s.p_a() * (log(s.p_a()) + 1))); }}}});
  add({"kl-sign-wrong", "The distance to the reference policy is rewarded where it should be punished.",
       "the sign of the KL term in the loss, or beta below 0", staying_near},
      {.terms = {
           {"the gradient of KL(p | ref)", distance_gradient, RightWhen::negative, "a KL penalty"},
           {"log(p_a / ref_a) (e - p)", [](const Step& s, Row d) { score(s, d, log(s.p_a()) - log(s.ref(s.a()))); },
            RightWhen::negative, "a sampled KL penalty (k1 in the reward, or k2 in the loss)"}}});
  add({"kl-k1-in-the-loss",
       "log p - log ref stands in the loss as a distance; its gradient is the score alone, which is 0 on average.",
       "the mean of log_prob - ref_log_prob is added to the loss; it belongs to the reward, or k2 to the loss",
       staying_near},
      {.terms = {{"the score, without any weight, as log p_a - log ref_a gives it",
                  [](const Step& s, Row d) { score(s, d, s.all.ref.empty() ? impossible : Number(1)); }}}});
  add({"kl-k3-in-the-loss",
       "ref / p - 1 - log(ref / p) stands in the loss: a good estimate of the distance, and the gradient of another "
       "one.",
       "exp(ref_log_prob - log_prob) in the loss; its gradient is that of KL(ref | p)", staying_near},
      {.terms = {
           {"(1 - ref_a / p_a) (e - p)", [](const Step& s, Row d) { score(s, d, 1 - s.ref(s.a()) / s.p_a()); }}}});
  add({"label-smoothed", "The label is smoothed, as in classification: the policy is pulled towards the uniform one.",
       "label_smoothing in the cross-entropy", cross_entropy, "label-smoothed", "493 (10)", "498 (10)"},
      {.terms = {{"w (1 / K - e)",
                  [](const Step& s, Row d) {
                    for (std::size_t k = 0; k < d.size(); ++k)
                      d[k] = s.w() * (1. / static_cast<double>(d.size()) - (k == s.a() ? 1 : 0));
                  },
                  RightWhen::never,
                  {},
                  0,
                  1}}});
}

}  // namespace rl
