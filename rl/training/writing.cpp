#include "rl/training/writing.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "envs/registry.hpp"
#include "envs/words.hpp"
#include "nn/softmax.hpp"

namespace rl {
namespace {

using envs::Alphabet;

/// The last letter of the word that a state shows.
char last_letter(ConstMatrixView states, std::size_t column) {
  std::size_t letter = 0;
  while (states(letter, column) == 0) ++letter;
  return static_cast<char>('a' + letter);
}

/// Keeps what is written side by side, and adds up what the two policies think of it.
class Writer : public Recorder {
 public:
  Writer(Writing& writing, nn::Network reference, std::size_t words)
      : writing_(writing), reference_(std::move(reference)), words_(words) {}
  nn::Activations& activations(std::size_t) override { return activations_; }
  std::size_t letters() const { return letters_; }

  void record(const Player& player, std::size_t t) override {
    const ConstMatrixView states = activations_.states().dense();
    nn::Matrix log_p(Alphabet::action_count, words_.size()), log_q(Alphabet::action_count, words_.size());
    nn::log_softmax(activations_.outputs(), log_p);
    nn::log_softmax(reference_.feedforward(states), log_q);
    for (std::size_t n = 0; n < words_.size(); ++n) {
      if (!player.was_running()[n]) continue;
      if (t == 0) words_[n] = last_letter(states, n);
      for (std::size_t k = 0; k < log_p.rows(); ++k) {
        const auto log = static_cast<double>(log_p(k, n)), p = std::exp(log);
        writing_.entropy -= p * log;
        writing_.kl += p * (log - static_cast<double>(log_q(k, n)));
      }
      ++letters_;
      const int action = static_cast<int>(player.actions()(0, n));
      if (action != Alphabet::end) words_[n] += static_cast<char>('a' + action);
      const auto reward = static_cast<double>(player.rewards()[n]), length = static_cast<double>(words_[n].size());
      writing_.reward += reward;
      if (player.running()[n]) continue;
      writing_.length += length;
      writing_.wrong_length += reward == 0 ? length : 0;
      if (action != Alphabet::end) words_[n] += '-';
    }
  }
  const std::vector<std::string>& words() const { return words_; }

 private:
  Writing& writing_;
  nn::Network reference_;
  nn::Activations activations_;
  std::vector<std::string> words_;
  std::size_t letters_ = 0;
};

Player player_of(const Learner& learner, std::size_t num_envs) {
  const Experiment& experiment = learner.experiment();
  return {envs::make_vec(experiment.environment, num_envs), experiment.observation_scale};
}

/// What was drawn, and the three likeliest.
class Watcher : public Recorder {
 public:
  nn::Activations& activations(std::size_t) override { return activations_; }
  void record(const Player& player, std::size_t t) override {
    if (t == 0) word_ = last_letter(activations_.states().dense(), 0);
    nn::Matrix p(Alphabet::action_count, 1);
    nn::softmax(activations_.outputs(), p);
    const auto name = [](std::size_t k) { return k == Alphabet::end ? '.' : static_cast<char>('a' + k); };
    std::vector<std::size_t> order(p.rows());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return p(a, 0) > p(b, 0); });
    const auto drawn = static_cast<std::size_t>(player.actions()(0, 0));
    text_ += fmt::format("  {:<13}{} {:.2f}    of ", word_, name(drawn), p(drawn, 0));
    for (std::size_t i = 0; i < 4; ++i) text_ += fmt::format(" {} {:.2f} ", name(order[i]), p(order[i], 0));
    text_.back() = '\n';
    if (drawn != Alphabet::end) word_ += name(drawn);
    reward_ += static_cast<double>(player.rewards()[0]);
  }
  std::string text() const { return fmt::format("{}: reward {:.0f}\n{}", word_, reward_, text_); }

 private:
  nn::Activations activations_;
  std::string word_, text_;
  double reward_ = 0;
};

}  // namespace

Writing write_words(Learner& learner, std::size_t count, std::uint64_t round) {
  Writing writing;
  std::size_t letters = 0;
  Player player = player_of(learner, std::min<std::size_t>(count, 128));
  for (std::size_t first = 0; first < count; first += player.size()) {
    const std::size_t some = std::min(player.size(), count - first);
    Writer writer(writing, learner.reference().network, some);
    const EpisodeSeeds seeds{learner.settings().seed, SeedPurpose::evaluation, round};
    player.play(learner.policy(), seeds, first, some, false, writer);
    letters += writer.letters();
    writing.words.insert(writing.words.end(), writer.words().begin(), writer.words().end());
  }
  const auto words = static_cast<double>(count);
  writing.entropy /= static_cast<double>(letters);
  if (writing.reward < words) writing.wrong_length /= words - writing.reward;
  for (double* sum : {&writing.reward, &writing.length, &writing.kl}) *sum /= words;
  writing.distinct =
      static_cast<double>(std::set<std::string>(writing.words.begin(), writing.words.end()).size()) / words;
  return writing;
}

std::string letter_by_letter(Learner& learner, std::size_t number) {
  Player player = player_of(learner, 1);
  Watcher watcher;
  const TrainingSettings& settings = learner.settings();
  player.play(learner.policy(), {settings.seed, SeedPurpose::evaluation, 0}, number, 1, settings.greedy, watcher);
  return watcher.text();
}

}  // namespace rl
