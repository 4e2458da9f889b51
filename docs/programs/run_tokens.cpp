/// The long table of docs/16-tokens-are-actions.md, every reward and every estimator in the world of words, from many
/// seeds: make run-tokens, or build/bin/run_tokens FIRST COUNT. Takes minutes.

#include <fmt/core.h>

#include <cmath>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "envs/words.hpp"
#include "rl/app/report.hpp"
#include "rl/categorical.hpp"
#include "rl/sampling/workers.hpp"
#include "rl/training/pretraining.hpp"
#include "rl/training/writing.hpp"

namespace {

using nn::Scalar, nn::Vector;

constexpr std::size_t updates = 100;

struct Line {
  std::string name;
  void (*set)(rl::TrainingSettings& settings);
};
const std::vector<Line>& lines() {
  using S = rl::TrainingSettings&;
  static const std::vector<Line> all = {
      {"RLOO", [](S) {}},
      {"GRPO without the length", [](S s) { s.advantage = "grpo"; }},
      {"GRPO / own length", [](S s) { s.advantage = "grpo", s.length_normalisation = "own"; }},
      {"GRPO / tokens of the batch", [](S s) { s.advantage = "grpo", s.length_normalisation = "batch"; }},
      {"RLOO / own length", [](S s) { s.length_normalisation = "own"; }},
      {"REINFORCE, no baseline", [](S s) { s.advantage = "reinforce"; }},
      {"RLOO, 4 steps on each batch", [](S s) { s.epochs = 4; }},
      {"RLOO, KL 0.05, k1 in reward", [](S s) { s.kl = 0.05; }},
      {"RLOO, KL 0.05, k1 in loss", [](S s) { s.kl = 0.05, s.kl_estimator = "k1-in-loss"; }},
      {"RLOO, KL 0.05, k2 in loss", [](S s) { s.kl = 0.05, s.kl_estimator = "k2-in-loss"; }},
      {"RLOO, KL 0.05, k3 in loss", [](S s) { s.kl = 0.05, s.kl_estimator = "k3-in-loss"; }},
  };
  return all;
}

/// What a policy writes: what is printed of it.
struct Measured {
  double reward, length, wrong_length, entropy, kl, bits, distinct;
};

rl::TrainingSettings settings_of(std::uint64_t seed) {
  rl::TrainingSettings settings;
  settings.algorithm = "post-training";
  settings.seed = seed;
  settings.hidden = {64};
  settings.episodes_per_update = settings.num_envs = 64;
  settings.learning_rate = 0.002;
  settings.epochs = 1;
  return settings;
}

/// Of one seed, which pretrains once for all lines.
rl::Experiment experiment_of(const std::string& reward, const rl::Policy& pretrained) {
  return {.environment = "Words-" + reward,
          .distribution = std::make_shared<rl::Categorical>(envs::Alphabet::action_count),
          .observation_scale = Vector(envs::Alphabet::observation_size, 1),
          .output_gain = Scalar(0.1),
          .pretrain = [&](rl::Policy& policy, std::uint64_t) { policy.copy_parameters(pretrained); }};
}

Measured measure(rl::Learner& learner) {
  const rl::Writing w = rl::write_words(learner, 500, 0);
  return {w.reward,  w.length, w.wrong_length,
          w.entropy, w.kl,     rl::bits_per_letter(learner.policy(), envs::held_out_words()),
          w.distinct};
}

const std::vector<std::string> rewards = {"alternating", "palindrome", "ending", "four-letters"};

/// Of one seed: for each reward the pretrained policy, and then every line.
std::vector<std::vector<Measured>> measure_seed(std::uint64_t seed) {
  const rl::TrainingSettings plain = settings_of(seed);
  nn::Random rng({seed, static_cast<std::uint64_t>(rl::SeedPurpose::weights)});
  const nn::Network network({envs::Alphabet::observation_size, 64, 27}, nn::Activation::tanh, rng, Scalar(0.1));
  rl::Policy pretrained(network, std::make_unique<rl::Categorical>(27));
  rl::pretrain(pretrained, seed, {});
  std::vector<std::vector<Measured>> found;
  for (const std::string& reward : rewards) {
    const rl::Experiment experiment = experiment_of(reward, pretrained);
    rl::Learner untrained(plain, experiment);
    found.push_back({measure(untrained)});
    for (const Line& line : lines()) {
      rl::TrainingSettings settings = plain;
      line.set(settings);
      rl::Learner learner(settings, experiment);
      for (std::size_t update = 1; update <= updates; ++update) learner.update(update);
      found.back().push_back(measure(learner));
    }
  }
  return found;
}

/// Mean over the seeds, and its standard error.
struct Mean {
  double mean, error;
};
Mean mean_of(const std::vector<Measured>& seeds, double Measured::*number) {
  double sum = 0, square = 0;
  for (const Measured& m : seeds) sum += m.*number, square += m.*number * (m.*number);
  const auto n = static_cast<double>(seeds.size());
  const double mean = sum / n;
  return {mean, n < 2 ? 0 : std::sqrt(std::max(0., square / n - mean * mean) / (n - 1))};
}

void print_row(const std::string& name, const std::vector<Measured>& seeds) {
  const Mean reward = mean_of(seeds, &Measured::reward);
  fmt::print("  {:30}{:7.3f} +- {:.3f}", name, reward.mean, reward.error);
  const Mean wrong = mean_of(seeds, &Measured::wrong_length);
  fmt::print("{:8.2f}{:8.2f} +- {:.2f}", mean_of(seeds, &Measured::length).mean, wrong.mean, wrong.error);
  fmt::print("{:9.2f}{:8.2f}{:8.2f}{:10.2f}\n", mean_of(seeds, &Measured::entropy).mean,
             mean_of(seeds, &Measured::kl).mean, mean_of(seeds, &Measured::bits).mean,
             mean_of(seeds, &Measured::distinct).mean);
}

void print_table(std::uint64_t first, std::size_t count) {
  std::vector<std::vector<std::vector<Measured>>> found(count);
  rl::Workers(std::max(1u, std::thread::hardware_concurrency())).run(count, [&](std::size_t, std::size_t i) {
    found[i] = measure_seed(first + i);
  });
  fmt::print("{} updates of 64 words, groups of 8, Adam 0.002; {} seeds from {} on, 500 words of each\n", updates,
             count, first);
  for (std::size_t r = 0; r < rewards.size(); ++r) {
    fmt::print("\n  {:30}{:>16}{:>8}{:>16}{:>9}{:>8}{:>8}{:>10}\n", rewards[r], "reward", "length", "length if wrong",
               "entropy", "KL", "bits", "different");
    for (std::size_t i = 0; i <= lines().size(); ++i) {
      std::vector<Measured> seeds;
      for (const auto& seed : found) seeds.push_back(seed[r][i]);
      print_row(i == 0 ? "pretrained" : lines()[i - 1].name, seeds);
    }
  }
}

/// A number that is typed. Throws std::invalid_argument.
std::uint64_t number(const std::string& text) {
  if (text.empty() || text.size() > 9 || text.find_first_not_of("0123456789") != std::string::npos)
    throw std::invalid_argument(fmt::format("expected a first seed and how many, got '{}'", text));
  return std::stoull(text);
}

}  // namespace

int main(int argc, char** argv) {
  return rl::guarded("run_tokens", [&] {
    const std::vector<std::string> words(argv + 1, argv + argc);
    try {
      if (!words.empty() && words.size() != 2)
        throw std::invalid_argument("expected a first seed and how many, or nothing");
      const std::uint64_t first = words.empty() ? 1000 : number(words[0]),
                          count = words.empty() ? 20 : number(words[1]);
      if (count == 0) throw std::invalid_argument("expected at least one seed, got 0");
      print_table(first, count);
    } catch (const std::invalid_argument& error) {
      fmt::print(stderr, "run_tokens: {}\nusage: run_tokens [FIRST COUNT]\n", error.what());
      return 2;
    }
    return 0;
  });
}
