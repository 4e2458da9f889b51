/// Numbers that are none, and actions that nobody sampled.

#include <algorithm>

#include "rl/diagnose/formulas.hpp"

namespace rl {
using namespace pages;

void Catalogue::number_mistakes() {
  add({"softmax-overflows", "The probabilities are not finite: e to the power of a large logit overflows.",
       "exp without subtracting the largest logit", softmax, "exp-overflows", "499 (10)", "500 (10)"});
  add({"logits-for-probabilities", "The columns p hold numbers that are no probabilities.",
       "logits were stored as probabilities; call them z0, z1, ... if they are; or e^z was not divided by its sum",
       softmax});
  add({"softmax-over-the-batch", "Softmax runs over the rows of the batch instead of the actions.",
       "axis=0 where axis=1 belongs", columns, "softmax-over-the-batch", "stops (0)", "stops (0)"});
  add({"probabilities-do-not-sum-to-one", "The probabilities of a row do not sum to 1.",
       "a sigmoid per output, or softmax of something else", softmax});
  add({"log-of-zero", "The logarithm of a probability that is exactly 0.", "log(softmax(z)), in place of log-softmax",
       softmax});
  add({"not-finite", "A number is not finite.", "the first operation that gives one; a learning rate that is too large",
       softmax});
  add({"reward-not-finite", "A reward is not finite.", "the environment, or an array that is read before it is written",
       the_cart});
  add({"weight-not-finite", "Some weights are not finite.", "a division by 0, or a return that overflows",
       what_follows});
  add({"whitened-one-step", "An episode of one step is whitened: its standard deviation is 0, or 0 / 0.",
       "whitening inside an episode, or std with n - 1", four_episodes});
  add({"whitened-equal-returns", "All returns are equal, and are divided by their standard deviation, 0.",
       "whitening without a small number in the denominator", others_mean});
  add({"acting-by-argmax", "The actions are the likeliest ones in every row; a policy gradient needs sampled ones.",
       "argmax where the action is chosen", loss_and_label, "acting-by-argmax", "287 (3)", "136 (1)"});
  add({"same-action-for-ever", "The same action in every row, although the probabilities say otherwise.",
       "a generator that is seeded anew at every draw", streams});
  add({"padded-steps-included", "Rows that only fill an episode up to the longest one push the policy too.",
       "a batch of padded episodes, and no mask in the loss", what_follows, "padded-steps-included", "98 (1)",
       "207 (4)"});
}

}  // namespace rl
