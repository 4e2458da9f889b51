/// The right shape around another label than the action taken.

#include <algorithm>

#include "rl/diagnose/formulas.hpp"

namespace rl {
using namespace pages;

void Catalogue::label_mistakes() {
  add({"label-is-the-likeliest", "The label is the likeliest action, not the one that was taken.",
       "argmax in the update", loss_and_label, "label-is-the-likeliest", "292 (3)", "35 (0)"},
      {.output = {{"w (one_hot(argmax p) - p)", [](const Step& s, Row d) { score(s, d, argmax(s), s.w()); }}}});
  add({"label-is-the-unlikeliest", "The label is the least likely action.",
       "argmin in the update, or argmax of a negative", the_label},
      {.output = {{"w (one_hot(argmin p) - p)", [](const Step& s, Row d) { score(s, d, argmin(s), s.w()); }}}});
  add({"label-of-the-step-before", "The label is the action of the row before: the list of actions is one step late.",
       "actions and states are appended at different places of the loop", loss_and_label},
      {.output = {{"w (one_hot(action one row above) - p)", [](const Step& s, Row d) {
                     score(s, d, s.all.action[s.t > 0 ? s.t - 1 : s.all.steps - 1], s.w());
                   }}}});
  add({"label-of-the-next-step", "The label is the action of the row after: the list of actions is one step early.",
       "actions and states are appended at different places of the loop", loss_and_label},
      {.output = {{"w (one_hot(action one row below) - p)", [](const Step& s, Row d) {
                     score(s, d, s.all.action[s.t + 1 < s.all.steps ? s.t + 1 : 0], s.w());
                   }}}});
  add({"probabilities-of-the-next-state", "The probabilities subtracted are those of the state after the step.",
       "next_states, or a variable that the step has already overwritten, in the update", loss_and_label,
       "next-state-with-action", "10 (0)", "19 (0)"},
      {.output = {{"w (e - p one row below)", [](const Step& s, Row d) {
                     const std::size_t next = s.t + 1;
                     const bool there = next < s.episode().first + s.episode().length;
                     for (std::size_t k = 0; k < d.size(); ++k)
                       d[k] = there ? s.w() * ((k == s.a() ? 1 : 0) - s.all.p(next, k)) : Number(0, HUGE_VAL);
                   }}}});
  add({"label-one-too-high", "The label is the action plus one.",
       "actions counted from 1 in one place and from 0 in another", the_label},
      {.output = {
           {"w (one_hot(a + 1) - p)", [](const Step& s, Row d) { score(s, d, (s.a() + 1) % d.size(), s.w()); }}}});
  add({"label-one-too-low", "The label is the action minus one.",
       "actions counted from 1 in one place and from 0 in another", the_label},
      {.output = {{"w (one_hot(a - 1) - p)",
                   [](const Step& s, Row d) { score(s, d, (s.a() + d.size() - 1) % d.size(), s.w()); }}}});
  add({"label-is-always-the-first", "The label is action 0 in every row.",
       "the variable that holds the action is overwritten, or never set", the_label},
      {.output = {{"w (one_hot(0) - p)", [](const Step& s, Row d) { score(s, d, 0, s.w()); }}}});
  add({"label-is-always-the-last", "The label is the last action in every row.",
       "an index of -1, or a variable that is overwritten", the_label},
      {.output = {{"w (one_hot(K - 1) - p)", [](const Step& s, Row d) { score(s, d, d.size() - 1, s.w()); }}}});
  add({"label-is-another-draw",
       "The label is an action, but not the one that was taken: drawn again for the update, or taken from elsewhere.",
       "the update samples an action", loss_and_label, "action-drawn-again", "195 (3)", "33 (0)"});
}

}  // namespace rl
