#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <vector>

#include "envs/bandit.hpp"
#include "envs/corridor.hpp"
#include "envs/sync_vector_env.hpp"
#include "envs/tiny_mdp.hpp"
#include "nn/softmax.hpp"
#include "rl/oracle/oracle.hpp"
#include "rl/reinforce.hpp"
#include "rl/sampling/parallel_gradient.hpp"
#include "rl/training/evaluate.hpp"
#include "tests/rl/support.hpp"
#include "tests/support.hpp"

namespace test_probes {

namespace {

using rl::Scalar;
using tests::within;

/// A linear policy of the environment's own size, and the algorithm that trains it.
template <class Env>
struct Learner {
  explicit Learner(Scalar gamma = 1, std::size_t episodes = 8, Scalar learning_rate = 1, Scalar output_gain = 0)
      : of(tests::policy_of({{Env::observation_size, static_cast<std::size_t>(Env::action_count)},
                             nn::Activation::identity,
                             rng,
                             output_gain})),
        optimizer(tests::optimizer_of(nn::SgdOptions{.learning_rate = learning_rate})),
        player(std::make_unique<envs::SyncVectorEnv<Env>>(episodes), nn::Vector(Env::observation_size, 1)),
        algorithm(of, optimizer, std::make_unique<rl::ParallelGradient>(of, player, episodes, 1), {gamma, episodes}) {}

  void learn(std::size_t updates) {
    for (std::size_t u = 1; u <= updates; ++u) algorithm.update(1, u);
  }
  std::vector<double> play(std::size_t episodes, bool greedy) {
    return rl::evaluate(player, of, episodes, 1, 0, greedy);
  }
  /// pi(. | the observation that is 1 at `place`)
  std::vector<double> probabilities(std::size_t place) {
    nn::Matrix state(Env::observation_size, 1), probs(static_cast<std::size_t>(Env::action_count), 1);
    state(place, 0) = 1;
    nn::softmax(policy.feedforward(state), probs);
    return {probs.flat().begin(), probs.flat().end()};
  }

  nn::Random rng{7};
  rl::Policy of;
  nn::Network& policy = of.network;
  rl::PolicyOptimizer optimizer;
  rl::Player player;
  rl::Reinforce algorithm;
};

}  // namespace

TEST_CASE("a bandit's expected gradient is p_k (r_k - J), arm by arm") {
  envs::Bandit bandit;
  Learner<envs::Bandit> learner(1, 1, 1, 2);
  const auto p = learner.probabilities(0);
  double J = 0;
  for (std::size_t k = 0; k < 3; ++k) J += p[k] * static_cast<double>(bandit.means()[k]);

  nn::Matrix state(1, 1);
  state(0, 0) = 1;
  learner.policy.zero_gradients();
  for (int arm = 0; arm < 3; ++arm) {  // each arm as often as the policy pulls it
    bandit.reset(learner.rng);
    const Scalar weight = bandit.step(arm).reward * static_cast<Scalar>(p[static_cast<std::size_t>(arm)]);
    tests::accumulate(learner.of, state, tests::row_of({&arm, 1}), {&weight, 1});
  }
  for (std::size_t k = 0; k < 3; ++k) {
    const double expected = p[k] * (static_cast<double>(bandit.means()[k]) - J);
    CHECK(std::abs(static_cast<double>(learner.policy.gradients()[k]) - expected) < within(1e-15, 1e-6));      // W
    CHECK(std::abs(static_cast<double>(learner.policy.gradients()[3 + k]) - expected) < within(1e-15, 1e-6));  // b
    CHECK(std::abs(expected) > 0.01);
  }
}

TEST_CASE("REINFORCE finds the best arm, and another one when every reward is flipped") {
  Learner<envs::Bandit> learner;
  learner.learn(100);
  CHECK(learner.probabilities(0)[1] > 0.95);
  Learner<envs::FlippedBandit> flipped;
  flipped.learn(100);
  CHECK(flipped.probabilities(0)[2] > 0.95);
}

TEST_CASE("now or later: gamma decides") {
  Learner<envs::NowOrLater> patient(1);
  patient.learn(100);
  CHECK(patient.probabilities(0)[1] > 0.9);
  Learner<envs::NowOrLater> hasty(Scalar(0.5));
  hasty.learn(100);
  CHECK(hasty.probabilities(0)[0] > 0.9);
}

TEST_CASE("REINFORCE learns the corridor to its best return") {
  Learner<envs::Corridor> learner(1, 8, Scalar(0.1));
  const auto mean_return = [&] {
    double sum = 0;
    for (const double total : learner.play(100, false)) sum += total;
    return sum / 100;
  };
  CHECK(mean_return() < 4 * envs::Corridor::optimal_return);  // a random walk
  learner.learn(150);
  for (const double total : learner.play(20, true)) CHECK(total == envs::Corridor::optimal_return);
  CHECK(mean_return() > envs::Corridor::optimal_return - 1);
}

TEST_CASE("reinforce::update climbs the exact gradient, on average over 2000 updates") {
  constexpr std::size_t updates = 2000;
  Learner<envs::TinyMdp> learner(1, 4, 1, 2);
  const auto gradient = rl::Oracle(envs::dense_world, learner.policy, 1).gradient();
  const nn::Vector start(learner.policy.parameters().begin(), learner.policy.parameters().end());
  std::vector<double> sum(start.size()), squares(start.size());
  for (std::size_t u = 1; u <= updates; ++u) {
    learner.algorithm.update(5, u);  // a step of 1 times the gradient
    const auto parameters = learner.policy.parameters();
    for (std::size_t i = 0; i < start.size(); ++i) {
      const auto step = static_cast<double>(parameters[i] - start[i]);
      sum[i] += step;
      squares[i] += step * step;
      parameters[i] = start[i];
    }
  }
  for (std::size_t i = 0; i < start.size(); ++i) {
    const double mean = sum[i] / updates, error = std::sqrt((squares[i] / updates - mean * mean) / updates);
    CHECK(std::abs(mean - gradient[i]) < 5 * error);  // five standard errors
    CHECK(error < 0.03);
  }
}

}  // namespace test_probes
