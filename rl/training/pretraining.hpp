#pragma once
/// Learning to write as the book writes: cross-entropy with the next letter of the data as label. It is the line that
/// REINFORCE injects, with the data's letter as the action and 1 in front of the score. docs/16-tokens-are-actions.md

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "rl/batch.hpp"
#include "rl/policy.hpp"

namespace rl {

/// Words as episodes: before each letter, and before the end, what envs::Words shows; the action is what comes next.
/// From the empty word on, so that the first letter is learned too. Rewards are 0.
Batch batch_of_words(std::span<const std::string_view> words);

/// Adds the gradient of  sum_t log pi(a_t | s_t)  over all letters of the data to the policy's gradients.
///                                                                                     Eq. (16.1)
void accumulate_log_likelihood(Policy& policy, const Batch& data);

struct PretrainingOptions {
  std::size_t epochs = 12, words_per_step = 32;
  Scalar learning_rate = Scalar(0.005);  // of Adam
};

/// Passes over the words for training in an order that `seed` draws, a step of Adam for every few of them.
void pretrain(Policy& policy, std::uint64_t seed, const PretrainingOptions& options);

/// The mean of -log2 pi(next | before) over the letters and ends of the words.
double bits_per_letter(Policy& policy, std::span<const std::string_view> words);

/// The same of a table of counts: how often did each letter follow the last order - 1? Where a history is rare, the one
/// that is a letter shorter has a say:  p(c | h) = (count(h c) + 5 p(c | shorter)) / (count(h) + 5),  down to 1 / 27.
/// order 2: bigrams. Read next: learner.hpp.
double bits_per_letter_of_counts(std::size_t order, std::span<const std::string_view> train,
                                 std::span<const std::string_view> words);

}  // namespace rl
