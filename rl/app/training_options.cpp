/// The options that a training reads, as --help shows them.
#include <limits>

#include "rl/app/option_table.hpp"
#include "rl/app/option_text.hpp"
#include "rl/app/options.hpp"

namespace rl {
namespace {

const std::string rate = "a number from 1e-30 to 1e30", share = "a number from 0 to 1";

bool is_rate(double v) {
  return v >= 1e-30 && v <= 1e30;
}
bool is_share(double v) {
  return v >= 0 && v <= 1;
}

void add_what(OptionTable& add, Options& options) {
  add.group = "Training";
  add.count("--seed", "N", options.seed, std::uint64_t{0}, std::numeric_limits<std::uint64_t>::max(),
            "Seed of everything random", "2^64-1");
  add.count<std::size_t>(
      "--seeds", "N", options.seeds, 1, 1'000'000,
      "Train N seeds, from --seed on, and print the distribution; writes seeds.csv and learning_curves.csv");
  add.count<std::size_t>("--total-timesteps", "STEPS", options.total_timesteps, 1, 1'000'000'000'000,
                         "Stop after so many environment steps, solved or not");
  add.choice("--algorithm", options.algorithm, algorithm_names(), "Each has defaults of its own");
}

void add_update(OptionTable& add, Options& options) {
  add.choice("--baseline", options.baseline, {"none", "running-mean", "leave-one-out", "value"},
             "REINFORCE: what is taken from the returns");
  add.choice("--returns", options.returns, {"reward-to-go", "total"},
             "REINFORCE: what weighs a step, the rewards from it on or all of them");
  add.choice("--optimizer", options.optimizer, {"adam", "sgd"}, "sgd wants a --learning-rate of its own");
  add.real("--learning-rate", "X", options.learning_rate, rate, "Step size of the optimizer", is_rate);
  add.count<std::size_t>("--episodes-per-update", "N", options.episodes_per_update, 1, 1'000'000,
                         "Whole episodes played per update");
  add.real("--gamma", "X", options.gamma, share, "Discount per time step", is_share);
  add.real("--entropy-coefficient", "X", options.entropy_coefficient, "a number from 0 to 1e6",
           "Weight of the entropy bonus, in units of return per nat", [](double v) { return v >= 0 && v <= 1e6; });
}

void add_critic(OptionTable& add, Options& options) {
  add.real("--gae-lambda", "X", options.gae_lambda, share, "Actor-critic, PPO: 0 trusts the critic, 1 the returns",
           is_share);
  add.real("--critic-learning-rate", "X", options.critic_learning_rate, rate,
           "Actor-critic, PPO, --baseline value: step size of the value network's Adam", is_rate);
  add.count<std::size_t>("--critic-steps", "N", options.critic_steps, 1, 1'000'000,
                         "Actor-critic, --baseline value: steps of the value network per update");
  add.real("--clip", "X", options.clip, "a number above 0, at most 10", "PPO: how far a probability ratio may leave 1",
           [](double v) { return v > 0 && v <= 10; });
  add.count<std::size_t>("--epochs", "N", options.epochs, 1, 10'000, "PPO: passes over the steps of an update");
  add.count<std::size_t>("--minibatch-size", "STEPS", options.minibatch_size, 1, 1'000'000'000,
                         "PPO: steps of one gradient");
}

void add_network(OptionTable& add, Options& options) {
  add.group = "Network";
  add.option("--hidden", "W,W,...", join_sizes(options.hidden), "Widths of the hidden layers, or none",
             [&options](const std::string& text) {
               if (!split_sizes(text, options.hidden))
                 refuse("--hidden", "widths from 1 to 65536, like 32 or 32,32, or none", text);
             });
  add.choice("--activation", options.activation, {"tanh", "relu"}, "Of the hidden layers");
}

}  // namespace

const std::vector<std::string>& algorithm_names() {
  static const std::vector<std::string> names = {"reinforce", "actor-critic", "ppo"};
  return names;
}

void add_training_options(OptionTable& add, Options& options) {
  add_what(add, options);
  add_update(add, options);
  add_critic(add, options);
  add_network(add, options);
}

}  // namespace rl
