#pragma once
/// A policy that learns: the network, the head, their optimizers and the algorithm, made from the options of a program.

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "nn/checkpoint.hpp"
#include "nn/network.hpp"
#include "nn/optimizer.hpp"
#include "rl/actor_critic.hpp"
#include "rl/app/options.hpp"
#include "rl/ppo.hpp"
#include "rl/reinforce.hpp"
#include "rl/sampling/rollout.hpp"

namespace rl {

/// What a program knows of its task and the options do not say.
template <class Env, class Head>
struct Task {
  Head head;
  /// The network sees observation * observation_scale, so that every input is about 1 in size. Powers of two: the
  /// saved policy takes unscaled observations and is the same to the last bit.
  std::array<Scalar, Env::observation_size> observation_scale;
  Scalar output_gain;                                 // small: the first policy is near uniform
  Scalar beta1 = Scalar(0.9), beta2 = Scalar(0.999);  // Adam's memory
  Scalar reward_scale = 1;  // what a critic sees of a reward, so that values are about 1 in size
};

template <envs::VectorEnvironment Env, PolicyHead Head>
class Learner {
 public:
  Learner(const Options& options, const Task<Env, Head>& task) : Learner(options, task, layer_sizes(options, task)) {}

  /// Update `number` (1, 2, ...). Throws std::runtime_error with that number when the numbers overflow.
  UpdateReport update(std::size_t number) {
    const auto overflowed = [&](const std::string& what) {
      return std::runtime_error(fmt::format("update {}: the numbers overflowed ({}); try a smaller --learning-rate{}",
                                            number, what, critic_ ? " or --critic-learning-rate" : ""));
    };
    try {
      UpdateReport report = algorithm_->update(options_.seed, number);
      for (const Part& part : parts())  // a state that is saved can be gone on from
        if (nn::first_not_finite(part.parameters) < part.parameters.size())
          throw overflowed("the parameters of the " + part.name);
      return report;
    } catch (const std::invalid_argument& error) {
      throw overflowed(error.what());
    }
  }

  /// The returns of fresh episodes; `round` tells evaluations apart.
  std::vector<double> play(std::size_t episodes, std::uint64_t round, bool greedy) {
    Lanes<Env, Head> lanes(std::min<std::size_t>(episodes, 128), task_.observation_scale);
    return evaluate(lanes, policy_, head_, episodes, options_.seed, round, greedy);
  }

  /// The policy for other programs: float32, for observations as the environment gives them.
  nn::SafeTensors checkpoint() {
    nn::SafeTensors content{{{"environment", Env::name},
                             {"activation", std::string(nn::name(policy_.activation()))},
                             {"distribution", std::string(Head::name)},
                             {"seed", fmt::format("{}", options_.seed)},
                             {"version", std::string(version)}},
                            nn::network_tensors(policy_, task_.observation_scale)};
    if (const auto own = head_.parameters(); !own.empty())
      content.tensors.push_back({"log_sigma", {own.size()}, {own.begin(), own.end()}});
    return content;
  }
  /// Throws std::runtime_error, with `path`, when a tensor is missing or has another shape; then nothing is loaded.
  void load(nn::SafeTensors content, const std::string& path) {
    std::vector<float> log_sigma;
    if (const auto own = head_.parameters(); !own.empty()) {
      const auto found = std::ranges::find(content.tensors, "log_sigma", &nn::Tensor::name);
      if (found == content.tensors.end() || found->data.size() != own.size() ||
          !std::ranges::all_of(found->data, [](float x) { return std::isfinite(x); }))
        throw std::runtime_error(
            fmt::format("{}: expected a tensor log_sigma with {} finite numbers", path, own.size()));
      log_sigma = found->data;
      content.tensors.erase(found);
    }
    nn::set_network_tensors(policy_, content.tensors, path, task_.observation_scale);
    std::ranges::transform(log_sigma, head_.parameters().begin(), [](float x) { return static_cast<Scalar>(x); });
  }

  /// All that the updates to come depend on, without rounding.
  std::vector<nn::DoubleTensor> memory() {
    std::vector<nn::DoubleTensor> numbers;
    for (const Part& part : parts()) {
      numbers.push_back({part.name, {part.parameters.size()}, {part.parameters.begin(), part.parameters.end()}});
      auto moments = part.optimizer->memory();
      numbers.push_back({part.name + ".optimizer", {moments.size()}, std::move(moments)});
    }
    auto own = algorithm_->memory();
    numbers.push_back({"algorithm", {own.size()}, std::move(own)});
    return numbers;
  }
  /// The inverse: goes on as the learner did whose memory it was, bit for bit. Throws std::runtime_error with `path`
  /// when the memory is of a learner with other options.
  void remember(const std::vector<nn::DoubleTensor>& numbers, const std::string& path) {
    const auto named = [&](const std::string& name) -> const std::vector<double>& {
      const auto found = std::ranges::find(numbers, name, &nn::DoubleTensor::name);
      if (found == numbers.end())
        throw std::runtime_error(fmt::format("{}: expected a tensor {}, got none", path, name));
      for (const double x : found->data)
        if (!std::isfinite(x))
          throw std::runtime_error(fmt::format("{}: tensor {}: expected finite numbers, got {}", path, name, x));
      return found->data;
    };
    for (const Part& part : parts()) {
      const auto& from = named(part.name);
      if (from.size() != part.parameters.size())
        throw std::runtime_error(fmt::format("{}: tensor {}: expected {} numbers, got {}", path, part.name,
                                             part.parameters.size(), from.size()));
      std::ranges::transform(from, part.parameters.begin(), [](double x) { return static_cast<Scalar>(x); });
    }
    try {
      for (const Part& part : parts())
        part.optimizer->remember(named(part.name + ".optimizer"), part.parameters.size());
      algorithm_->remember(named("algorithm"));
    } catch (const std::invalid_argument& error) {
      throw std::runtime_error(fmt::format("{}: {}", path, error.what()));
    }
  }

  nn::Network& policy() { return policy_; }
  Head& head() { return head_; }

 private:
  struct Part {
    std::string name;
    nn::VectorView parameters;
    nn::Optimizer* optimizer;
  };

  Learner(const Options& options, const Task<Env, Head>& task, std::vector<std::size_t> sizes)
      : options_(options),
        task_(task),
        weights_stream_({options.seed, static_cast<std::uint64_t>(Purpose::weights)}),
        policy_(sizes, nn::activation_from_name(options.activation), weights_stream_, task.output_gain),
        head_(task.head),
        optimizer_(make_optimizer()),
        head_optimizer_(make_optimizer()),
        algorithm_(make_algorithm(sizes)) {}

  static std::vector<std::size_t> layer_sizes(const Options& options, const Task<Env, Head>& task) {
    std::vector<std::size_t> sizes{Env::observation_size};
    sizes.insert(sizes.end(), options.hidden.begin(), options.hidden.end());
    sizes.push_back(task.head.outputs());
    return sizes;
  }

  std::vector<Part> parts() {
    std::vector<Part> parts{{"policy", policy_.parameters(), optimizer_.get()}};
    if (!head_.parameters().empty()) parts.push_back({"head", head_.parameters(), head_optimizer_.get()});
    if (critic_) parts.push_back({"critic", critic_->network().parameters(), &critic_->optimizer()});
    return parts;
  }

  std::unique_ptr<nn::Optimizer> make_optimizer() const {
    const auto rate = static_cast<Scalar>(options_.learning_rate);
    if (options_.optimizer == "sgd") return std::make_unique<nn::Sgd>(nn::SgdOptions{.learning_rate = rate});
    return std::make_unique<nn::Adam>(
        nn::AdamOptions{.learning_rate = rate, .beta1 = task_.beta1, .beta2 = task_.beta2});
  }

  std::unique_ptr<Algorithm> make_algorithm(std::vector<std::size_t> sizes) {
    const Policy<Head> policy{policy_, head_, *optimizer_, head_optimizer_.get()};
    const Lanes<Env, Head> lanes(options_.num_envs, task_.observation_scale);
    const auto gamma = static_cast<Scalar>(options_.gamma), lambda = static_cast<Scalar>(options_.gae_lambda);
    const auto entropy = static_cast<Scalar>(options_.entropy_coefficient);
    const bool reinforce = options_.algorithm == "reinforce";
    if (reinforce && options_.baseline != "value") {
      const Baseline baseline = options_.baseline == "none"           ? Baseline::none
                                : options_.baseline == "running-mean" ? Baseline::running_mean
                                                                      : Baseline::leave_one_out;
      return std::make_unique<Reinforce<Env, Head>>(
          policy, lanes,
          ReinforceOptions{gamma, options_.episodes_per_update, options_.threads, baseline, options_.returns == "total",
                           entropy});
    }
    sizes.back() = 1;
    nn::Random rng({options_.seed, static_cast<std::uint64_t>(Purpose::critic)});
    critic_ = std::make_unique<Critic>(nn::Network(std::move(sizes), policy_.activation(), rng),
                                       static_cast<Scalar>(options_.critic_learning_rate));
    const AdvantageOptions advantage{gamma, reinforce ? Scalar(1) : lambda, task_.reward_scale,
                                     options_.episodes_per_update, reinforce && options_.returns == "total"};
    if (options_.algorithm == "ppo")
      return std::make_unique<Ppo<Env, Head>>(
          policy, *critic_, lanes, advantage,
          PpoOptions{static_cast<Scalar>(options_.clip), options_.epochs, options_.minibatch_size, entropy});
    return std::make_unique<ActorCritic<Env, Head>>(policy, *critic_, lanes, advantage,
                                                    ActorCriticOptions{options_.critic_steps, entropy});
  }

  Options options_;
  Task<Env, Head> task_;
  nn::Random weights_stream_;
  nn::Network policy_;
  Head head_;
  std::unique_ptr<nn::Optimizer> optimizer_, head_optimizer_;
  std::unique_ptr<Critic> critic_;  // of the algorithms that have one
  std::unique_ptr<Algorithm> algorithm_;
};

}  // namespace rl
