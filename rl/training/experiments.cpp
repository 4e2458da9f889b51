#include "rl/training/experiments.hpp"

#include <fmt/core.h>

#include <array>
#include <memory>
#include <stdexcept>

#include "envs/pong.hpp"
#include "envs/words.hpp"
#include "rl/bernoulli.hpp"
#include "rl/categorical.hpp"
#include "rl/gaussian.hpp"
#include "rl/training/pretraining.hpp"

namespace rl {
namespace {

/// An observation of a good episode is about 0.5 m, 0.5 m/s, 0.05 rad, 0.3 rad/s. Adam forgets quickly, because the
/// gradient of a few episodes soon belongs to another policy.
StandardExperiment cartpole() {
  return {{.environment = "CartPole-v1",
           .distribution = std::make_shared<Categorical>(2),
           .observation_scale = {2, 2, 16, 4},
           .output_gain = Scalar(0.01),
           .beta1 = Scalar(0.5),
           .beta2 = Scalar(0.9),
           .reward_scale = Scalar(0.0625)},
          "reinforce",
          [](TrainingSettings& settings) {
            settings.total_timesteps = 500'000;
            settings.hidden = {32};
            if (settings.algorithm == "reinforce") {
              settings.learning_rate = 0.04;
              settings.episodes_per_update = 8;
            } else {  // one episode is enough when a critic says what each step was worth
              settings.learning_rate = settings.algorithm == "ppo" ? 0.003 : 0.02;
              settings.critic_learning_rate = settings.algorithm == "ppo" ? 0.02 : 0.01;
              settings.critic_steps = 40;
              settings.gamma = 0.99;
              settings.gae_lambda = 0.98;
              settings.episodes_per_update = 1;
            }
          }};
}

/// The network gives the mean torque; its spread is learned.
StandardExperiment pendulum() {
  return {{.environment = "Pendulum-v1",
           .distribution = std::make_shared<Gaussian>(1, Spread::learned),
           .observation_scale = {1, 1, Scalar(0.25)},
           .output_gain = Scalar(0.01),
           .reward_scale = Scalar(0.0625)},
          "ppo",
          [](TrainingSettings& settings) {
            settings.total_timesteps = 1'000'000;
            settings.hidden = {64, 64};
            settings.episodes_per_update = 8;
            settings.activation = "relu";
            settings.baseline = "value";
            settings.gamma = 0.95;
            settings.learning_rate = settings.algorithm == "ppo" ? 0.003 : 0.01;
          }};
}

StandardExperiment acrobot() {
  return {{.environment = "Acrobot-v1",
           .distribution = std::make_shared<Categorical>(3),
           .observation_scale = {1, 1, 1, 1, Scalar(0.25), Scalar(0.125)},
           .output_gain = Scalar(0.01),
           .reward_scale = Scalar(0.0625)},
          "ppo",
          [](TrainingSettings& settings) {
            settings.total_timesteps = 500'000;
            settings.hidden = {64};
            settings.episodes_per_update = settings.algorithm == "ppo" ? 2 : 4;
            settings.baseline = "value";
            settings.gamma = 0.99;
            settings.learning_rate = 0.01;
          }};
}

StandardExperiment mountain_car() {
  return {{.environment = "MountainCar-v0",
           .distribution = std::make_shared<Categorical>(3),
           .observation_scale = {2, 32},
           .output_gain = Scalar(0.01),
           .reward_scale = Scalar(0.0625)},
          "ppo",
          [](TrainingSettings& settings) {
            settings.total_timesteps = 2'000'000;
            settings.hidden = {32};
            settings.num_envs = 16;
            settings.episodes_per_update = settings.algorithm == "ppo" ? 16 : 8;
            settings.baseline = "value";
            settings.gamma = 0.99;
            settings.learning_rate = 0.01;
          }};
}

/// Sigma starts at e^1.5 = 4.5, far beyond the bounds: nearly every force is full left or full right.
StandardExperiment mountain_car_continuous() {
  return {{.environment = "MountainCarContinuous-v0",
           .distribution = std::make_shared<Gaussian>(1, Spread::learned, Scalar(1.5)),
           .observation_scale = {2, 32},
           .output_gain = Scalar(0.01),
           .reward_scale = Scalar(0.0625)},
          "ppo",
          [](TrainingSettings& settings) {
            const bool ppo = settings.algorithm == "ppo";
            settings.total_timesteps = 1'000'000;
            settings.hidden = {64};
            settings.episodes_per_update = 4;
            settings.baseline = "value";
            settings.gamma = 0.999;
            settings.gae_lambda = ppo ? 0.99 : 0.95;
            settings.learning_rate = ppo ? 0.003 : settings.algorithm == "actor-critic" ? 0.01 : 0.005;
          }};
}

StandardExperiment corridor() {
  return {{.environment = "Corridor",
           .distribution = std::make_shared<Categorical>(2),
           .observation_scale = {1, 1, 1, 1, 1, 1},
           .output_gain = Scalar(0)},
          "reinforce",
          [](TrainingSettings& settings) {
            settings.total_timesteps = 100'000;
            settings.hidden = {};
            settings.episodes_per_update = settings.algorithm == "reinforce" ? 8 : 2;  // a critic needs no others
            settings.learning_rate = 0.1;
          }};
}

StandardExperiment bandit() {
  return {{.environment = "Bandit",
           .distribution = std::make_shared<Categorical>(3),
           .observation_scale = {1},
           .output_gain = Scalar(0)},
          "reinforce",
          [](TrainingSettings& settings) {
            settings.total_timesteps = 100'000;
            settings.hidden = {};
            settings.episodes_per_update = 8;
            settings.learning_rate = 0.1;
          }};
}

/// A language model of letters: it learns to write as the book does, then to earn a reward.
StandardExperiment words() {
  return {{.environment = "Words-alternating",
           .distribution = std::make_shared<Categorical>(envs::Alphabet::action_count),
           .observation_scale = nn::Vector(envs::Alphabet::observation_size, 1),
           .output_gain = Scalar(0.1)},
          "post-training",
          [](TrainingSettings& settings) {
            settings.rewards = {"alternating", "palindrome", "ending", "four-letters"};
            settings.reward = settings.rewards.front();
            settings.pretraining_epochs = 12;
            settings.total_timesteps = 500'000;
            settings.hidden = {64};
            settings.episodes_per_update = 64;
            settings.num_envs = 64;
            settings.learning_rate = 0.002;
            if (settings.algorithm != "post-training") return;
            settings.kl = 0.05;
            settings.epochs = 1;
          },
          [](Experiment& experiment, const TrainingSettings& settings) {
            experiment.environment = "Words-" + settings.reward;
            experiment.pretrain = [epochs = settings.pretraining_epochs](Policy& policy, std::uint64_t seed) {
              rl::pretrain(policy, seed, {.epochs = epochs});
            };
          }};
}

/// The network sees what has changed in 80 x 80 pixels. A point is an episode, and a game of 21 is the judge.
StandardExperiment pong() {
  return {{.environment = "Pong",
           .distribution = std::make_shared<Bernoulli>(),
           .observation_scale = nn::Vector(envs::Pong::observation_size, 1),
           .output_gain = 1,
           .training_environment = "PongPoint",
           .evaluations_to_solve = 2,
           .baseline_group = 128},
          "reinforce",
          [](TrainingSettings& settings) {
            const bool ppo = settings.algorithm == "ppo";
            settings.total_timesteps = 25'000'000;
            settings.hidden = {64};
            settings.learning_rate = ppo ? 0.001 : 0.006;
            settings.gamma = 0.95;  // a point is decided within some 20 decisions
            settings.entropy_coefficient = 0.01;
            settings.episodes_per_update = 128;
            settings.num_envs = 32;
            settings.critic_learning_rate = ppo ? 0.001 : 0.003;
            settings.critic_steps = 2;
            if (ppo) settings.epochs = 4, settings.minibatch_size = 1024;
          }};
}

constexpr std::array<std::string_view, 9> names = {
    "CartPole-v1", "Pendulum-v1", "Acrobot-v1", "MountainCar-v0", "MountainCarContinuous-v0", "Corridor",
    "Bandit",      "Words",       "Pong"};
constexpr std::array<StandardExperiment (*)(), 9> makers = {
    cartpole, pendulum, acrobot, mountain_car, mountain_car_continuous, corridor, bandit, words, pong};

}  // namespace

Experiment StandardExperiment::with(const TrainingSettings& settings) const {
  Experiment chosen = experiment;
  if (choose) choose(chosen, settings);
  return chosen;
}

StandardExperiment standard_experiment(std::string_view environment) {
  std::string listed;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == environment) return makers[i]();
    listed += fmt::format("{}{}", listed.empty() ? "" : ", ", names[i]);
  }
  throw std::invalid_argument(fmt::format("standard_experiment: expected one of {}, got '{}'", listed, environment));
}

std::span<const std::string_view> standard_environments() {
  return names;
}

}  // namespace rl
