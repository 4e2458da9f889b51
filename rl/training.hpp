#pragma once
/// The loop that every run program shares: train until solved, evaluate on fresh episodes, write the run folder.

#include <fmt/core.h>
#include <time.h>

#include <array>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "nn/checkpoint.hpp"
#include "nn/network.hpp"
#include "nn/optimizer.hpp"
#include "rl/reinforce.hpp"
#include "rl/report.hpp"
#include "rl/rollout.hpp"
#include "rl/run_folder.hpp"
#include "rl/terminal.hpp"

namespace rl {

/// What a program knows of its task and the options do not say.
template <class Env>
struct Task {
  /// The network sees observation * observation_scale, so that every input is about 1 in size. Powers of two: the
  /// saved policy takes unscaled observations and is the same to the last bit.
  std::array<Scalar, Env::observation_size> observation_scale;
  Scalar output_gain;   // small: the first policy is near uniform
  Scalar beta1, beta2;  // Adam's memory
};

inline double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// One policy and its training from one seed.
template <envs::VectorEnvironment Env, PolicyHead Head>
class Training {
 public:
  Training(const Options& options, const Task<Env>& task) : Training(options, task, layer_sizes(options)) {}

  /// Trains until an evaluation reaches the threshold or the timesteps are used up. An evaluation is made whenever
  /// the episodes of an update reach the threshold themselves: 100 fresh episodes with sampled actions, on streams
  /// that training never uses. Throws std::runtime_error, with the update's number, when the numbers overflow.
  TrainingResult run(Progress& progress) {
    const auto start = std::chrono::steady_clock::now();
    const double cpu_start = cpu_seconds();
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
    result.cpu_seconds = cpu_seconds() - cpu_start;
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

  nn::SafeTensors checkpoint() const {
    return {{{"environment", Env::name},
             {"activation", std::string(nn::name(policy_.activation()))},
             {"distribution", std::string(Head::name)},
             {"seed", fmt::format("{}", options_.seed)},
             {"version", std::string(version)}},
            nn::network_tensors(policy_, task_.observation_scale)};
  }
  void load(const nn::SafeTensors& content, const std::string& path) {
    nn::set_network_tensors(policy_, content.tensors, path, task_.observation_scale);
  }
  nn::Network& policy() { return policy_; }

 private:
  Training(const Options& options, const Task<Env>& task, std::vector<std::size_t> sizes)
      : options_(options),
        task_(task),
        weights_stream_({options.seed, static_cast<std::uint64_t>(Purpose::weights)}),
        policy_(std::move(sizes), nn::activation_from_name(options.activation), weights_stream_, task.output_gain),
        optimizer_(make_optimizer(options, task)),
        algorithm_(policy_, head_, *optimizer_, Lanes<Env, Head>(options.num_envs, task_.observation_scale),
                   {static_cast<Scalar>(options.gamma), options.episodes_per_update, options.threads}) {}

  static std::unique_ptr<nn::Optimizer> make_optimizer(const Options& options, const Task<Env>& task) {
    const auto rate = static_cast<Scalar>(options.learning_rate);
    if (options.optimizer == "sgd") return std::make_unique<nn::Sgd>(nn::SgdOptions{.learning_rate = rate});
    return std::make_unique<nn::Adam>(nn::AdamOptions{.learning_rate = rate, .beta1 = task.beta1, .beta2 = task.beta2});
  }

  static std::vector<std::size_t> layer_sizes(const Options& options) {
    std::vector<std::size_t> sizes{Env::observation_size};
    sizes.insert(sizes.end(), options.hidden.begin(), options.hidden.end());
    sizes.push_back(static_cast<std::size_t>(Env::action_count));
    return sizes;
  }

  UpdateReport checked_update(std::size_t update) try {
    return algorithm_.update(options_.seed, update);
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
                       sparkline(returns, 16, 0, Env::reward_threshold));
  }

  Options options_;
  Task<Env> task_;
  nn::Random weights_stream_;
  nn::Network policy_;
  Head head_;
  std::unique_ptr<nn::Optimizer> optimizer_;
  Reinforce<Env, Head> algorithm_;
};

/// A run program: the command line, then one training, many, or an evaluation. Returns the exit status.
template <envs::VectorEnvironment Env, PolicyHead Head>
int run_program(int argc, const char* const* argv, const Program& program, Options options, const Task<Env>& task) {
  return guarded(program.name, [&] {
    if (const auto status = parse_options(argc, argv, program, options)) return *status;
    if (!options.evaluate.empty()) {
      const std::string path = (std::filesystem::path(options.evaluate) / "policy.safetensors").string();
      const nn::SafeTensors content = nn::load_safetensors(path);
      const auto text = [&](const char* key) {
        const auto found = content.metadata.find(key);
        return found == content.metadata.end() ? std::string("none") : found->second;
      };
      if (text("environment") != Env::name)
        throw std::runtime_error(
            fmt::format("{}: expected a policy for {}, got {}", path, Env::name, text("environment")));
      const auto sizes = nn::network_sizes(content.tensors, path);
      options.hidden.assign(sizes.begin() + 1, sizes.end() - 1);
      options.activation = text("activation");
      Training<Env, Head> training(options, task);
      training.load(content, path);
      const auto returns = training.play(options.episodes, 0, options.greedy);
      print_evaluation(Env::name, Env::reward_threshold, summarize(returns, options.greedy));
      return 0;
    }
    const RunFolder folder(options.output);
    Progress progress(options.quiet);
    std::vector<std::uint64_t> seeds;
    std::vector<TrainingResult> results;
    if (options.seeds == 0) {
      Training<Env, Head> training(options, task);
      const TrainingResult result = training.run(progress);
      folder.write_run(Env::name, "REINFORCE", options, result, training.checkpoint());
      print_run(Env::name, Env::reward_threshold, result, folder, options.quiet);
      return 0;
    }
    for (std::size_t i = 0; i < options.seeds; ++i) {
      Options one = options;
      one.seed += i;
      Training<Env, Head> training(one, task);
      Progress none(true);
      seeds.push_back(one.seed);
      results.push_back(training.run(none));
      if (progress.due(i + 1)) progress.show(fmt::format("seed {}  {} of {}", one.seed, i + 1, options.seeds));
    }
    progress.clear();
    folder.write_seeds(seeds, results);
    print_seeds(Env::name, Env::reward_threshold, results, folder, options.quiet);
    return 0;
  });
}

}  // namespace rl
