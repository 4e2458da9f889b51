#pragma once
/// The loop that every run program shares: train until solved, evaluate on fresh episodes, write the run folder.

#include <fmt/core.h>
#include <time.h>

#include <array>
#include <chrono>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "nn/checkpoint.hpp"
#include "nn/network.hpp"
#include "nn/optimizer.hpp"
#include "rl/actor_critic.hpp"
#include "rl/ppo.hpp"
#include "rl/reinforce.hpp"
#include "rl/report.hpp"
#include "rl/rollout.hpp"
#include "rl/run_folder.hpp"
#include "rl/terminal.hpp"

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

/// Of this thread, or of the process with all its threads.
inline double cpu_seconds(bool process) {
  timespec time{};
  clock_gettime(process ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// One policy and its training from one seed.
template <envs::VectorEnvironment Env, PolicyHead Head>
class Training {
 public:
  Training(const Options& options, const Task<Env, Head>& task) : Training(options, task, layer_sizes(options, task)) {}

  /// Trains until an evaluation reaches the threshold or the timesteps are used up. An evaluation is made whenever
  /// the episodes of an update reach the threshold themselves: 100 fresh episodes with sampled actions, on streams
  /// that training never uses. Throws std::runtime_error, with the update's number, when the numbers overflow.
  TrainingResult run(Progress& progress) {
    const auto start = std::chrono::steady_clock::now();
    const bool process = options_.threads > 1;
    const double cpu_start = cpu_seconds(process);
    const auto elapsed = [&] {
      return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    TrainingResult result;
    for (std::size_t update = 1; !result.solved && result.timesteps < options_.total_timesteps; ++update) {
      const UpdateReport report = checked_update(update);
      result.timesteps += report.timesteps;
      result.episodes += report.episodes;
      result.curve.push_back({update, result.timesteps, result.episodes, report.mean_return, report.entropy,
                              report.gradient_norm, elapsed()});
      if (progress.due(update)) progress.show(line(result));
      if (report.mean_return >= Env::reward_threshold) {
        result.evaluation = summarize(play(100, update, false), false);
        result.solved = result.evaluation.mean_return >= Env::reward_threshold;
      }
    }
    result.wall_seconds = elapsed();
    result.cpu_seconds = cpu_seconds(process) - cpu_start;
    if (!result.solved || options_.greedy || options_.episodes != 100)
      result.evaluation = summarize(play(options_.episodes, 0, options_.greedy), options_.greedy);
    progress.clear();
    return result;
  }

  /// The returns of fresh episodes; `round` tells evaluations apart.
  std::vector<double> play(std::size_t episodes, std::uint64_t round, bool greedy) {
    Lanes<Env, Head> lanes(std::min<std::size_t>(episodes, 128), task_.observation_scale);
    return evaluate(lanes, policy_, head_, episodes, options_.seed, round, greedy);
  }

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
  void load(nn::SafeTensors content, const std::string& path) {
    if (const auto own = head_.parameters(); !own.empty()) {
      const auto found = std::ranges::find(content.tensors, "log_sigma", &nn::Tensor::name);
      if (found == content.tensors.end() || found->data.size() != own.size())
        throw std::runtime_error(fmt::format("{}: expected a tensor log_sigma with {} numbers", path, own.size()));
      std::ranges::transform(found->data, own.begin(), [](float x) { return static_cast<Scalar>(x); });
      content.tensors.erase(found);
    }
    nn::set_network_tensors(policy_, content.tensors, path, task_.observation_scale);
  }
  nn::Network& policy() { return policy_; }

 private:
  Training(const Options& options, const Task<Env, Head>& task, std::vector<std::size_t> sizes)
      : options_(options),
        task_(task),
        weights_stream_({options.seed, static_cast<std::uint64_t>(Purpose::weights)}),
        policy_(sizes, nn::activation_from_name(options.activation), weights_stream_, task.output_gain),
        head_(task.head),
        optimizer_(make_optimizer()),
        head_optimizer_(make_optimizer()),
        algorithm_(make_algorithm(sizes)) {}

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
                                     options_.episodes_per_update};
    if (options_.algorithm == "ppo")
      return std::make_unique<Ppo<Env, Head>>(
          policy, *critic_, lanes, advantage,
          PpoOptions{static_cast<Scalar>(options_.clip), options_.epochs, options_.minibatch_size, entropy});
    return std::make_unique<ActorCritic<Env, Head>>(policy, *critic_, lanes, advantage,
                                                    ActorCriticOptions{options_.critic_steps, entropy});
  }

  static std::vector<std::size_t> layer_sizes(const Options& options, const Task<Env, Head>& task) {
    std::vector<std::size_t> sizes{Env::observation_size};
    sizes.insert(sizes.end(), options.hidden.begin(), options.hidden.end());
    sizes.push_back(task.head.outputs());
    return sizes;
  }

  UpdateReport checked_update(std::size_t update) try {
    return algorithm_->update(options_.seed, update);
  } catch (const std::invalid_argument& error) {
    throw std::runtime_error(
        fmt::format("update {}: the numbers overflowed ({}); try a smaller --learning-rate", update, error.what()));
  }

  static std::string line(const TrainingResult& result) {
    std::vector<double> returns;
    for (const CurvePoint& point : result.curve) returns.push_back(point.mean_return);
    const CurvePoint& now = result.curve.back();
    return fmt::format("update {:>4}  {:>9} timesteps  mean return {:6.1f}  entropy {:.3f}  {}", now.update,
                       with_commas(now.timesteps), now.mean_return, now.entropy,
                       sparkline(returns, 16, std::min(0., *std::ranges::min_element(returns)), Env::reward_threshold));
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

inline std::string algorithm_title(const Options& options) {
  return options.algorithm == "ppo" ? "PPO" : options.algorithm == "reinforce" ? "REINFORCE" : "actor-critic";
}

/// Trains the seeds of --seeds, several at a time, each on one thread.
template <class Env, class Head>
std::vector<TrainingResult> train_seeds(const Options& options, const Task<Env, Head>& task, Progress& progress) {
  std::vector<TrainingResult> results(options.seeds);
  std::mutex mutex;
  std::size_t done = 0;
  Workers(std::min(options.threads, options.seeds)).run(options.seeds, [&](std::size_t, std::size_t i) {
    Options one = options;
    one.seed += i;
    one.threads = 1;
    Progress none(true);
    results[i] = Training<Env, Head>(one, task).run(none);
    const std::lock_guard lock(mutex);
    if (progress.due(++done)) progress.show(fmt::format("{} of {} seeds", done, options.seeds));
  });
  progress.clear();
  return results;
}

/// --evaluate: plays the policy of a run folder, whatever its shape.
template <class Env, class Head>
int evaluate_folder(Options options, const Task<Env, Head>& task) {
  const std::string path = (std::filesystem::path(options.evaluate) / "policy.safetensors").string();
  const nn::SafeTensors content = nn::load_safetensors(path);
  const auto text = [&](const char* key) {
    const auto found = content.metadata.find(key);
    return found == content.metadata.end() ? std::string("none") : found->second;
  };
  if (text("environment") != Env::name)
    throw std::runtime_error(fmt::format("{}: expected a policy for {}, got {}", path, Env::name, text("environment")));
  const auto sizes = nn::network_sizes(content.tensors, path);
  options.hidden.assign(sizes.begin() + 1, sizes.end() - 1);
  options.activation = text("activation");
  Training<Env, Head> training(options, task);
  training.load(content, path);
  const auto returns = training.play(options.episodes, 0, options.greedy);
  print_evaluation(Env::name, Env::reward_threshold, summarize(returns, options.greedy));
  return 0;
}

/// A run program: the command line over the defaults of its algorithm, then one training, many, or an evaluation.
/// Returns the exit status.
template <envs::VectorEnvironment Env, PolicyHead Head, class Defaults>
int run_program(int argc, const char* const* argv, const Program& program, const std::string& algorithm,
                Defaults defaults, const Task<Env, Head>& task) {
  return guarded(program.name, [&] {
    Options options = defaults(chosen_algorithm(argc, argv).value_or(algorithm));
    if (const auto status = parse_options(argc, argv, program, options)) return *status;
    if (!options.evaluate.empty()) return evaluate_folder(options, task);
    const RunFolder folder(options.output);
    Progress progress(options.quiet);
    if (options.seeds == 0) {
      Training<Env, Head> training(options, task);
      const TrainingResult result = training.run(progress);
      folder.write_run(Env::name, algorithm_title(options), options, result, training.checkpoint());
      print_run(Env::name, Env::reward_threshold, result, folder, options.quiet);
    } else {
      const auto results = train_seeds(options, task, progress);
      folder.write_seeds(options.seed, results);
      print_seeds(Env::name, Env::reward_threshold, results, folder, options.quiet);
    }
    return 0;
  });
}

}  // namespace rl
