#include "rl/training/learner.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "envs/registry.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "rl/actor_critic.hpp"
#include "rl/post_training.hpp"
#include "rl/ppo.hpp"
#include "rl/reinforce.hpp"
#include "rl/sampling/episode_sampler.hpp"
#include "rl/sampling/parallel_gradient.hpp"
#include "rl/training/evaluate.hpp"

namespace rl {
namespace {

std::vector<std::size_t> layer_sizes(const TrainingSettings& settings, const Experiment& experiment,
                                     std::size_t outputs) {
  std::vector<std::size_t> sizes{experiment.observation_scale.size()};
  sizes.insert(sizes.end(), settings.hidden.begin(), settings.hidden.end());
  sizes.push_back(outputs);
  return sizes;
}

nn::Network make_network(const TrainingSettings& settings, const Experiment& experiment, const envs::EnvSpec& spec) {
  nn::Random rng({settings.seed, static_cast<std::uint64_t>(SeedPurpose::weights)});
  return {layer_sizes(settings, experiment, experiment.distribution->outputs()),
          nn::activation_from_name(settings.activation), rng, experiment.output_gain, spec.nonzeros};
}

Baseline baseline_from_name(const std::string& name) {
  return name == "none" ? Baseline::none : name == "running-mean" ? Baseline::running_mean : Baseline::leave_one_out;
}

bool needs_critic(const TrainingSettings& settings) {
  if (settings.algorithm == "post-training") return false;
  return settings.algorithm != "reinforce" || settings.baseline == "value";
}

bool needs_reference(const TrainingSettings& settings, const Experiment& experiment) {
  return experiment.pretrain || settings.algorithm == "post-training";
}

Policy make_policy(const TrainingSettings& settings, const Experiment& experiment, const envs::EnvSpec& spec) {
  Policy policy(make_network(settings, experiment, spec), experiment.distribution->clone());
  if (experiment.pretrain) experiment.pretrain(policy, settings.seed);
  return policy;
}

TokenOptions token_options(const TrainingSettings& settings, std::size_t longest) {
  const std::string &advantage = settings.advantage, &length = settings.length_normalisation,
                    &kl = settings.kl_estimator;
  TokenOptions options{.group = settings.group_size, .longest = longest, .kl = static_cast<Scalar>(settings.kl)};
  options.advantage = advantage == "reinforce"    ? Advantage::reinforce
                      : advantage == "group-mean" ? Advantage::group_mean
                      : advantage == "grpo"       ? Advantage::grpo
                                                  : Advantage::rloo;
  options.length = length == "own"        ? LengthNormalisation::own
                   : length == "batch"    ? LengthNormalisation::batch
                   : length == "constant" ? LengthNormalisation::constant
                                          : LengthNormalisation::none;
  options.kl_estimator = kl.starts_with("k3")   ? KlEstimator::k3
                         : kl.starts_with("k2") ? KlEstimator::k2
                                                : KlEstimator::k1;
  options.kl_in_loss = kl.ends_with("in-loss");
  return options;
}

}  // namespace

Learner::Learner(const TrainingSettings& settings, const Experiment& experiment, const Between& between, Ranks& ranks)
    : ranks_(ranks),
      settings_(settings),
      experiment_(experiment),
      player_(envs::make_vec(experiment.trained_in(), settings.num_envs), experiment.observation_scale),
      judged_in_(envs::make_vec(experiment.environment, 1), experiment.observation_scale),
      policy_(make_policy(settings, experiment, player_.spec())),
      reference_(needs_reference(settings, experiment) ? std::make_unique<Policy>(policy_) : nullptr),
      optimizer_(make_optimizer(), make_optimizer()),
      critic_(needs_critic(settings) ? make_critic() : nullptr),
      algorithm_(make_algorithm(between)) {}

UpdateReport Learner::update(std::size_t number) {
  const auto overflowed = [&](const std::string& what) {
    return std::runtime_error(fmt::format("update {}: the numbers overflowed ({}); try a smaller --learning-rate{}",
                                          number, what, critic_ ? " or --critic-learning-rate" : ""));
  };
  try {
    UpdateReport report = algorithm_->update(settings_.seed, number);
    for (const Part& part : parts())  // a state that is saved can be gone on from
      if (nn::first_not_finite(part.parameters) < part.parameters.size())
        throw overflowed("the parameters of the " + part.name);
    return report;
  } catch (const std::invalid_argument& error) {
    throw overflowed(error.what());
  }
}

std::vector<double> Learner::play(std::size_t episodes, std::uint64_t round, bool greedy,
                                  const std::function<bool()>& stop) {
  const auto [first, count] = ranks_.share(episodes);
  Player player(judged_in_, std::clamp<std::size_t>(count, 1, 128));
  std::vector<double> returns(first, 0.);
  const auto asked = [&] { return ranks_.signal() != 0 || (stop && stop()); };
  const auto mine = evaluate(player, policy_, count, settings_.seed, round, greedy, asked, first);
  returns.insert(returns.end(), mine.begin(), mine.end());
  returns.resize(episodes);
  ranks_.exchange(episodes, [&](std::size_t episode, Parcel& parcel) { parcel(returns[episode]); });
  return returns;
}

std::vector<Learner::Part> Learner::parts() {
  std::vector<Part> parts{{"policy", policy_.network.parameters(), &optimizer_.of_network()}};
  if (const VectorView own = policy_.distribution->parameters(); !own.empty())
    parts.push_back({"head", own, &optimizer_.of_distribution()});  // as states of older versions call it
  if (critic_) parts.push_back({"critic", critic_->network().parameters(), &critic_->optimizer()});
  return parts;
}

std::unique_ptr<nn::Optimizer> Learner::make_optimizer() const {
  const auto rate = static_cast<Scalar>(settings_.learning_rate);
  if (settings_.optimizer == "sgd") return std::make_unique<nn::Sgd>(nn::SgdOptions{.learning_rate = rate});
  return std::make_unique<nn::Adam>(
      nn::AdamOptions{.learning_rate = rate, .beta1 = experiment_.beta1, .beta2 = experiment_.beta2});
}

std::unique_ptr<Critic> Learner::make_critic() const {
  nn::Random rng({settings_.seed, static_cast<std::uint64_t>(SeedPurpose::critic)});
  return std::make_unique<Critic>(nn::Network(layer_sizes(settings_, experiment_, 1), policy_.network.activation(), rng,
                                              1, player_.spec().nonzeros),
                                  static_cast<Scalar>(settings_.critic_learning_rate));
}

std::unique_ptr<Algorithm> Learner::make_post_training() {
  const std::size_t episodes = settings_.episodes_per_update;
  return std::make_unique<PostTraining>(
      policy_, optimizer_, std::make_unique<EpisodeSampler>(policy_, player_, episodes, settings_.group_size, ranks_),
      reference(),
      PostTrainingOptions{.tokens = token_options(settings_, spec().max_episode_steps),
                          .clip = static_cast<Scalar>(settings_.clip),
                          .epochs = settings_.epochs,
                          .entropy_coefficient = static_cast<Scalar>(settings_.entropy_coefficient)});
}

std::unique_ptr<Algorithm> Learner::make_algorithm(const Between& between) {
  if (settings_.algorithm == "post-training") return make_post_training();
  const auto gamma = static_cast<Scalar>(settings_.gamma), lambda = static_cast<Scalar>(settings_.gae_lambda);
  const auto entropy = static_cast<Scalar>(settings_.entropy_coefficient);
  const bool reinforce = settings_.algorithm == "reinforce", total_return = settings_.returns == "total";
  const std::size_t episodes = settings_.episodes_per_update;
  if (!critic_) {
    std::unique_ptr<GradientEstimator> gradient = std::make_unique<ParallelGradient>(
        policy_, player_, episodes, settings_.threads, experiment_.baseline_group, ranks_);
    if (between) gradient = between(policy_, std::move(gradient));
    return std::make_unique<Reinforce>(
        policy_, optimizer_, std::move(gradient),
        ReinforceOptions{gamma, episodes, baseline_from_name(settings_.baseline), total_return, entropy});
  }
  auto sampler = std::make_unique<EpisodeSampler>(policy_, player_, episodes, 1, ranks_);
  const AdvantageOptions advantage{gamma, reinforce ? Scalar(1) : lambda, experiment_.reward_scale,
                                   reinforce && total_return};
  if (settings_.algorithm == "ppo")
    return std::make_unique<Ppo>(
        policy_, optimizer_, *critic_, std::move(sampler), advantage,
        PpoOptions{static_cast<Scalar>(settings_.clip), settings_.epochs, settings_.minibatch_size, entropy});
  return std::make_unique<ActorCritic>(policy_, optimizer_, *critic_, std::move(sampler), advantage,
                                       ActorCriticOptions{settings_.critic_steps, entropy});
}

}  // namespace rl
