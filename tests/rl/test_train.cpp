/// What a training says it did is what it did: its counts, its clocks, and whom it asks and tells.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <thread>
#include <vector>

#include "envs/registry.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "rl/sampling/rollout.hpp"
#include "rl/training/experiments.hpp"
#include "rl/training/learner.hpp"
#include "rl/training/train.hpp"
#include "tests/support.hpp"

namespace test_train {

using rl::TrainingResult;

namespace {

constexpr std::size_t timesteps = 4000;

/// Of CartPole, so slowly that it is not solved.
rl::Learner learner_of_cartpole(std::size_t total_timesteps = timesteps) {
  const rl::StandardExperiment cartpole = rl::standard_experiment("CartPole-v1");
  rl::TrainingSettings settings;
  cartpole.defaults(settings);
  settings.algorithm = "reinforce";
  settings.seed = 5, settings.threads = 1, settings.episodes = 7;
  settings.learning_rate = 1e-9;
  settings.total_timesteps = total_timesteps;
  return {settings, cartpole.experiment};
}

double wall() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}
double cpu() {
  return double(std::clock()) / CLOCKS_PER_SEC;
}

}  // namespace

TEST_CASE("a training's counts and means are those of its episodes, and it ends with the timesteps, evaluated") {
  rl::Learner learner = learner_of_cartpole();
  std::size_t told = 0;
  rl::TrainingHooks hooks;
  hooks.progressed = [&](const TrainingResult&) { ++told; };
  const TrainingResult result = rl::train(learner, hooks);
  CHECK(!result.solved);
  CHECK(!result.interrupted);
  CHECK(result.evaluation.episodes == 7);
  CHECK(told == result.curve.size());
  REQUIRE(result.curve.size() > 3);
  std::size_t steps = 0, episodes = 0;
  for (std::size_t u = 0; u < result.curve.size(); ++u) {
    const rl::CurvePoint& point = result.curve[u];
    CHECK(point.update == u + 1);
    double sum = 0;
    const std::size_t first = episodes;
    for (; episodes < point.episodes; ++episodes) {
      REQUIRE(episodes < result.monitor.size());
      CHECK(result.monitor[episodes].episode_return == double(result.monitor[episodes].length));  // 1 a step
      CHECK(result.monitor[episodes].wall_seconds == point.wall_seconds);
      sum += result.monitor[episodes].episode_return, steps += result.monitor[episodes].length;
    }
    CHECK(point.timesteps == steps);
    CHECK(point.mean_return == doctest::Approx(sum / double(episodes - first)));
  }
  CHECK(result.episodes == episodes);
  CHECK(result.monitor.size() == episodes);
  CHECK(result.timesteps == steps);
  CHECK(steps >= timesteps);
  CHECK((result.curve.end() - 2)->timesteps < timesteps);
}

TEST_CASE("a training's seconds are those of the clocks, and one that goes on adds its own to them") {
  rl::Learner first = learner_of_cartpole(), second = learner_of_cartpole(3 * timesteps);
  double began = 0, ended = 0, cpu_began = 0, cpu_ended = 0;  // within the training, at its updates
  rl::TrainingHooks hooks;
  hooks.progressed = [&](const TrainingResult&) {
    if (began == 0) began = wall(), cpu_began = cpu();
    ended = wall(), cpu_ended = cpu();
  };
  TrainingResult before;
  for (rl::Learner* learner : {&first, &second}) {
    CAPTURE(before.timesteps);
    began = 0;
    const double outer = wall(), outer_cpu = cpu();
    const TrainingResult result = rl::train(*learner, hooks, before);
    const double own = result.wall_seconds - before.wall_seconds, own_cpu = result.cpu_seconds - before.cpu_seconds;
    CHECK(own >= ended - began);
    CHECK(own <= wall() - outer);
    constexpr double tick = 0.001;  // the two clocks of the processor count on their own
    CHECK(own_cpu >= cpu_ended - cpu_began - tick);
    CHECK(own_cpu <= cpu() - outer_cpu + tick);
    CHECK(cpu_ended - cpu_began > 2 * tick);
    CHECK(result.curve.size() > before.curve.size());
    CHECK(std::is_sorted(result.curve.begin(), result.curve.end(),
                         [](const auto& a, const auto& b) { return a.wall_seconds < b.wall_seconds; }));
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    CHECK(std::abs(result.started - std::chrono::duration<double>(now).count()) < 60);
    if (before.started != 0) CHECK(result.started == before.started);
    before = result;
  }
}

TEST_CASE("a training is saved after every update that wants it, before the last evaluation, and ends when told to") {
  const auto saves = [](double every, std::size_t stop_after, TrainingResult& result) {
    rl::Learner learner = learner_of_cartpole();
    std::vector<std::size_t> saved, told;
    result = rl::train(learner, {.stop = [&] { return told.size() >= stop_after; },
                                 .progressed = [&](const TrainingResult& r) { told.push_back(r.curve.size()); },
                                 .save = [&](const TrainingResult& r) { saved.push_back(r.curve.size()); },
                                 .save_every = every});
    return std::pair(saved, told);
  };
  TrainingResult result;
  const auto [every, all] = saves(0, 1'000'000, result);
  CHECK(every == all);  // the last one, too, and once
  CHECK(all.size() == result.curve.size());
  const auto [once, told] = saves(1e9, 1'000'000, result);
  CHECK(once == std::vector<std::size_t>{told.size()});
  const auto [none, some] = saves(1e9, 2, result);
  CHECK(none.empty());  // whoever stops it saves
  CHECK(some.size() == 2);
  CHECK(result.curve.size() == 2);
  CHECK(result.interrupted);
  CHECK(result.evaluation.episodes == 0);
}

TEST_CASE("a training that wants to be saved all the time gives a twentieth of it to saving, and no less") {
  rl::Learner learner = learner_of_cartpole(1'000'000'000);
  const double began = wall();
  std::vector<std::pair<double, double>> saves;
  rl::TrainingHooks hooks;
  hooks.save_every = 1e-6;
  hooks.stop = [&] { return saves.size() >= 4 || wall() > began + 20; };
  hooks.save = [&](const TrainingResult&) {
    const double start = wall();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    saves.emplace_back(start, wall());
  };
  rl::train(learner, hooks);
  REQUIRE(saves.size() == 4);
  for (std::size_t i = 1; i < saves.size(); ++i)
    CHECK(saves[i].first - saves[i - 1].second >= 20 * (saves[i - 1].second - saves[i - 1].first));
}

TEST_CASE("an update that reaches the threshold exactly is worth an evaluation") {
  const rl::StandardExperiment corridor = rl::standard_experiment("Corridor");
  int exact = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    rl::TrainingSettings settings;
    corridor.defaults(settings);
    settings.algorithm = "reinforce";
    settings.seed = seed, settings.episodes_per_update = 4;
    rl::Learner learner(settings, corridor.experiment);
    const TrainingResult result = rl::train(learner);
    exact += result.solved && result.curve.back().mean_return == learner.spec().reward_threshold;
  }
  CHECK(exact > 0);
}

TEST_CASE("an update reports the mean entropy over its states, of the policy before it") {
  const rl::StandardExperiment cartpole = rl::standard_experiment("CartPole-v1");
  for (const std::string algorithm : {"reinforce", "actor-critic", "ppo"})
    for (const std::size_t threads : {std::size_t{1}, std::size_t{2}}) {
      CAPTURE(algorithm);
      CAPTURE(threads);
      rl::TrainingSettings settings;
      cartpole.defaults(settings);
      settings.algorithm = algorithm;
      settings.seed = 5, settings.threads = threads, settings.episodes_per_update = 6;
      settings.learning_rate = 0.1;
      rl::Learner learner(settings, cartpole.experiment);
      learner.update(1);
      rl::Player player(envs::make_vec("CartPole-v1", 4), learner.experiment().observation_scale);
      rl::Policy policy = learner.policy();
      rl::Rollout rollout;
      const rl::Batch& batch = rollout.collect(player, policy, 0, settings.episodes_per_update, settings.seed, 2, 1);
      nn::Vector entropy(batch.steps());
      policy.distribution->entropy(policy.network.feedforward(batch.states), entropy);
      const double mean = double(nn::sum(entropy)) / double(batch.steps());
      const rl::UpdateReport report = learner.update(2);
      CHECK(report.timesteps == batch.steps());
      CHECK(report.entropy == doctest::Approx(mean).epsilon(nn::is_double ? 1e-12 : 1e-5));
      CHECK(mean < 0.69);
    }
}

}  // namespace test_train
