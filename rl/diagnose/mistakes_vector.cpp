/// Mistakes in the shape of the vector injected at the logits.   docs/00-the-question.md, section 1
///
/// p: probabilities   a: the action taken   w: the weight   e: one-hot of the action. Right is w (e - p), Eq. (0.6).

#include <algorithm>

#include "rl/diagnose/formulas.hpp"

namespace rl {
using namespace pages;

void Catalogue::vector_mistakes() {
  add({"sign-flipped", "The update goes down where it should climb: one minus sign too many, or one too few.",
       "count the minus signs between log pi and the line that changes the weights", the_label, "sign-flipped", "9 (0)",
       "9 (0)"});
  add({"value-instead-of-gradient", "The value w log p_a is injected; backpropagation wants its gradient.",
       "the program hands weight * log(probability) itself to its backward pass", typed, "value-instead-of-gradient",
       "9 (0)", "9 (0)"},
      {.output = {
           {"w log p_a at the action, 0 elsewhere", [](const Step& s, Row d) { d[s.a()] = s.w() * log(s.p_a()); }}}});
  add({"taken-output-only", "Only the output of the action taken gets a gradient; softmax ties all logits together.",
       "the program picks one output and leaves the others at 0", through_the_probs, "taken-output-only", "376 (7)",
       "447 (9)"},
      {.output = {{"w (1 - p_a) at the action, 0 elsewhere",
                   [](const Step& s, Row d) { d[s.a()] = s.w() * (1 - s.p_a()); }}}});
  add({"softmax-diagonal-only", "The derivative of softmax is reduced to its diagonal p (1 - p).",
       "the program multiplies dL/dp by p * (1 - p), entry by entry", through_the_probs, "taken-output-only", "376 (7)",
       "447 (9)"},
      {.output = {{"w / p_a times p_a (1 - p_a) at the action, 0 elsewhere",
                   [](const Step& s, Row d) { d[s.a()] = s.w() * (1 - s.p_a()); }}}});
  add({"one-hot-without-probs", "The one-hot vector is injected without subtracting the probabilities.",
       "no probability occurs in what is injected", log_softmax, "one-hot-without-probs", "322 (1)", "148 (1)"},
      {.output = {{"w at the action, 0 elsewhere", [](const Step& s, Row d) { d[s.a()] = s.w(); }}}});
  add({"probability-at-the-action", "The probability of the action is injected where the derivative 1 - p_a belongs.",
       "the program injects probs[action] times the weight", log_softmax},
      {.output = {{"w p_a at the action, 0 elsewhere", [](const Step& s, Row d) { d[s.a()] = s.w() * s.p_a(); }}}});
  add({"gradient-at-the-probs",
       "The derivative along the probabilities, w / p_a, is injected at the logits; the softmax in between is skipped.",
       "the program divides by probs[action] and starts backprop below the softmax", through_the_probs,
       "one-over-p-at-the-logit", "451 (9)", "stops (0)"},
      {.output = {{"w / p_a at the action, 0 elsewhere", [](const Step& s, Row d) { d[s.a()] = s.w() / s.p_a(); }}}});
  add({"others-only", "The outputs that were not taken get their gradient, the one that was taken gets none.",
       "the loop over outputs skips the action", log_softmax},
      {.output = {{"-w p_k away from the action, 0 at the action", [](const Step& s, Row d) {
                     score(s, d, s.w());
                     d[s.a()] = 0;
                   }}}});
  add({"probabilities-injected", "The weight times the whole probability vector is injected; the action is not in it.",
       "the action taken is never used in the update", typed, "return-times-probs", "201 (3)", "25 (0)"},
      {.output = {{"w p, whatever the action", [](const Step& s, Row d) {
                     for (std::size_t k = 0; k < d.size(); ++k) d[k] = s.w() * s.p()[k];
                   }}}});
  add({"log-probs-injected",
       "The weight times all log-probabilities is injected; the action is not in it, and they are values, not a "
       "gradient.",
       "the program multiplies the whole vector of log-probabilities by the weight", typed},
      {.output = {{"w log p, whatever the action", [](const Step& s, Row d) {
                     for (std::size_t k = 0; k < d.size(); ++k) d[k] = s.w() * log(s.p()[k]);
                   }}}});
  add({"all-actions-pushed-alike",
       "The log-probabilities of all actions are summed instead of picking the one of the action taken.",
       "a sum over actions, where the program should index by the action", cross_entropy, "all-actions-alike", "10 (0)",
       "9 (0)"},
      {.output = {{"w (1 - K p), whatever the action", [](const Step& s, Row d) {
                     for (std::size_t k = 0; k < d.size(); ++k)
                       d[k] = s.w() * (1 - static_cast<double>(d.size()) * s.p()[k]);
                   }}}});
  add({"one-in-every-column", "The 1 of the action taken stands in the columns of all actions.",
       "d[:, actions] += 1, which reaches every row, where d[arange(T), actions] reaches one entry of each",
       log_softmax},
      {.output = {{"w (1 - p), whatever the action", [](const Step& s, Row d) {
                     for (std::size_t k = 0; k < d.size(); ++k) d[k] = s.w() * (1 - s.p()[k]);
                   }}}});
  add({"gradient-of-p", "The gradient of the probability is used; that of its logarithm is larger by 1/p_a.",
       "there is no logarithm between the probability and the gradient", the_trick, "gradient-of-p", "497 (10)",
       "496 (10)"},
      {.output = {{"p_a w (e - p)", [](const Step& s, Row d) { score(s, d, s.w() * s.p_a()); }}}});
  add({"softmax-twice", "Softmax is applied twice: probabilities are handed to a loss that applies softmax itself.",
       "the last layer ends in softmax, and the loss takes logits", softmax_once, "softmax-twice", "499 (10)",
       "495 (10)"},
      {.output = {{"(diag p - p p^T) w (e - softmax(p))", [](const Step& s, Row d) {
                     score_of_probs(s, d);
                     through_softmax(s, d);
                   }}}});
  add({"softmax-of-probs", "The probabilities subtracted from the one-hot vector went through softmax a second time.",
       "softmax is called on something that is already a probability", softmax_once},
      {.output = {{"w (e - softmax(p))", score_of_probs}}});
  add({"score-through-softmax",
       "The right vector went through the derivative of softmax once more, as if it were dL/dp.",
       "the vector one_hot - p is injected above the softmax, not at the logits", through_the_probs},
      {.output = {{"(diag p - p p^T) w (e - p)", [](const Step& s, Row d) {
                     score(s, d, s.w());
                     through_softmax(s, d);
                   }}}});
  add({"output-derivative-twice",
       "The right vector is multiplied by p (1 - p), the derivative of the output, which it already contains.",
       "a generic last layer multiplies by the derivative of its activation", through_the_probs,
       "output-derivative-twice", "496 (10)", "490 (10)"},
      {.output = {{"w (e - p) p (1 - p)", [](const Step& s, Row d) {
                     score(s, d, s.w());
                     for (std::size_t k = 0; k < d.size(); ++k) d[k] = d[k] * s.p()[k] * (1 - s.p()[k]);
                   }}}});
  add({"absolute-errors",
       "Every entry is positive: a magnitude, or a sum of squares, has lost the sign of one_hot - p.",
       "look for abs, or a square that was differentiated by hand", log_softmax},
      {.output = {{"w |e - p|", [](const Step& s, Row d) {
                     score(s, d, 1);
                     for (Number& x : d) x = s.w() * magnitude(x);
                   }}}});
  add({"one-unit-only", "Only one column has a gradient: the formula of a network with a single sigmoid output.",
       "the program injects y - p at one unit, as Pong with one output does", three_distributions, "one-unit-only",
       "496 (10)", "497 (10)"},
      {.output = {{"w (e - p) in the first column, 0 elsewhere",
                   [](const Step& s, Row d) { d[0] = s.w() * ((s.a() == 0 ? 1 : 0) - s.p()[0]); }},
                  {"w (e - p) in the last column, 0 elsewhere", [](const Step& s, Row d) {
                     d.back() = s.w() * ((s.a() + 1 == d.size() ? 1 : 0) - s.p().back());
                   }}}});
  add({"return-as-label", "The return stands where the label belongs: it is not multiplied with the whole vector.",
       "the target vector holds the return at the action", the_label, "return-as-label", "73 (0)", "79 (0)"},
      {.output = {{"w e - p", [](const Step& s, Row d) {
                     for (std::size_t k = 0; k < d.size(); ++k) d[k] = (k == s.a() ? s.w() : 0) - s.p()[k];
                   }}}});
  add({"weight-on-the-probs-only", "Only the probabilities are multiplied by the weight, the one-hot vector is not.",
       "a bracket is missing around one_hot - probs", chain_rule},
      {.output = {{"e - w p", [](const Step& s, Row d) {
                     for (std::size_t k = 0; k < d.size(); ++k) d[k] = (k == s.a() ? 1 : 0) - s.w() * s.p()[k];
                   }}}});
  add({"return-regressed-on-probs", "The probability of the action is fitted to the return, as if it were a value.",
       "the error is return minus probability", a_critic},
      {.output = {{"w - p_a at the action, 0 elsewhere", [](const Step& s, Row d) { d[s.a()] = s.w() - s.p_a(); }}}});
  add({"return-regressed-on-logits", "The logit of the action is fitted to the return, as a Q-value would be.",
       "the error is return minus output: that is Q-learning, not a policy gradient", a_critic},
      {.output = {{"w - z_a at the action, 0 elsewhere", [](const Step& s, Row d) {
                     d[s.a()] = s.all.z.empty() ? impossible : s.w() - s.all.z(s.t, s.a());
                   }}}});
}

}  // namespace rl
