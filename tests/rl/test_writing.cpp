/// What is said of a policy's words is what they are.
#include <doctest/doctest.h>

#include <cmath>
#include <set>
#include <sstream>

#include "envs/words.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "nn/softmax.hpp"
#include "rl/training/experiments.hpp"
#include "rl/training/learner.hpp"
#include "rl/training/writing.hpp"
#include "tests/support.hpp"

namespace test_writing {

using nn::Matrix;

namespace {

/// After a few updates, so that the policy is no longer its reference.
std::unique_ptr<rl::Learner> learner_of_words() {
  const rl::StandardExperiment words = rl::standard_experiment("Words");
  rl::TrainingSettings settings;
  settings.num_envs = 4, settings.seed = 5;
  settings.algorithm = "post-training";
  words.defaults(settings);
  settings.reward = "alternating";
  settings.hidden = {8};
  settings.pretraining_epochs = 1;
  settings.optimizer = "sgd", settings.learning_rate = 0.5;
  auto learner = std::make_unique<rl::Learner>(settings, words.with(settings));
  for (std::size_t number = 1; number <= 5; ++number) learner->update(number);
  return learner;
}

/// log pi of every next letter.
Matrix log_probs(nn::Network network, std::string_view word) {
  Matrix state(envs::Alphabet::observation_size, 1), result(envs::Alphabet::action_count, 1);
  for (std::size_t back = 0; back < envs::Alphabet::seen; ++back) state(envs::Alphabet::place(word, back), 0) = 1;
  nn::log_softmax(network.feedforward(state), result);
  return result;
}

}  // namespace

TEST_CASE("rewards, lengths, entropy and KL of what a policy writes are those of its words, letter by letter") {
  const auto learner = learner_of_words();
  constexpr std::size_t count = 300;  // in three rounds, the last of them with fewer
  const rl::Writing writing = rl::write_words(*learner, count, 7);
  REQUIRE(writing.words.size() == count);
  double reward = 0, length = 0, wrong = 0, wrong_length = 0, letters = 0, entropy = 0, kl = 0, cut = 0;
  for (std::string word : writing.words) {
    const bool ended = word.back() != '-';  // by itself, and not by the limit
    if (!ended) word.pop_back(), ++cut;
    const bool right = ended && envs::Alternating::holds(word);
    reward += right, wrong += !right;
    length += double(word.size());
    if (!right) wrong_length += double(word.size());
    for (std::size_t written = 1; written < word.size() + std::size_t(ended); ++written) {
      const Matrix p = log_probs(learner->policy().network, word.substr(0, written));
      const Matrix q = log_probs(learner->reference().network, word.substr(0, written));
      for (std::size_t k = 0; k < p.rows(); ++k) {
        entropy -= std::exp(double(p(k, 0))) * double(p(k, 0));
        kl += std::exp(double(p(k, 0))) * double(p(k, 0) - q(k, 0));
      }
      ++letters;
    }
  }
  CHECK(cut > 0);
  CHECK(reward >= 10);
  CHECK(wrong > 10);
  CHECK(kl > 0.1);
  const auto near = [](double x) { return doctest::Approx(x).epsilon(nn::is_double ? 1e-11 : 1e-3); };
  CHECK(writing.reward == near(reward / count));
  CHECK(writing.length == near(length / count));
  CHECK(writing.wrong_length == near(wrong_length / wrong));
  CHECK(writing.entropy == near(entropy / letters));
  CHECK(writing.kl == near(kl / count));
  const std::set<std::string> distinct(writing.words.begin(), writing.words.end());
  CHECK(distinct.size() < count);
  CHECK(writing.distinct == near(double(distinct.size()) / count));
}

TEST_CASE("a word letter by letter is the word, with the probability of what was drawn and the four likeliest") {
  const auto learner = learner_of_words();
  const auto words = rl::write_words(*learner, 12, 0).words;
  for (const std::size_t number : {std::size_t{0}, std::size_t{3}, std::size_t{11}}) {
    std::string word = words[number];
    const bool ended = word.back() != '-';
    if (!ended) word.pop_back();
    std::istringstream text(rl::letter_by_letter(*learner, number));
    std::string line, expected = word + (ended && envs::Alternating::holds(word) ? ": reward 1" : ": reward 0");
    std::getline(text, line);
    CHECK(line == expected);
    for (std::size_t written = 1; written < word.size() + std::size_t(ended); ++written) {
      const Matrix p = log_probs(learner->policy().network, word.substr(0, written));
      const auto name = [](std::size_t k) { return k == std::size_t(envs::Alphabet::end) ? '.' : char('a' + k); };
      const auto probability = [&](std::size_t k) { return std::exp(double(p(k, 0))); };
      std::string so_far, of;
      char drawn = 0;
      double chance = 0, before = 2;
      REQUIRE(bool(std::getline(text, line)));
      std::istringstream fields(line);
      fields >> so_far >> drawn >> chance >> of;
      CHECK(so_far == word.substr(0, written));
      CHECK(drawn == (written < word.size() ? word[written] : '.'));
      CHECK(std::abs(chance - probability(drawn == '.' ? 26 : std::size_t(drawn - 'a'))) < 0.0051);
      for (int i = 0; i < 4; ++i) {  // none that is not shown is likelier than one that is
        REQUIRE(bool(fields >> drawn >> chance));
        const double own = probability(drawn == '.' ? 26 : std::size_t(drawn - 'a'));
        CHECK(std::abs(chance - own) < 0.0051);
        CHECK(own <= before);
        std::ptrdiff_t likelier = 0;
        for (std::size_t k = 0; k < p.rows(); ++k) likelier += probability(k) > own && name(k) != drawn;
        CHECK(likelier == i);
        before = own;
      }
    }
    CHECK(!std::getline(text, line));
  }
}

TEST_CASE("of letters that are equally likely the first ones of the alphabet are shown") {
  const auto learner = learner_of_words();
  nn::fill(learner->policy().network.parameters(), 0);
  std::istringstream text(rl::letter_by_letter(*learner, 0));
  std::string line;
  std::getline(text, line);
  REQUIRE(bool(std::getline(text, line)));
  CHECK(line.ends_with("0.04    of  a 0.04  b 0.04  c 0.04  d 0.04"));
}

}  // namespace test_writing
