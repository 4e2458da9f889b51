#pragma once
/// The tables of verdicts, in the order of docs/diagnose.md, section 5; and where each sends the reader.
///
/// The figures in them are those of docs/what-cartpole-hides.md. tests/rl/diagnose/test_diagnose_pages.cpp compares
/// them, and looks whether every page has the heading that is named here.

#include <span>
#include <string_view>

#include "rl/diagnose/diagnose.hpp"

namespace rl {

extern const std::span<const Verdict> injected_verdicts, returned_verdicts, gaussian_verdicts, numbers_verdicts,
    layers_verdicts;

/// CartPole's mean return without a mistake.
inline constexpr std::string_view right_adam = "499", right_sgd = "500";

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
    the_cart = "docs/08-cartpole.md, section 1: The world",
    quietest_baseline = "docs/10-baselines-and-entropy.md, section 2: The quietest baseline",
    others_mean = "docs/10-baselines-and-entropy.md, section 3: The others' mean",
    a_critic = "docs/10-baselines-and-entropy.md, section 4: A critic",
    entropy = "docs/10-baselines-and-entropy.md, section 5: Entropy",
    density = "docs/one-theorem.md, section 1: From a probability to a density",
    three_heads = "docs/one-theorem.md, section 3: Three heads",
    log_sigma = "docs/one-theorem.md, section 4: Learn log sigma",
    several_numbers = "docs/one-theorem.md, section 5: Several numbers in one action",
    drawing = "docs/one-theorem.md, section 6: Drawing an action",
    bounds = "docs/one-theorem.md, section 8: Bounds belong to the world",
    streams = "docs/13-same-seed-same-bits.md, section 5: Random numbers that belong to an episode",
    three_weights = "docs/worlds.md: One line, three weights";
}  // namespace pages

}  // namespace rl
