/// Verdicts on the number in front of each row, and on numbers and samples as such.

#include "rl/diagnose/verdicts.hpp"

namespace rl {
namespace {

using namespace pages;

// Returns.
constexpr Verdict returned[] = {
    {"immediate-reward-only", "Every step is weighed by its own reward; what comes later is not counted.",
     "there is no sum over later rewards", what_follows, "return-forgotten", "107 (2)", "24 (0)"},
    {"sum-reset-at-rewards",
     "The sum of rewards starts anew at every reward: a rule for Pong, where a reward ends a rally.",
     "if reward != 0: running_sum = 0", what_follows, "reset-at-every-reward", "107 (2)", "24 (0)"},
    {"rewards-not-summed", "The rewards are discounted, but not added up.", "gamma**t * reward, and no sum",
     what_follows, "rewards-not-summed", "107 (2)", "24 (0)"},
    {"rewards-summed-forwards", "The rewards are added up from the front: a step is weighed by what came before it.",
     "the loop over rewards runs forwards", what_follows, "past-rewards", "107 (2)", "12 (0)"},
    {"first-rewards-instead-of-last",
     "The first T - t rewards are summed instead of the last. With a constant reward nobody can see it.",
     "the slice of the reward list, or the range of its inner loop", returns_and_baselines,
     "first-rewards-instead-of-last", "499 (10)", "500 (10)"},
    {"reversed-inside-the-loop",
     "The list of returns is turned round at every step of the loop, so its order alternates.",
     "reverse() is indented one level too far", what_follows, "reversed-inside-the-loop", "245 (4)", "193 (3)"},
    {"return-one-step-late", "Every step has the return of the next one.",
     "the lists are shifted by one: a reward is stored one slot late", the_oracle, "return-one-step-late", "499 (10)",
     "498 (10)"},
    {"own-reward-missing", "The reward of the step itself is left out of its return.", "the sum starts at t + 1",
     what_follows, "", "", ""},
    {"last-reward-missing", "The last reward of the episode is left out.",
     "the loop stops when done is true, before it stores the reward", the_end, "", "", ""},
    {"return-crosses-episodes", "The return runs on into the next episode.",
     "the running sum is not set to 0 where an episode ends", the_end, "discount-crosses-episodes", "139 (2)",
     "17 (0)"},
    {"mean-log-prob-times-sum",
     "Every step has the same weight, the mean of the returns: credit is no longer assigned to steps.",
     "mean(log_prob) * sum(return), or a column of log_probs times a row of returns, broadcast to a table", the_oracle,
     "mean-log-prob-times-sum", "481 (9)", "497 (10)"},
    {"whitened-per-episode",
     "The returns are whitened within each episode: the later half of every episode is punished, however good it was.",
     "mean and standard deviation are taken over one episode", four_episodes, "whitened-per-episode", "499 (10)",
     "367 (0)"},
    {"own-mean-as-baseline",
     "The episode's own mean return is the baseline; it depends on the actions, so the gradient is biased.",
     "the mean is taken over one episode", four_episodes, "own-mean-as-baseline", "496 (10)", "465 (9)"},
    {"mean-within-each-episode", "Each episode is divided by its own length, so steps of short episodes count more.",
     "a mean over steps inside the loop over episodes", more_episodes, "mean-within-each-episode", "497 (10)",
     "325 (0)"},
    {"integer-return", "The returns are whole numbers: an integer adds them up.",
     "the type of the running sum, or of the reward array", the_end, "integer-sum", "107 (2)", "24 (0)"},
    {"total-discounted-by-time",
     "The return of the whole episode is multiplied by gamma^t: later steps count less, and still for everything.",
     "gamma**t times the episode's return", the_past, "", "", ""},
    {"discount-undone", "The return is divided by gamma^t.", "gamma**(-t), or a division by the discount", the_past, "",
     "", ""},
    {"discount-applied-twice", "The discount is applied twice at every step.", "gamma occurs twice in the loop",
     what_follows, "discount-applied-twice", "498 (10)", "491 (10)"},
    {"discount-forgotten", "The returns are not discounted, although the file says gamma.",
     "gamma is 1 where the returns are computed", what_follows, "", "", ""},
    {"another-gamma", "The returns are right for another gamma than the one in the file.",
     "where gamma is set, and where it is used", what_follows, "", "", ""},
};

// Numbers and samples.
constexpr Verdict numbers[] = {
    {"softmax-overflows", "The probabilities are not finite: e to the power of a large logit overflows.",
     "exp without subtracting the largest logit", softmax, "exp-overflows", "499 (10)", "500 (10)"},
    {"logits-for-probabilities", "The columns p hold numbers that are no probabilities.",
     "logits were stored as probabilities; call them z0, z1, ... if they are; or e^z was not divided by its sum",
     softmax, "", "", ""},
    {"softmax-over-the-batch", "Softmax runs over the rows of the batch instead of the actions.",
     "axis=0 where axis=1 belongs", columns, "", "", ""},
    {"probabilities-do-not-sum-to-one", "The probabilities of a row do not sum to 1.",
     "a sigmoid per output, or softmax of something else", softmax, "", "", ""},
    {"log-of-zero", "The logarithm of a probability that is exactly 0.", "log(softmax(z)), in place of log-softmax",
     softmax, "", "", ""},
    {"not-finite", "A number is not finite.", "the first operation that gives one; a learning rate that is too large",
     softmax, "", "", ""},
    {"reward-not-finite", "A reward is not finite.", "the environment, or an array that is read before it is written",
     the_cart, "", "", ""},
    {"weight-not-finite", "Some weights are not finite.", "a division by 0, or a return that overflows", what_follows,
     "", "", ""},
    {"whitened-one-step", "An episode of one step is whitened: its standard deviation is 0, or 0 / 0.",
     "whitening inside an episode, or std with n - 1", four_episodes, "", "", ""},
    {"whitened-equal-returns", "All returns are equal, and are divided by their standard deviation, 0.",
     "whitening without a small number in the denominator", others_mean, "", "", ""},
    {"acting-by-argmax", "The actions are the likeliest ones in every row; a policy gradient needs sampled ones.",
     "argmax where the action is chosen", loss_and_label, "acting-by-argmax", "287 (3)", "136 (1)"},
    {"same-action-for-ever", "The same action in every row, although the probabilities say otherwise.",
     "a generator that is seeded anew at every draw", streams, "", "", ""},
};

}  // namespace

constinit const std::span<const Verdict> returned_verdicts = returned;
constinit const std::span<const Verdict> numbers_verdicts = numbers;

}  // namespace rl
