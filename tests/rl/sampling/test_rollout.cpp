#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "envs/cartpole.hpp"
#include "envs/corridor.hpp"
#include "envs/sync_vector_env.hpp"
#include "rl/reinforce.hpp"
#include "rl/sampling/rollout.hpp"
#include "tests/support.hpp"

namespace test_rollout {

using namespace nn;
using Env = envs::VectorCartPole;
using Lanes = rl::Lanes<Env, rl::Categorical>;
using Rollout = rl::Rollout<Env, rl::Categorical>;

namespace {

constexpr Scalar scale_of_observation[4] = {2, 2, 16, 4};

Network make_policy(std::uint64_t seed) {
  Random rng(seed);
  return Network({4, 16, 2}, Activation::tanh, rng);
}

}  // namespace

TEST_CASE("a rollout plays the episodes that one environment plays with the same streams, step by step") {
  Network policy = make_policy(71);
  rl::Categorical head;
  Lanes lanes(3, scale_of_observation);
  Rollout rollout;
  const auto& batch = rollout.collect(lanes, policy, head, 0, 5, 8, 2);
  REQUIRE(batch.episodes.size() == 5);
  bool equal = true;
  for (std::uint64_t e = 0; e < 5; ++e) {
    Random stream = rl::Streams{8, rl::Purpose::training, 2}.of(e);
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
      head.sample(policy.feedforward(state), {&u, 1}, {&action, 1});
      equal = equal && action == batch.actions[episode.first + t];
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
  using Corridor = envs::SideBySide<envs::Corridor>;
  Random rng(76);
  constexpr Scalar ones[6] = {1, 1, 1, 1, 1, 1};
  for (const bool arrives : {false, true}) {
    Network policy({6, 2}, Activation::identity, rng, 0);
    policy.parameters()[12 + (arrives ? 1 : 0)] = 100;  // the bias of going left, or right
    rl::Categorical head;
    rl::Lanes<Corridor, rl::Categorical> lanes(2, ones);
    rl::Rollout<Corridor, rl::Categorical> rollout;
    for (const rl::Episode& episode : rollout.collect(lanes, policy, head, 0, 3, 1, 1).episodes) {
      CHECK(episode.length == (arrives ? 5 : 100));
      CHECK(episode.terminated == arrives);
      CHECK(episode.truncated == !arrives);
    }
  }
}

TEST_CASE("the batch is the same for any number of lanes, bit for bit") {
  Network policy = make_policy(72);
  rl::Categorical head;
  std::vector<rl::Batch<int>> batches;
  for (const std::size_t count : {1u, 2u, 7u, 12u}) {
    Lanes lanes(count, scale_of_observation);
    Rollout rollout;
    batches.push_back(rollout.collect(lanes, policy, head, 0, 9, 5, 1));
  }
  for (const auto& batch : batches) {
    CHECK(batch.actions == batches[0].actions);
    CHECK(batch.rewards == batches[0].rewards);
    CHECK(std::ranges::equal(batch.states.flat(), batches[0].states.flat()));
  }
}

TEST_CASE("the parameters after training do not depend on the number of lanes or threads, bit for bit") {
  std::vector<Vector> results;
  for (const std::size_t threads : {1u, 2u, 3u})
    for (const std::size_t count : {1u, 7u, 40u}) {
      Network policy = make_policy(73);
      rl::Categorical head;
      Adam adam({Scalar(0.03)});
      rl::Reinforce<Env, rl::Categorical> algorithm({policy, head, adam}, Lanes(count, scale_of_observation),
                                                    {Scalar(0.99), 70, threads});  // three groups of episodes
      for (std::uint64_t update = 1; update <= 3; ++update) algorithm.update(3, update);
      results.emplace_back(policy.parameters().begin(), policy.parameters().end());
    }
  for (const Vector& result : results) CHECK(result == results[0]);
}

TEST_CASE("what a rollout remembers gives the gradient of the states fed forward once more") {
  const Network policy = make_policy(77);
  rl::Categorical head;
  Lanes lanes(7, scale_of_observation);
  Rollout rollout;
  const auto& batch = rollout.collect(lanes, policy, head, 0, 30, 5, 1);
  Random rng(78);
  const Vector weights = tests::random_vector(batch.steps(), rng);
  Vector remembered(policy.parameters().size());
  const double entropy = rollout.accumulate_policy_gradient(policy, head, weights, remembered);
  Network again = policy;
  Matrix scratch;
  const double mean_entropy =
      rl::accumulate_policy_gradient(again, head, batch.states, std::span(batch.actions), weights, scratch);
  double worst = 0, largest = 0;
  for (std::size_t i = 0; i < remembered.size(); ++i) {
    worst = std::max(worst, std::abs(double(remembered[i] - again.gradients()[i])));
    largest = std::max(largest, std::abs(double(remembered[i])));
  }
  CHECK(worst < largest * tests::within(1e-13, 1e-5));
  CHECK(largest > 0.1);
  CHECK(entropy == doctest::Approx(mean_entropy * double(batch.steps())).epsilon(1e-5));
}

TEST_CASE("an update ascends the sum of (return - baseline) * score over its episodes") {
  Network policy = make_policy(74);
  Network expected = policy;
  rl::Categorical head;
  Sgd sgd({.learning_rate = Scalar(0.5)}), same({.learning_rate = Scalar(0.5)});
  Lanes lanes(4, scale_of_observation);
  rl::Reinforce<Env, rl::Categorical> algorithm({policy, head, sgd}, lanes, {Scalar(0.9), 4, 1});
  Rollout rollout;
  const auto batch = rollout.collect(lanes, policy, head, 0, 4, 1, 1);
  const auto report = algorithm.update(1, 1);
  CHECK(report.timesteps == batch.steps());
  CHECK(report.mean_return == doctest::Approx(double(batch.steps()) / 4));

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
      const int action = batch.actions[batch.episodes[e].first + t];
      injected(0, 0) = static_cast<Scalar>(((action == 0 ? 1 : 0) - e0 / (e0 + e1)) * weight);
      injected(1, 0) = static_cast<Scalar>(((action == 1 ? 1 : 0) - e1 / (e0 + e1)) * weight);
      expected.backpropagate(injected);
    }
  same.ascend(expected.parameters(), expected.gradients());
  double worst = 0;
  for (std::size_t i = 0; i < policy.parameters().size(); ++i)
    worst = std::max(worst, std::abs(double(policy.parameters()[i] - expected.parameters()[i])));
  CHECK(worst < tests::within(1e-13, 1e-4));
  CHECK(report.gradient_norm > 0.01);
}

TEST_CASE("training, evaluation and initial weights never share a random stream") {
  std::set<std::uint64_t> first;
  for (const auto purpose : {rl::Purpose::weights, rl::Purpose::training, rl::Purpose::evaluation})
    for (std::uint64_t round = 0; round < 20; ++round)
      for (std::uint64_t episode = 0; episode < 20; ++episode)
        first.insert(rl::Streams{4, purpose, round}.of(episode).bits());
  CHECK(first.size() == 3 * 20 * 20);
}

TEST_CASE("an evaluation plays the episodes of the evaluation streams, which training does not see") {
  Network policy = make_policy(76);
  rl::Categorical head;
  Lanes lanes(4, scale_of_observation);
  const auto lengths = [&](rl::Purpose purpose) {
    std::vector<double> result(6, 0.);
    for (std::size_t first = 0; first < 6; first += 3)
      lanes.play(
          head, {9, purpose, 2}, first, 3, false,
          [&](std::size_t, ConstMatrixView states) { return policy.feedforward(states); },
          [&](std::size_t) {
            for (std::size_t n = 0; n < 3; ++n) result[first + n] += double(lanes.rewards()[n]);
          });
    return result;
  };
  const auto evaluated = rl::evaluate(lanes, policy, head, 6, 9, 2, false);
  CHECK(evaluated == lengths(rl::Purpose::evaluation));
  CHECK(evaluated != lengths(rl::Purpose::training));
}

TEST_CASE("greedy evaluation repeats itself, sampled evaluation depends on its round") {
  Network policy = make_policy(75);
  rl::Categorical head;
  Lanes lanes(8, scale_of_observation);
  const auto play = [&](std::uint64_t round, bool greedy) {
    return rl::evaluate(lanes, policy, head, 20, 0, round, greedy);
  };
  CHECK(play(0, false) == play(0, false));
  CHECK(play(0, false) != play(1, false));
  CHECK(play(0, false) != play(0, true));
}

}  // namespace test_rollout
