#include "rl/training/pretraining.hpp"

#include <cmath>
#include <map>
#include <memory>
#include <numbers>
#include <string>
#include <utility>

#include "envs/words.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "rl/policy_gradient.hpp"
#include "rl/seeds.hpp"

namespace rl {
namespace {

using envs::Alphabet;

/// What comes after the first `letters` letters of a word.
int next_of(std::string_view word, std::size_t letters) {
  return letters < word.size() ? word[letters] - 'a' : Alphabet::end;
}

}  // namespace

Batch batch_of_words(std::span<const std::string_view> words) {
  Batch batch;
  std::size_t steps = 0;
  for (const std::string_view word : words) {
    batch.episodes.push_back({steps, word.size() + 1, true, false});
    steps += word.size() + 1;
  }
  batch.states.resize(Alphabet::observation_size, steps);
  batch.actions.resize(1, steps);
  batch.rewards.assign(steps, 0);
  for (std::size_t i = 0; i < words.size(); ++i)
    for (std::size_t t = 0; t <= words[i].size(); ++t) {
      const std::size_t column = batch.episodes[i].first + t;
      for (std::size_t back = 0; back < Alphabet::seen; ++back)
        batch.states(Alphabet::place(words[i].substr(0, t), back), column) = 1;
      batch.actions(0, column) = static_cast<Scalar>(next_of(words[i], t));
    }
  return batch;
}

// #region likelihood
void accumulate_log_likelihood(Policy& policy, const Batch& data) {
  nn::Activations activations;
  policy.network.feedforward(data.states, activations);
  const nn::Vector ones(data.steps(), 1);                               // no return: every letter of the data is right
  accumulate_policy_gradient(policy, activations, data.actions, ones);  // (one_hot - probs) * 1
}
// #endregion likelihood

void pretrain(Policy& policy, std::uint64_t seed, const PretrainingOptions& options) {
  const auto adam = [&] { return std::make_unique<nn::Adam>(nn::AdamOptions{.learning_rate = options.learning_rate}); };
  PolicyOptimizer optimizer(adam(), adam());
  std::vector<std::string_view> words = envs::training_words();
  for (std::size_t epoch = 0; epoch < options.epochs; ++epoch) {
    nn::Random rng = EpisodeSeeds{seed, SeedPurpose::pretraining, epoch}.of(0);
    for (std::size_t i = words.size(); i > 1; --i)  // Fisher and Yates
      std::swap(words[i - 1], words[static_cast<std::size_t>(rng.uniform() * static_cast<double>(i))]);
    for (std::size_t first = 0; first < words.size(); first += options.words_per_step) {
      const std::size_t count = std::min(options.words_per_step, words.size() - first);
      policy.zero_gradients();
      accumulate_log_likelihood(policy, batch_of_words(std::span(words).subspan(first, count)));
      optimizer.ascend(policy);
    }
  }
}

double bits_per_letter(Policy& policy, std::span<const std::string_view> words) {
  const Batch data = batch_of_words(words);
  nn::Activations activations;
  nn::Vector log_probs(data.steps());
  policy.distribution->log_prob(policy.network.feedforward(data.states, activations), data.actions, log_probs);
  return -static_cast<double>(nn::sum(log_probs)) / std::numbers::ln2 / static_cast<double>(data.steps());
}

double bits_per_letter_of_counts(std::size_t order, std::span<const std::string_view> train,
                                 std::span<const std::string_view> words) {
  std::map<std::pair<std::string, int>, double> counts;  // of a history with what follows; -1: of the history itself
  const auto history = [](std::string_view word, std::size_t letters, std::size_t length) {
    const std::string padded = std::string(length, ' ') + std::string(word.substr(0, letters));
    return padded.substr(padded.size() - length);
  };
  for (const std::string_view word : train)
    for (std::size_t t = 0; t <= word.size(); ++t)
      for (std::size_t length = 0; length < order; ++length) {
        const std::string before = history(word, t, length);
        counts[{before, next_of(word, t)}] += 1, counts[{before, -1}] += 1;
      }
  double bits = 0, letters = 0;
  for (const std::string_view word : words)
    for (std::size_t t = 0; t <= word.size(); ++t) {
      double p = 1. / Alphabet::action_count;
      for (std::size_t length = 0; length < order; ++length) {
        const std::string before = history(word, t, length);
        p = (counts[{before, next_of(word, t)}] + 5 * p) / (counts[{before, -1}] + 5);
      }
      bits -= std::log2(p), letters += 1;
    }
  return bits / letters;
}

}  // namespace rl
