#pragma once
/// How to learn: what a learner needs to know. Nothing of files, screens and command lines.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace rl {

/// Each has the name of its option. What an algorithm does not read may say anything. Read next: experiment.hpp.
struct TrainingSettings {
  std::uint64_t seed = 0;
  std::size_t total_timesteps = 0;  // then it stops, solved or not
  std::string algorithm = "reinforce";
  std::string baseline = "leave-one-out";
  std::string returns = "reward-to-go";
  std::string optimizer = "adam";
  double learning_rate = 0;
  double gamma = 1;
  double entropy_coefficient = 0;
  double gae_lambda = 0.95;
  double clip = 0.2;
  std::size_t epochs = 10;
  std::size_t minibatch_size = 64;
  std::vector<std::string> rewards;  // that an environment may be given, and the one it is given
  std::string reward;
  std::string advantage = "rloo";
  std::size_t group_size = 8;
  std::string length_normalisation = "none";
  double kl = 0;
  std::string kl_estimator = "k1-in-reward";
  std::size_t pretraining_epochs = 0;
  double critic_learning_rate = 0.01;
  std::size_t critic_steps = 20;
  std::vector<std::size_t> hidden;
  std::string activation = "tanh";
  std::size_t episodes_per_update = 1;
  std::size_t num_envs = 1;
  std::size_t threads = 1;
  std::size_t episodes = 100;  // of the evaluation
  bool greedy = false;
};

}  // namespace rl
