#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "envs/cartpole.hpp"
#include "envs/registry.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "rl/bernoulli.hpp"
#include "rl/categorical.hpp"
#include "rl/gaussian.hpp"
#include "rl/reinforce.hpp"
#include "rl/returns.hpp"
#include "rl/sampling/parallel_gradient.hpp"
#include "rl/sampling/rollout.hpp"
#include "rl/training/evaluate.hpp"
#include "tests/rl/support.hpp"
#include "tests/support.hpp"

namespace test_rollout {

using namespace nn;
using rl::Rollout;

namespace {

constexpr Scalar scale_of_observation[4] = {2, 2, 16, 4};

rl::Policy make_policy(std::uint64_t seed) {
  Random rng(seed);
  return tests::policy_of(Network({4, 16, 2}, Activation::tanh, rng));
}

rl::Player carts(std::size_t num_envs) {
  return {envs::make_vec("CartPole-v1", num_envs), scale_of_observation};
}

}  // namespace

TEST_CASE("a rollout plays the episodes that one environment plays with the same streams, step by step") {
  rl::Policy policy = make_policy(71);
  rl::Categorical categorical;
  rl::Player player = carts(3);
  Rollout rollout;
  const auto& batch = rollout.collect(player, policy, 0, 5, 8, 2);
  REQUIRE(batch.episodes.size() == 5);
  bool equal = true;
  for (std::uint64_t e = 0; e < 5; ++e) {
    Random stream = rl::EpisodeSeeds{8, rl::SeedPurpose::training, 2}.of(e);
    envs::TimeLimit<envs::CartPole> env;
    auto observation = env.reset(stream);
    const rl::Episode& episode = batch.episodes[e];
    for (std::size_t t = 0; t < episode.length; ++t) {
      Matrix state(4, 1);
      for (std::size_t row = 0; row < 4; ++row) {
        state(row, 0) = observation[row] * scale_of_observation[row];
        equal = equal && state(row, 0) == batch.states(row, episode.first + t);
      }
      int action = -1;
      const double u = stream.uniform();
      categorical.sample(policy.network.feedforward(state), {&u, 1}, std::span(&action, 1));
      equal = equal && action == int(tests::index_at(batch.actions, episode.first + t));
      const auto step = env.step(action);
      equal = equal && step.reward == batch.rewards[episode.first + t];
      const bool last = t + 1 == episode.length;
      equal = equal && (step.terminated || step.truncated) == last;
      if (last) equal = equal && step.terminated == episode.terminated && step.truncated == episode.truncated;
      observation = step.observation;
    }
  }
  CHECK(equal);
}

TEST_CASE("an episode that runs out of time is truncated and not terminated, one that arrives is terminated only") {
  Random rng(76);
  for (const bool arrives : {false, true}) {
    rl::Policy policy = tests::policy_of(Network({6, 2}, Activation::identity, rng, 0));
    policy.network.parameters()[12 + (arrives ? 1 : 0)] = 100;  // the bias of going left, or right
    rl::Player player(envs::make_vec("Corridor", 2), Vector(6, 1));
    Rollout rollout;
    for (const rl::Episode& episode : rollout.collect(player, policy, 0, 3, 1, 1).episodes) {
      CHECK(episode.length == (arrives ? 5 : 100));
      CHECK(episode.terminated == arrives);
      CHECK(episode.truncated == !arrives);
    }
  }
}

TEST_CASE("the batch is the same for any number of environments, bit for bit") {
  rl::Policy policy = make_policy(72);
  std::vector<rl::Batch> batches;
  for (const std::size_t count : {1u, 2u, 7u, 12u}) {
    rl::Player player = carts(count);
    Rollout rollout;
    batches.push_back(rollout.collect(player, policy, 0, 9, 5, 1));
  }
  for (const auto& batch : batches) {
    CHECK(std::ranges::equal(batch.actions.flat(), batches[0].actions.flat()));
    CHECK(batch.rewards == batches[0].rewards);
    CHECK(std::ranges::equal(batch.states.dense().flat(), batches[0].states.dense().flat()));
  }
}

TEST_CASE("the parameters after training do not depend on the number of environments or threads, bit for bit") {
  std::vector<Vector> results;
  for (const std::size_t threads : {1u, 2u, 3u})
    for (const std::size_t count : {1u, 7u, 40u}) {
      rl::Policy policy = make_policy(73);
      rl::PolicyOptimizer adam = tests::optimizer_of(AdamOptions{Scalar(0.03)});
      auto gradient = std::make_unique<rl::ParallelGradient>(policy, carts(count), 70, threads);  // three groups
      rl::Reinforce algorithm(policy, adam, std::move(gradient), {Scalar(0.99), 70});
      for (std::uint64_t update = 1; update <= 3; ++update) algorithm.update(3, update);
      results.emplace_back(policy.network.parameters().begin(), policy.network.parameters().end());
    }
  for (const Vector& result : results) CHECK(result == results[0]);
}

TEST_CASE(
    "a sigma that the distribution learns by itself moves the same on any number of threads, as its rollouts say") {
  Random rng(79);
  const Network network({3, 8, 1}, Activation::tanh, rng);
  const rl::Player player(envs::make_vec("Pendulum-v1", 20), Vector{1, 1, Scalar(0.25)});
  for (const std::size_t episodes : {20u, 40u, 70u}) {  // one group, two, three
    CAPTURE(episodes);
    std::vector<Scalar> log_sigmas;
    for (const std::size_t threads : {1u, 3u}) {
      rl::Policy policy = tests::policy_of(network, rl::Gaussian(1, rl::Spread::learned));
      rl::PolicyOptimizer sgd = tests::optimizer_of(SgdOptions{.learning_rate = Scalar(1e-5)});
      rl::Reinforce algorithm(policy, sgd, std::make_unique<rl::ParallelGradient>(policy, player, episodes, threads),
                              {Scalar(0.9), episodes, rl::Baseline::none});
      for (std::uint64_t update = 1; update <= 3; ++update) algorithm.update(3, update);
      log_sigmas.push_back(policy.distribution->parameters()[0]);
    }
    CHECK(log_sigmas[0] == log_sigmas[1]);

    rl::Policy policy = tests::policy_of(network, rl::Gaussian(1, rl::Spread::learned));
    rl::PolicyOptimizer sgd = tests::optimizer_of(SgdOptions{.learning_rate = Scalar(1e-5)});
    for (std::uint64_t update = 1; update <= 3; ++update) {  // all episodes at once, by one rollout
      rl::Player all = player;
      Rollout rollout;
      const auto& batch = rollout.collect(all, policy, 0, episodes, 3, update);
      Vector weights(batch.steps());
      for (const rl::Episode& e : batch.episodes)
        rl::discounted_returns(e.of(batch.rewards), Scalar(0.9), e.of(weights));
      for (Scalar& weight : weights) weight /= Scalar(episodes);
      policy.zero_gradients();
      rollout.accumulate_gradient(policy, weights);
      sgd.ascend(policy);
    }
    const double expected = double(policy.distribution->parameters()[0]);
    CHECK(double(log_sigmas[0]) == doctest::Approx(expected).epsilon(tests::within(1e-9, 1e-2)));
    CHECK(std::abs(expected) > 1e-4);
  }
}

TEST_CASE("environments that no episode has been given stand still, also after a step that threw") {
  rl::Policy policy = make_policy(80);
  rl::Player player = carts(4);
  Rollout rollout;
  const Vector whole(policy.network.parameters().begin(), policy.network.parameters().end());
  policy.network.parameters()[0] = Scalar(NAN);
  policy.network.bias(1)[0] = Scalar(NAN);
  CHECK_THROWS_AS(
      [&] {
        rollout.collect(player, policy, 0, 4, 1, 1);
        rollout.accumulate_gradient(policy, Vector(rollout.batch().steps(), 1));
      }(),
      std::invalid_argument);
  std::ranges::copy(whole, policy.network.parameters().begin());
  const auto& batch = rollout.collect(player, policy, 0, 2, 1, 1);
  CHECK(batch.episodes.size() == 2);
  Rollout fresh;
  rl::Player another = carts(4);
  CHECK(batch.rewards == fresh.collect(another, policy, 0, 2, 1, 1).rewards);
}

TEST_CASE("a Bernoulli policy plays the episodes of the softmax policy with logits (0, z), bit for bit") {
  Random rng(5);
  rl::Policy sigmoid(Network({4, 8, 1}, Activation::tanh, rng), std::make_unique<rl::Bernoulli>());
  rl::Policy softmax(Network({4, 8, 2}, Activation::tanh, rng), std::make_unique<rl::Categorical>(2));
  std::ranges::copy(sigmoid.network.weight(0).flat(), softmax.network.weight(0).flat().begin());
  fill(softmax.network.weight(1).row(0), 0);
  std::ranges::copy(sigmoid.network.weight(1).row(0), softmax.network.weight(1).row(1).begin());
  rl::Player player = carts(3), same = carts(3);
  Rollout rollout, other;
  const auto& batch = rollout.collect(player, sigmoid, 0, 5, 11, 2);
  const auto& expected = other.collect(same, softmax, 0, 5, 11, 2);
  CHECK(batch.steps() > 50);
  CHECK(std::ranges::equal(batch.actions.flat(), expected.actions.flat()));
  CHECK(std::ranges::equal(batch.states.dense().flat(), expected.states.dense().flat()));
  CHECK(std::ranges::count(batch.actions.flat(), Scalar(1)) > 10);
  CHECK(std::ranges::count(batch.actions.flat(), Scalar(0)) > 10);
}

TEST_CASE("what a rollout remembers gives the gradient of the states fed forward once more") {
  rl::Policy policy = make_policy(77);
  rl::Player player = carts(7);
  Rollout rollout;
  const auto& batch = rollout.collect(player, policy, 0, 30, 5, 1);
  Random rng(78);
  const Vector weights = tests::random_vector(batch.steps(), rng);
  rl::Policy again = policy;
  const double entropy = rollout.accumulate_gradient(policy, weights);
  const ConstVectorView remembered = policy.network.gradients();
  tests::accumulate(again, batch.states.dense(), batch.actions, weights);
  Vector entropies(batch.steps());
  again.distribution->entropy(again.network.feedforward(batch.states), entropies);
  double worst = 0, largest = 0;
  for (std::size_t i = 0; i < remembered.size(); ++i) {
    worst = std::max(worst, std::abs(double(remembered[i] - again.network.gradients()[i])));
    largest = std::max(largest, std::abs(double(remembered[i])));
  }
  CHECK(worst < largest * tests::within(1e-13, 1e-5));
  CHECK(largest > 0.1);
  CHECK(entropy == doctest::Approx(double(sum(entropies))).epsilon(1e-5));
}

TEST_CASE("an update ascends the sum of (return - baseline) * score over its episodes") {
  rl::Policy policy = make_policy(74);
  Network expected = policy.network;
  rl::PolicyOptimizer sgd = tests::optimizer_of(SgdOptions{.learning_rate = Scalar(0.5)});
  Sgd same({.learning_rate = Scalar(0.5)});
  rl::Player player = carts(4);
  rl::Reinforce algorithm(policy, sgd, std::make_unique<rl::ParallelGradient>(policy, player, 4, 1), {Scalar(0.9), 4});
  Rollout rollout;
  const auto batch = rollout.collect(player, policy, 0, 4, 1, 1);
  const auto report = algorithm.update(1, 1);
  CHECK(report.timesteps == batch.steps());
  CHECK(report.mean_return() == doctest::Approx(double(batch.steps()) / 4));

  // The same by its definition: one state at a time, returns as double sums, the baseline of each step by hand.
  const auto G = [&](std::size_t e, std::size_t t) {
    double total = 0;
    for (std::size_t k = t; k < batch.episodes[e].length; ++k) total += std::pow(0.9, double(k - t));
    return total;
  };
  Matrix state(4, 1), injected(2, 1);
  for (std::size_t e = 0; e < 4; ++e)
    for (std::size_t t = 0; t < batch.episodes[e].length; ++t) {
      double others = 0;
      for (std::size_t j = 0; j < 4; ++j) others += j == e ? 0 : G(j, t) / 3;
      const double weight = (G(e, t) - others) / 4;
      for (std::size_t row = 0; row < 4; ++row) state(row, 0) = batch.states(row, batch.episodes[e].first + t);
      const auto logits = expected.feedforward(state);
      const double e0 = std::exp(double(logits(0, 0))), e1 = std::exp(double(logits(1, 0)));
      const std::size_t action = tests::index_at(batch.actions, batch.episodes[e].first + t);
      injected(0, 0) = static_cast<Scalar>(((action == 0 ? 1 : 0) - e0 / (e0 + e1)) * weight);
      injected(1, 0) = static_cast<Scalar>(((action == 1 ? 1 : 0) - e1 / (e0 + e1)) * weight);
      expected.backpropagate(injected);
    }
  same.ascend(expected.parameters(), expected.gradients());
  double worst = 0;
  for (std::size_t i = 0; i < expected.parameters().size(); ++i)
    worst = std::max(worst, std::abs(double(policy.network.parameters()[i] - expected.parameters()[i])));
  CHECK(worst < tests::within(1e-13, 1e-4));
  CHECK(report.gradient_norm > 0.01);
}

TEST_CASE("training, evaluation and initial weights never share a random stream") {
  std::set<std::uint64_t> first;
  for (const auto purpose : {rl::SeedPurpose::weights, rl::SeedPurpose::training, rl::SeedPurpose::evaluation,
                             rl::SeedPurpose::critic, rl::SeedPurpose::minibatches})
    for (std::uint64_t round = 0; round < 20; ++round)
      for (std::uint64_t episode = 0; episode < 20; ++episode)
        first.insert(rl::EpisodeSeeds{4, purpose, round}.of(episode).bits());
  CHECK(first.size() == 5 * 20 * 20);
}

TEST_CASE("an evaluation plays the episodes of the evaluation streams, which training does not see") {
  rl::Policy policy = make_policy(76);
  rl::Player player = carts(4);
  struct Lengths : rl::Recorder {
    std::vector<double> of = std::vector<double>(3);
    Activations memory;
    Activations& activations(std::size_t) override { return memory; }
    void record(const rl::Player& played, std::size_t) override {
      for (std::size_t n = 0; n < 3; ++n) of[n] += double(played.rewards()[n]);
    }
  };
  const auto lengths = [&](rl::SeedPurpose purpose) {
    std::vector<double> result;
    for (std::size_t first = 0; first < 6; first += 3) {
      Lengths three;
      player.play(policy, {9, purpose, 2}, first, 3, false, three);
      result.insert(result.end(), three.of.begin(), three.of.end());
    }
    return result;
  };
  const auto evaluated = rl::evaluate(player, policy, 6, 9, 2, false);
  CHECK(evaluated == lengths(rl::SeedPurpose::evaluation));
  CHECK(evaluated != lengths(rl::SeedPurpose::training));
}

TEST_CASE("greedy evaluation repeats itself, sampled evaluation depends on its round") {
  rl::Policy policy = make_policy(75);
  rl::Player player = carts(8);
  const auto play = [&](std::uint64_t round, bool greedy) {
    return rl::evaluate(player, policy, 20, 0, round, greedy);
  };
  CHECK(play(0, false) == play(0, false));
  CHECK(play(0, false) != play(1, false));
  CHECK(play(0, false) != play(0, true));
}

TEST_CASE("an evaluation that is told to stop plays no further episodes") {
  rl::Policy policy = make_policy(75);
  rl::Player player = carts(4);
  int asked = 0;
  const auto returns = rl::evaluate(player, policy, 20, 0, 1, false, [&] { return ++asked > 2; });
  CHECK(std::ranges::count(returns, 0.) == 12);
}

}  // namespace test_rollout
