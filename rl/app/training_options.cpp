/// The options that a training reads, as --help shows them.
#include <algorithm>
#include <cstdint>
#include <limits>

#include "rl/app/option_table.hpp"
#include "rl/app/option_text.hpp"
#include "rl/app/options.hpp"

namespace rl {
namespace {

const std::string rate = "a number from 1e-30 to 1e30", share = "a number from 0 to 1";

/// A count has 32 bits in a browser.
constexpr auto most_timesteps =
    static_cast<std::size_t>(std::min<std::uint64_t>(1'000'000'000'000, std::numeric_limits<std::size_t>::max()));

bool is_rate(double v) {
  return v >= 1e-30 && v <= 1e30;
}
bool is_share(double v) {
  return v >= 0 && v <= 1;
}

void add_what(OptionTable& add, TrainingSettings& settings, std::size_t& seeds) {
  add.group = "Training";
  add.count("--seed", "N", settings.seed, std::uint64_t{0}, std::numeric_limits<std::uint64_t>::max(),
            "Seed of everything random", "2^64-1");
  add.count<std::size_t>(
      "--seeds", "N", seeds, 1, 1'000'000,
      "Train N seeds, from --seed on, and print the distribution; writes seeds.csv and learning_curves.csv");
  add.count<std::size_t>("--total-timesteps", "STEPS", settings.total_timesteps, 1, most_timesteps,
                         "Stop after so many environment steps, solved or not");
  add.choice("--algorithm", settings.algorithm, algorithm_names(!settings.rewards.empty()),
             "Each has defaults of its own");
}

void add_update(OptionTable& add, TrainingSettings& settings) {
  add.choice("--baseline", settings.baseline, {"none", "running-mean", "leave-one-out", "value"},
             "REINFORCE: what is taken from the returns");
  add.choice("--returns", settings.returns, {"reward-to-go", "total"},
             "REINFORCE: what weighs a step, the rewards from it on or all of them");
  add.choice("--optimizer", settings.optimizer, {"adam", "sgd"}, "sgd wants a --learning-rate of its own");
  add.real("--learning-rate", "X", settings.learning_rate, rate, "Step size of the optimizer", is_rate);
  add.count<std::size_t>("--episodes-per-update", "N", settings.episodes_per_update, 1, 1'000'000,
                         "Whole episodes played per update");
  add.real("--gamma", "X", settings.gamma, share, "Discount per time step", is_share);
  add.real("--entropy-coefficient", "X", settings.entropy_coefficient, "a number from 0 to 1e6",
           "Weight of the entropy bonus, in units of return per nat", [](double v) { return v >= 0 && v <= 1e6; });
}

void add_critic(OptionTable& add, TrainingSettings& settings) {
  add.real("--gae-lambda", "X", settings.gae_lambda, share, "Actor-critic, PPO: 0 trusts the critic, 1 the returns",
           is_share);
  add.real("--critic-learning-rate", "X", settings.critic_learning_rate, rate,
           "Actor-critic, PPO, --baseline value: step size of the value network's Adam", is_rate);
  add.count<std::size_t>("--critic-steps", "N", settings.critic_steps, 1, 1'000'000,
                         "Actor-critic, --baseline value: steps of the value network per update");
  add.real("--clip", "X", settings.clip, "a number above 0, at most 10", "PPO: how far a probability ratio may leave 1",
           [](double v) { return v > 0 && v <= 10; });
  add.count<std::size_t>("--epochs", "N", settings.epochs, 1, 10'000, "PPO: passes over the steps of an update");
  add.count<std::size_t>("--minibatch-size", "STEPS", settings.minibatch_size, 1, 1'000'000'000,
                         "PPO: steps of one gradient");
}

void add_network(OptionTable& add, TrainingSettings& settings) {
  add.group = "Network";
  add.option("--hidden", "W,W,...", join_sizes(settings.hidden), "Widths of the hidden layers, or none",
             [&settings](const std::string& text) {
               if (!split_sizes(text, settings.hidden))
                 refuse("--hidden", "widths from 1 to 65536, like 32 or 32,32, or none", text);
             });
  add.choice("--activation", settings.activation, {"tanh", "relu"}, "Of the hidden layers");
}

void add_post_training(OptionTable& add, TrainingSettings& settings) {
  add.choice("--advantage", settings.advantage, {"rloo", "group-mean", "grpo", "reinforce"},
             "Post-training: what becomes of a return in its group");
  add.count<std::size_t>("--group-size", "N", settings.group_size, 1, 1'000'000,
                         "Post-training: episodes with the same start");
  add.choice("--length-normalisation", settings.length_normalisation, {"none", "own", "batch", "constant"},
             "Post-training: what the sum over the steps is divided by, beside the number of episodes");
  add.real("--kl", "X", settings.kl, "a number from 0 to 1e6",
           "Post-training: what a nat of distance to the first policy costs",
           [](double v) { return v >= 0 && v <= 1e6; });
  add.choice("--kl-estimator", settings.kl_estimator, {"k1-in-reward", "k1-in-loss", "k2-in-loss", "k3-in-loss"},
             "Post-training: how that distance is estimated, and where it stands");
}

/// Of the program that has words to learn from.
void add_words(OptionTable& add, TrainingSettings& settings) {
  add.choice("--reward", settings.reward, settings.rewards, "What a word has to be");
  add.count<std::size_t>("--pretraining-epochs", "N", settings.pretraining_epochs, 0, 1'000'000,
                         "Passes over the words of the book before any reward");
}

}  // namespace

std::vector<std::string> algorithm_names(bool post_training) {
  std::vector<std::string> names = {"reinforce", "actor-critic", "ppo"};
  if (post_training) names.emplace_back("post-training");
  return names;
}

void add_training_options(OptionTable& add, TrainingSettings& settings, std::size_t& seeds) {
  add_what(add, settings, seeds);
  add_update(add, settings);
  add_critic(add, settings);
  add_network(add, settings);
  if (settings.rewards.empty()) return;
  add.group = "Words";
  add_words(add, settings);
  add_post_training(add, settings);
}

}  // namespace rl
