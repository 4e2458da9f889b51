#include "rl/watch/watch.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

#include "envs/registry.hpp"
#include "nn/arithmetic/elementary.hpp"
#include "rl/gaussian.hpp"
#include "rl/watch/scene.hpp"

namespace rl {
namespace {

/// What the policy thinks of one state: the probability of every action.
std::vector<Thought> probabilities(Distribution& distribution, ConstMatrixView outputs, const envs::EnvSpec& spec) {
  const auto names = action_names(spec.id, spec.action_count);
  std::vector<Thought> thoughts;
  for (std::size_t k = 0; k < spec.action_count; ++k) {
    const auto action = static_cast<Scalar>(k);
    Scalar log_prob = 0;
    distribution.log_prob(outputs, {&action, 1, 1}, {&log_prob, 1});
    const auto p = static_cast<double>(nn::exp(log_prob));
    thoughts.push_back({names[k], p, p});
  }
  return thoughts;
}

/// Mean and standard deviation of the first dimension. The bar of mu is its place between -2 sigma and 2 sigma of a
/// standard normal number: half full at 0.
std::vector<Thought> mean_and_sigma(Distribution& distribution, ConstMatrixView outputs, std::size_t dimensions) {
  Scalar entropy = 0;
  distribution.entropy(outputs, {&entropy, 1});
  const double log_sigma = static_cast<double>(entropy) / static_cast<double>(dimensions) - 1.4189385332046727;
  const double mu = static_cast<double>(outputs(0, 0)), sigma = std::exp(log_sigma);
  return {{"mu", mu, std::clamp(mu / 4 + 0.5, 0., 1.)}, {"sigma", sigma, std::min(sigma / 4, 1.)}};
}

/// Keeps every step of the one environment that plays.
class EpisodeRecorder : public Recorder {
 public:
  EpisodeRecorder(Recording& recording, Learner& learner, const Player& player)
      : recording_(recording), learner_(learner), player_(player) {}

  nn::Activations& activations(std::size_t) override {
    picture_ = player_.picture(0);  // before the step
    return activations_;
  }

  void record(const Player& player, std::size_t) override {
    const ConstMatrixView outputs = activations_.outputs();
    Distribution& distribution = *learner_.policy().distribution;
    const envs::EnvSpec& spec = player.spec();
    Frame frame{picture_, static_cast<double>(player.actions()(0, 0)), total_, {}};
    frame.thoughts = spec.action_count > 0 ? probabilities(distribution, outputs, spec)
                                           : mean_and_sigma(distribution, outputs, spec.action_size);
    recording_.frames.push_back(std::move(frame));
    total_ += static_cast<double>(player.rewards()[0]);
    if (!player.running()[0]) end(player);
  }

 private:
  void end(const Player& player) {  // where it ended
    Frame last = recording_.frames.back();
    last.total_reward = total_;
    last.observation = player.picture(0);
    recording_.frames.push_back(std::move(last));
  }

  Recording& recording_;
  Learner& learner_;
  const Player& player_;
  nn::Activations activations_;
  std::vector<double> picture_;
  double total_ = 0;
};

}  // namespace

Recording record_episode(Learner& learner, std::uint64_t number) {
  const Experiment& experiment = learner.experiment();
  Recording recording{experiment.environment, seconds_per_step(experiment.environment), {}};
  Player player(envs::make_vec(experiment.environment, 1), experiment.observation_scale);
  EpisodeRecorder recorder(recording, learner, player);
  const TrainingSettings& settings = learner.settings();
  player.play(learner.policy(), {settings.seed, SeedPurpose::evaluation, 0}, number, 1, settings.greedy, recorder);
  return recording;
}

int watch(Learner& learner, const std::string& output_svg) {
  const auto episode = [&](std::uint64_t number) { return record_episode(learner, number); };
  if (output_svg.empty()) return show(episode);
  write_animation(output_svg, episode(0));
  return 0;
}

}  // namespace rl
