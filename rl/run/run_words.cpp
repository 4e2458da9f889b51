/// A language model of letters: make run-words.
///
/// First it learns to write as the book does, by cross-entropy; then to earn a reward, by the policy gradient. Both
/// inject (one_hot - probs) times a number: docs/16-tokens-are-actions.md.

#include <fmt/core.h>

#include "envs/words.hpp"
#include "rl/run/program.hpp"
#include "rl/training/pretraining.hpp"
#include "rl/training/writing.hpp"

namespace {

void show(const char* when, rl::Learner& learner) {
  const rl::Writing writing = rl::write_words(learner, 1000, 0);
  fmt::print("{}:", when);
  for (std::size_t i = 0; i < 8; ++i) fmt::print(" {}", writing.words[i]);
  fmt::print(
      "\n{:8}reward {:.3f}, {:.2f} letters, {:.2f} bits a letter of held-out words; of 1000 words {:.0f} are "
      "different\n{:8}entropy {:.3f} nats a letter, KL to the pretrained policy {:.2f} nats a word\n",
      "", writing.reward, writing.length, rl::bits_per_letter(learner.policy(), envs::held_out_words()),
      1000 * writing.distinct, "", writing.entropy, writing.kl);
}

void before(rl::Learner& learner) {
  const auto &train = envs::training_words(), &held_out = envs::held_out_words();
  fmt::print(
      "pretrained on {} words of the book: {:.2f} bits a letter of {} held-out words; counts of bigrams {:.2f}, of "
      "trigrams {:.2f}\n",
      train.size(), rl::bits_per_letter(learner.policy(), held_out), held_out.size(),
      rl::bits_per_letter_of_counts(2, train, held_out), rl::bits_per_letter_of_counts(3, train, held_out));
  show("before", learner);
}

void watch(rl::Learner& learner) {
  for (std::size_t number = 0; number < 6; ++number) fmt::print("{}\n", rl::letter_by_letter(learner, number));
}

}  // namespace

int main(int argc, char** argv) {
  return rl::run_program(
      argc, argv,
      {"run_words", "Trains a network to write words as the book does, then to write such as earn a reward."}, "Words",
      {.before = before, .after = [](rl::Learner& learner) { show("after", learner); }, .watch = watch});
}
