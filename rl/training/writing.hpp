#pragma once
/// What a policy writes in the world of words, and how far that is from what its reference would have written.

#include <string>
#include <vector>

#include "rl/training/learner.hpp"

namespace rl {

/// Means over fresh words.
struct Writing {
  std::vector<std::string> words;  // those that were cut off end in a dash
  double reward = 0, length = 0;   // of a word; its letters, the first one included
  double wrong_length = 0;         // the same of those that earn nothing; 0 when there are none
  double entropy = 0;              // of the policy, over the letters, in nats
  double kl = 0;                   // of a word: KL(policy, reference), summed over its letters, in nats
  double distinct = 0;             // share of the words that are unlike all before them
};

/// Words that no training sees, with sampled letters; `round` tells calls apart.
Writing write_words(Learner& learner, std::size_t count, std::uint64_t round);

/// One of them, letter by letter: what was drawn with which probability, and what was likeliest.
std::string letter_by_letter(Learner& learner, std::size_t number);

}  // namespace rl
