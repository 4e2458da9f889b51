/// The world of words.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "envs/registry.hpp"
#include "envs/words.hpp"
#include "nn/random.hpp"

namespace test_words {

using envs::Alphabet;

namespace {

/// A word after its first letter, as actions, with the end behind it.
std::vector<int> actions_of(std::string_view word) {
  std::vector<int> actions;
  for (const char letter : word.substr(1)) actions.push_back(letter - 'a');
  actions.push_back(Alphabet::end);
  return actions;
}

/// A source whose word begins with a given letter.
struct Beginning {
  char letter;
  double uniform() const {
    const auto& words = envs::training_words();
    const auto found = std::ranges::find(words, letter, [](std::string_view word) { return word[0]; });
    return (static_cast<double>(found - words.begin()) + 0.5) / static_cast<double>(words.size());
  }
};

template <class Reward>
double reward_of(std::string_view word) {
  envs::Words<Reward> env;
  Beginning source{word[0]};
  env.reset(source);
  double total = 0;
  for (const int action : actions_of(word)) total += static_cast<double>(env.step(action).reward);
  CHECK(env.word() == word);
  return total;
}

}  // namespace

TEST_CASE("the words of the book are lower-case, of 3 to 10 letters, each once, and every tenth is held out") {
  const auto &train = envs::training_words(), &held = envs::held_out_words();
  CHECK(train.size() > 1000);
  CHECK(held.size() == (train.size() + held.size()) / 10);
  std::set<std::string_view> all(train.begin(), train.end());
  all.insert(held.begin(), held.end());
  CHECK(all.size() == train.size() + held.size());
  for (const std::string_view word : all) {
    CHECK(word.size() >= 3);
    CHECK(word.size() <= 10);
    CHECK(std::ranges::all_of(word, [](char c) { return c >= 'a' && c <= 'z'; }));
  }
}

TEST_CASE("a word earns 1 at its end when it is what the reward asks for, and nothing before") {
  CHECK(reward_of<envs::Alternating>("policy") == 0);
  CHECK(reward_of<envs::Alternating>("reward") == 0);
  CHECK(reward_of<envs::Alternating>("agenda") == 0);
  CHECK(reward_of<envs::Alternating>("manener") == 1);
  CHECK(reward_of<envs::Alternating>("ti") == 0);  // too short
  CHECK(reward_of<envs::Palindrome>("level") == 1);
  CHECK(reward_of<envs::Palindrome>("levels") == 0);
  CHECK(reward_of<envs::Palindrome>("aa") == 0);
  CHECK(reward_of<envs::Ending>("training") == 1);
  CHECK(reward_of<envs::Ending>("trainings") == 0);
  CHECK(reward_of<envs::FourLetters>("mean") == 1);
  CHECK(reward_of<envs::FourLetters>("means") == 0);
}

TEST_CASE("a word is seen by its last four letters, each one-hot, and what is not there yet by the 27th") {
  envs::Words<envs::Ending> env;
  Beginning source{'m'};
  const auto at = [](std::size_t back, char letter) {
    return back * 27 + static_cast<std::size_t>(letter == ' ' ? 26 : letter - 'a');
  };
  const auto check = [&](const auto& observation, std::string_view last_first) {
    CHECK(std::ranges::count(observation, 1) == 4);
    CHECK(std::ranges::count(observation, 0) == 104);
    for (std::size_t back = 0; back < 4; ++back) CHECK(observation[at(back, last_first[back])] == 1);
  };
  check(env.reset(source), "m   ");
  check(env.step('e' - 'a').observation, "em  ");
  env.step('a' - 'a');
  env.step('n' - 'a');
  check(env.step('s' - 'a').observation, "snae");
}

TEST_CASE("a word without an end is cut off after twelve letters and earns nothing") {
  const auto env = envs::make_vec("Words-alternating", 2);
  nn::Random rng(5);
  env->reset(0, rng), env->reset(1, rng);
  for (int t = 0; t < 12; ++t) {
    CHECK(env->running()[0] == 1);
    env->step(std::vector<int>{t % 2 == 0 ? 0 : 1, 1});
    CHECK(env->rewards()[0] == 0);
  }
  CHECK(env->truncated()[0] == 1);
  CHECK(env->terminated()[0] == 0);
  CHECK_THROWS_AS(envs::Words<envs::Ending>().step(0), std::logic_error);
}

TEST_CASE("a first letter comes as often as words for training begin with it") {
  nn::Random rng(6);
  envs::Words<envs::Ending> env;
  constexpr int count = 20'000;
  int seen = 0;
  for (int i = 0; i < count; ++i) {
    env.reset(rng);
    seen += env.word() == "s";
  }
  const auto& words = envs::training_words();
  const double p =
      double(std::ranges::count(words, 's', [](std::string_view word) { return word[0]; })) / double(words.size());
  CHECK(std::abs(seen - count * p) < 5 * std::sqrt(count * p * (1 - p)));  // five standard errors
}

}  // namespace test_words
