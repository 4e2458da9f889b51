/// The right vector, and a number in front that is not the weight of this step.

#include <algorithm>

#include "rl/diagnose/formulas.hpp"

namespace rl {
using namespace pages;

void Catalogue::factor_mistakes() {
  add({"return-forgotten", "The vector has no weight: on average it is exactly 0, so nothing is learned.",
       "cross-entropy with the action as label, and no return in it", without_the_return, "return-forgotten", "107 (2)",
       "24 (0)"},
      {.output = {{"e - p", [](const Step& s, Row d) { score(s, d, 1); }, true}},
       .gaussian = {{"the right row without w",
                     [](const Step& s, Row d) { fill(s, d, 1, right_mu(s), right_log_sigma(s)); }}},
       .weights = {{"1", [](const Samples&, double, Row w) { std::ranges::fill(w, Number(1)); }}}});
  add({"log-prob-times-score",
       "The right vector is multiplied by log p_a: a product was differentiated as if both factors stayed.",
       "log-probability and gradient occur in one product", chain_rule},
      {.output = {{"log p_a w (e - p)", [](const Step& s, Row d) { score(s, d, s.w() * log(s.p_a())); }}}});
  add({"divided-by-p-twice", "The right vector is divided by p_a, which the logarithm has done already.",
       "a division by probs[action] beside one_hot - probs", the_trick},
      {.output = {{"w (e - p) / p_a", [](const Step& s, Row d) { score(s, d, s.w() / s.p_a()); }}}});
  add({"weight-squared", "The weight is multiplied in twice.", "the loss and the gradient both multiply by the return",
       the_label},
      {.output = {{"w^2 (e - p)", [](const Step& s, Row d) { score(s, d, s.w() * s.w()); }, true}}});
  add({"absolute-weight", "The sign of the weight is lost, so bad actions are encouraged too.",
       "abs, or a square root of a square", the_label},
      {.output = {{"|w| (e - p)", [](const Step& s, Row d) { score(s, d, magnitude(s.w())); }}}});
  add({"sign-of-the-weight", "Only the sign of the weight is used, not its size.", "sign(), or clipping to -1 and 1",
       the_label},
      {.output = {{"sign(w) (e - p)",
                   [](const Step& s, Row d) { score(s, d,
                                                    s.w().value > 0   ? 1
                                                    : s.w().value < 0 ? -1
                                                                      : 0); }, true}}});
  add({"negative-weights-dropped", "Rows with a negative weight are 0, so nothing is ever discouraged.",
       "max(weight, 0), or a relu on the advantage", minimum_variance},
      {.output = {{"max(w, 0) (e - p)", [](const Step& s, Row d) { score(s, d, s.w().value > 0 ? s.w() : 0); }}}});
  add({"weights-in-reverse", "The returns of an episode are used last first.",
       "a list built from the end is not turned round, or one of two lists is", what_follows},
      {.output = {{"w of the episode in reverse order, times e - p",
                   [](const Step& s, Row d) { score(s, d, s.weights[mirrored(s)]); }}},
       .weights = {{"the rewards-to-go of the episode, last first", [](const Samples& s, double gamma, Row out) {
                      each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
                        returns(r, g, w);
                        std::ranges::reverse(w);
                      });
                    }}}});
  add({"weight-of-the-step-before", "Every row is multiplied by the weight of the row before.",
       "the lists are shifted by one", what_follows},
      {.output = {{"w one row above, times e - p",
                   [](const Step& s, Row d) { score(s, d, s.t > 0 ? s.weights[s.t - 1] : Number(0)); }}}});
  add({"weight-not-the-one-given", "The vector is right, but the number in front of it is not the weight in the file.",
       "what else multiplies the loss: an importance ratio, a mask, a schedule? Put the product into the column weight",
       three_coefficients});
  add({"last-step-only", "Only the last row has a gradient, the others are 0.",
       "gradients are assigned, not added, or set to zero inside the loop", network_backward, "gradient-overwritten",
       "444 (7)", "43 (0)"},
      {.output = {{"w (e - p) in the last row, 0 above",
                   [](const Step& s, Row d) {
                     if (s.t + 1 == s.all.steps) score(s, d, s.w());
                   },
                   true}}});
  add({"last-episode-only", "Only the last episode has a gradient.",
       "gradients are set to zero once per episode, and the step is taken once per batch", network_backward},
      {.output = {{"w (e - p) in the last episode, 0 before",
                   [](const Step& s, Row d) {
                     if (s.t >= s.all.episodes.back().first) score(s, d, s.w());
                   },
                   true}}});
  add({"first-episode-only", "Only the first episode has a gradient.", "the loop over episodes ends early",
       more_episodes},
      {.output = {{"w (e - p) in the first episode, 0 after",
                   [](const Step& s, Row d) {
                     if (s.t < s.all.episodes.front().length) score(s, d, s.w());
                   },
                   true}}});
  add({"epsilon-inside-the-log", "A number is added inside the logarithm; actions as rare as it lose their gradient.",
       "log(p + eps), in place of log-softmax of the logits", softmax});
  add({"rare-actions-clipped", "Rare actions get no gradient at all: the probability is clipped inside the logarithm.",
       "log(max(p, eps)), in place of log-softmax of the logits", softmax, "rare-actions-clipped", "499 (10)",
       "500 (10)"});
  add({"all-zero", "Nothing is injected, although the weights are not zero.",
       "a gradient cut off (detach, a copy), or an integer division such as 1 / N", how_a_check_lies,
       "integer-division", "22 (0)", "22 (0)"});
  add({"weights-in-another-order", "The weights are the right numbers, in another order than the rows.",
       "advantages that were not shuffled with the states, or a sort", loss_and_label});
  add({"ratio-times-log-prob",
       "The ratio and the log-probability are multiplied: the gradient has a factor 1 + log p_a.",
       "ratio * log_prob * advantage, where the ratio was not detached", second_time},
      {.output = {{"(1 + log p_a) w (e - p)", [](const Step& s, Row d) { score(s, d, s.w() * (1 + log(s.p_a()))); }}}});
  add({"mask-forgotten-in-the-update", "Invalid actions were masked when acting, and have a probability in the update.",
       "the mask is applied where the action is drawn, and not where the loss is computed", loss_and_label});
  add({"clipped-entry-by-entry", "The vector is clipped entry by entry: its rows no longer sum to 0.",
       "clamp or clip on a gradient, where its norm was meant", log_softmax, "clipped-entry-by-entry", "498 (10)",
       "110 (0)"});
  add({"temperature-on-one-side",
       "The temperature is used where the actions are drawn or in the loss, and not in both.",
       "logits / T in one place only", loss_and_label, "temperature-on-one-side", "430 (8)", "496 (10)"},
      {.families = {{"w (e - softmax of log p times a number), the number being",
                     [](const Step& s, double number, Row d) {
                       Number total;
                       for (std::size_t k = 0; k < d.size(); ++k) total += d[k] = exp(number * log(s.p()[k]));
                       for (std::size_t k = 0; k < d.size(); ++k) d[k] = s.w() * ((k == s.a() ? 1 : 0) - d[k] / total);
                     },
                     0.05, 20, 1}}});
  add({"epsilon-not-in-the-loss",
       "The actions were drawn from a mixture with the uniform policy, and the loss takes the policy without it.",
       "epsilon where the action is chosen, and none in log p", loss_and_label},
      {.families = {{"w (e - q) where p = (1 - x) q + x / K, x being",
                     [](const Step& s, double x, Row d) {
                       const double uniform = x / static_cast<double>(d.size());
                       for (std::size_t k = 0; k < d.size(); ++k) {
                         const Number q = (s.p()[k] - Number(uniform)) / (1 - x);
                         d[k] = s.w() * ((k == s.a() ? 1 : 0) - q);
                       }
                     },
                     0.002, 0.95, 0}}});
}

}  // namespace rl
