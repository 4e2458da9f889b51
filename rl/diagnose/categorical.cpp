/// What each known mistake injects at the logits of a softmax policy.   docs/00-the-question.md, section 1
///
/// p: probabilities   a: the action taken   w: the weight   e: one-hot of the action. Right is w (e - p), Eq. (0.6).

#include <algorithm>

#include "rl/diagnose/hypotheses.hpp"

namespace rl {
namespace {

/// d = w (one_hot(label) - p)
void score(const Step& s, Row d, std::size_t label, Number w) {
  const auto p = s.p();
  for (std::size_t k = 0; k < d.size(); ++k) d[k] = w * ((k == label ? 1 : 0) - p[k]);
}
void score(const Step& s, Row d, Number w) {
  score(s, d, s.a(), w);
}

/// v through the softmax: d = (diag p - p p^T) v, in place.
void through_softmax(const Step& s, Row d) {
  const auto p = s.p();
  Number mean;
  for (std::size_t k = 0; k < d.size(); ++k) mean += p[k] * d[k];
  for (std::size_t k = 0; k < d.size(); ++k) d[k] = p[k] * (d[k] - mean);
}

/// d = w (e - softmax(p)): the second softmax sees numbers between 0 and 1.
void score_of_probs(const Step& s, Row d) {
  const auto p = s.p();
  Number total;
  for (std::size_t k = 0; k < d.size(); ++k) total += exp(p[k]);
  for (std::size_t k = 0; k < d.size(); ++k) d[k] = s.w() * ((k == s.a() ? 1 : 0) - exp(p[k]) / total);
}

std::size_t argmax(const Step& s) {
  const auto larger = [](Number a, Number b) { return a.value < b.value; };
  return static_cast<std::size_t>(std::ranges::max_element(s.p(), larger) - s.p().begin());
}
std::size_t argmin(const Step& s) {
  const auto smaller = [](Number a, Number b) { return a.value < b.value; };
  return static_cast<std::size_t>(std::ranges::min_element(s.p(), smaller) - s.p().begin());
}

Number magnitude(Number x) {
  return {std::abs(x.value), x.error};
}

std::size_t mirrored(const Step& s) {
  return 2 * s.episode().first + s.episode().length - 1 - s.t;
}

Number weight_at(const Step& s, std::size_t t) {
  return t < s.all.steps ? s.weights[t] : Number(0);
}

const Hypothesis list[] = {
    // Only the output of the action.
    {"taken-output-only", "w (1 - p_a) at the action, 0 elsewhere",
     [](const Step& s, Row d) { d[s.a()] = s.w() * (1 - s.p_a()); }},
    {"softmax-diagonal-only", "w / p_a times p_a (1 - p_a) at the action, 0 elsewhere",
     [](const Step& s, Row d) { d[s.a()] = s.w() * (1 - s.p_a()); }},
    {"value-instead-of-slope", "w log p_a at the action, 0 elsewhere",
     [](const Step& s, Row d) { d[s.a()] = s.w() * log(s.p_a()); }},
    {"one-hot-without-probs", "w at the action, 0 elsewhere", [](const Step& s, Row d) { d[s.a()] = s.w(); }},
    {"slope-at-the-probs", "w / p_a at the action, 0 elsewhere",
     [](const Step& s, Row d) { d[s.a()] = s.w() / s.p_a(); }},
    {"probability-at-the-action", "w p_a at the action, 0 elsewhere",
     [](const Step& s, Row d) { d[s.a()] = s.w() * s.p_a(); }},
    {"return-regressed-on-probs", "w - p_a at the action, 0 elsewhere",
     [](const Step& s, Row d) { d[s.a()] = s.w() - s.p_a(); }},
    {"return-regressed-on-logits", "w - z_a at the action, 0 elsewhere",
     [](const Step& s, Row d) { d[s.a()] = s.all.z.empty() ? impossible : s.w() - s.all.z(s.t, s.a()); }},
    {"others-only", "-w p_k away from the action, 0 at the action",
     [](const Step& s, Row d) {
       score(s, d, s.w());
       d[s.a()] = 0;
     }},
    // Nothing in it says which action was taken.
    {"probabilities-injected", "w p, whatever the action",
     [](const Step& s, Row d) {
       for (std::size_t k = 0; k < d.size(); ++k) d[k] = s.w() * s.p()[k];
     }},
    {"log-probs-injected", "w log p, whatever the action",
     [](const Step& s, Row d) {
       for (std::size_t k = 0; k < d.size(); ++k) d[k] = s.w() * log(s.p()[k]);
     }},
    {"all-actions-pushed-alike", "w (1 - K p), whatever the action",
     [](const Step& s, Row d) {
       for (std::size_t k = 0; k < d.size(); ++k) d[k] = s.w() * (1 - static_cast<double>(d.size()) * s.p()[k]);
     }},
    // The right vector through one function too many, or another function.
    {"gradient-of-p", "p_a w (e - p)", [](const Step& s, Row d) { score(s, d, s.w() * s.p_a()); }},
    {"softmax-twice", "(diag p - p p^T) w (e - softmax(p))",
     [](const Step& s, Row d) {
       score_of_probs(s, d);
       through_softmax(s, d);
     }},
    {"softmax-of-probs", "w (e - softmax(p))", score_of_probs},
    {"score-through-softmax", "(diag p - p p^T) w (e - p)",
     [](const Step& s, Row d) {
       score(s, d, s.w());
       through_softmax(s, d);
     }},
    {"output-derivative-twice", "w (e - p) p (1 - p)",
     [](const Step& s, Row d) {
       score(s, d, s.w());
       for (std::size_t k = 0; k < d.size(); ++k) d[k] = d[k] * s.p()[k] * (1 - s.p()[k]);
     }},
    {"absolute-errors", "w |e - p|",
     [](const Step& s, Row d) {
       score(s, d, 1);
       for (Number& x : d) x = s.w() * magnitude(x);
     }},
    {"one-unit-only", "w (e - p) in the first column, 0 elsewhere",
     [](const Step& s, Row d) { d[0] = s.w() * ((s.a() == 0 ? 1 : 0) - s.p()[0]); }},
    {"one-unit-only", "w (e - p) in the last column, 0 elsewhere",
     [](const Step& s, Row d) { d.back() = s.w() * ((s.a() + 1 == d.size() ? 1 : 0) - s.p().back()); }},
    {"return-as-label", "w e - p",
     [](const Step& s, Row d) {
       for (std::size_t k = 0; k < d.size(); ++k) d[k] = (k == s.a() ? s.w() : 0) - s.p()[k];
     }},
    {"weight-on-the-probs-only", "e - w p",
     [](const Step& s, Row d) {
       for (std::size_t k = 0; k < d.size(); ++k) d[k] = (k == s.a() ? 1 : 0) - s.w() * s.p()[k];
     }},
    // Another label than the action taken.
    {"label-is-the-likeliest", "w (one_hot(argmax p) - p)",
     [](const Step& s, Row d) { score(s, d, argmax(s), s.w()); }},
    {"label-is-the-unlikeliest", "w (one_hot(argmin p) - p)",
     [](const Step& s, Row d) { score(s, d, argmin(s), s.w()); }},
    {"label-of-the-step-before", "w (one_hot(action one row above) - p)",
     [](const Step& s, Row d) { score(s, d, s.all.action[s.t > 0 ? s.t - 1 : s.all.steps - 1], s.w()); }},
    {"label-of-the-next-step", "w (one_hot(action one row below) - p)",
     [](const Step& s, Row d) { score(s, d, s.all.action[s.t + 1 < s.all.steps ? s.t + 1 : 0], s.w()); }},
    {"label-one-too-high", "w (one_hot(a + 1) - p)",
     [](const Step& s, Row d) { score(s, d, (s.a() + 1) % d.size(), s.w()); }},
    {"label-one-too-low", "w (one_hot(a - 1) - p)",
     [](const Step& s, Row d) { score(s, d, (s.a() + d.size() - 1) % d.size(), s.w()); }},
    {"label-is-always-the-first", "w (one_hot(0) - p)", [](const Step& s, Row d) { score(s, d, 0, s.w()); }},
    {"label-is-always-the-last", "w (one_hot(K - 1) - p)",
     [](const Step& s, Row d) { score(s, d, d.size() - 1, s.w()); }},
    // The vector is right, the number in front is not the weight of this step.
    {"return-forgotten", "e - p", [](const Step& s, Row d) { score(s, d, 1); }, true},
    {"log-prob-times-score", "log p_a w (e - p)", [](const Step& s, Row d) { score(s, d, s.w() * log(s.p_a())); }},
    {"divided-by-p-twice", "w (e - p) / p_a", [](const Step& s, Row d) { score(s, d, s.w() / s.p_a()); }},
    {"weight-squared", "w^2 (e - p)", [](const Step& s, Row d) { score(s, d, s.w() * s.w()); }, true},
    {"absolute-weight", "|w| (e - p)", [](const Step& s, Row d) { score(s, d, magnitude(s.w())); }},
    {"sign-of-the-weight", "sign(w) (e - p)",
     [](const Step& s, Row d) {
       score(s, d, s.w().value > 0 ? 1 : s.w().value < 0 ? -1 : 0);
     },
     true},
    {"negative-weights-dropped", "max(w, 0) (e - p)",
     [](const Step& s, Row d) { score(s, d, s.w().value > 0 ? s.w() : 0); }},
    {"weights-in-reverse", "w of the episode in reverse order, times e - p",
     [](const Step& s, Row d) { score(s, d, s.weights[mirrored(s)]); }},
    {"return-one-step-late", "w one row below, times e - p",
     [](const Step& s, Row d) { score(s, d, weight_at(s, s.t + 1)); }},
    {"weight-of-the-step-before", "w one row above, times e - p",
     [](const Step& s, Row d) { score(s, d, s.t > 0 ? s.weights[s.t - 1] : Number(0)); }},
    {"mean-log-prob-times-sum", "the mean of all w, times e - p",
     [](const Step& s, Row d) { score(s, d, s.mean_weight); }, true},
    {"mean-within-each-episode", "w / (length of the episode), times e - p",
     [](const Step& s, Row d) { score(s, d, s.w() / static_cast<double>(s.episode().length)); }, true},
    {"discount-undone", "w / gamma^t (e - p)",
     [](const Step& s, Row d) {
       const double t = static_cast<double>(s.t - s.episode().first);
       score(s, d, s.all.gamma ? s.w() / std::pow(*s.all.gamma, t) : impossible);
     }},
    // Some rows only.
    {"last-step-only", "w (e - p) in the last row, 0 above",
     [](const Step& s, Row d) {
       if (s.t + 1 == s.all.steps) score(s, d, s.w());
     },
     true},
    {"last-episode-only", "w (e - p) in the last episode, 0 before",
     [](const Step& s, Row d) {
       if (s.t >= s.all.episodes.back().first) score(s, d, s.w());
     },
     true},
    {"first-episode-only", "w (e - p) in the first episode, 0 after",
     [](const Step& s, Row d) {
       if (s.t < s.all.episodes.front().length) score(s, d, s.w());
     },
     true},
};

}  // namespace

const Hypothesis right_categorical{"", "w (e - p)", [](const Step& s, Row d) { score(s, d, s.w()); }};

std::span<const Hypothesis> categorical_hypotheses() {
  return list;
}

}  // namespace rl
