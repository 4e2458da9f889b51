#pragma once
/// Writing as an environment: an episode is a word, a step a letter, and the reward comes with the end. The smallest
/// world in which one can do what is done with a language model.                 docs/16-tokens-are-actions.md

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "envs/discrete.hpp"
#include "envs/environment.hpp"
#include "envs/word_list.hpp"

namespace envs {

/// What an action means, and what is seen of a word: its last letters, each one-hot.
struct Alphabet {
  static constexpr int end = 26, action_count = 27;  // a to z, and the end
  static constexpr std::size_t seen = 4, symbols = 27, observation_size = seen * symbols;
  /// Which place of the observation is 1 for the letter that stands `back` from the end of a word (0: the last one);
  /// the 27th of a letter says that there is none.
  static std::size_t place(std::string_view word, std::size_t back) {
    const std::size_t symbol = back < word.size() ? static_cast<std::size_t>(word[word.size() - 1 - back] - 'a') : 26;
    return back * symbols + symbol;
  }
};

/// The rewards: what a word has to be. Of three letters at least, or the shortest answer would do. Each has a name in
/// the registry, Words-alternating and so on, and all have the same spec.
struct Alternating {  // no two vowels and no two consonants side by side
  static bool holds(std::string_view word);
};
struct Palindrome {  // the same from behind
  static bool holds(std::string_view word);
};
struct Ending {  // ends with "ing"
  static bool holds(std::string_view word);
};
struct FourLetters {
  static bool holds(std::string_view word);
};

///   action       0 to 25 writes a letter, 26 ends the word
///   observation  the last four letters, one-hot
///   reward       1 with the end of a word that is right, else 0
///   terminated   at the end; a word of 13 letters without one is cut off by the limit of 12 steps, and earns nothing
/// A reset gives the first letter: that of a word of the book, drawn from those for training.
template <class Reward>
class Words {
 public:
  static constexpr const char* name = "Words";
  static constexpr int action_count = Alphabet::action_count;
  static constexpr std::size_t observation_size = Alphabet::observation_size, max_episode_steps = 12;
  static constexpr double reward_threshold = 0.9;
  using Action = int;
  using Observation = std::array<Scalar, observation_size>;

  template <UniformSource Source>
  Observation reset(Source& source) {
    const auto& words = training_words();
    word_.assign(1, words[static_cast<std::size_t>(source.uniform() * static_cast<double>(words.size()))][0]);
    running_ = true;
    return observe();
  }
  /// Throws std::invalid_argument for an action outside 0 to 26, std::logic_error before a reset or after the end.
  Step<Observation> step(Action action) {
    check_step(name, action, action_count, running_);
    running_ = action != Alphabet::end;
    if (running_) word_ += static_cast<char>('a' + action);
    return {observe(), !running_ && Reward::holds(word_) ? Scalar(1) : Scalar(0), !running_, false};
  }
  const std::string& word() const { return word_; }

 private:
  Observation observe() const {
    Observation observation{};
    for (std::size_t back = 0; back < Alphabet::seen; ++back) observation[Alphabet::place(word_, back)] = 1;
    return observation;
  }

  std::string word_;
  bool running_ = false;
};

}  // namespace envs
