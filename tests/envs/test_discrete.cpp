#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "envs/bandit.hpp"
#include "envs/corridor.hpp"
#include "envs/sync_vector_env.hpp"
#include "envs/tiny_mdp.hpp"
#include "nn/softmax.hpp"
#include "rl/oracle/oracle.hpp"

namespace test_discrete {

namespace {

/// Both kinds of mistake that a caller can make with step.
template <class Env>
void check_errors(Env env, const std::string& wrong_action, const std::string& finished) {
  nn::Random rng(1);
  CHECK_THROWS_WITH_AS(env.step(0), finished.c_str(), std::logic_error);
  env.reset(rng);
  CHECK_THROWS_WITH_AS(env.step(-1), (wrong_action + "-1").c_str(), std::invalid_argument);
  CHECK_THROWS_WITH_AS(env.step(3), (wrong_action + "3").c_str(), std::invalid_argument);
  while (!env.step(1).terminated) {}
  CHECK_THROWS_WITH_AS(env.step(0), finished.c_str(), std::logic_error);
}

/// A source whose number the test chooses.
struct Given {
  double u;
  double uniform() const { return u; }
};

}  // namespace

TEST_CASE("a bandit's arm pays its mean, give or take the noise") {
  const envs::Bandit::Means means = {1, 2, 3};
  envs::Bandit bandit(means, envs::Scalar(0.5));
  nn::Random rng(3);
  double sum = 0, smallest = 9, largest = -9;
  constexpr int count = 10'000;
  for (int i = 0; i < count; ++i) {
    bandit.reset(rng);
    const auto reward = static_cast<double>(bandit.step(1).reward);
    sum += reward;
    smallest = std::min(smallest, reward);
    largest = std::max(largest, reward);
  }
  CHECK(std::abs(sum / count - 2) < 5 * 0.5 / std::sqrt(3. * count));  // five standard errors
  CHECK(smallest >= 1.5);
  CHECK(largest <= 2.5);
  CHECK(largest - smallest > 0.99);
  for (const double u : {0., 0.25, 0.75}) {  // which number of the source pays what
    Given source{u};
    bandit.reset(source);
    CHECK(bandit.step(1).reward == 2 + envs::Scalar(0.5) * static_cast<envs::Scalar>(2 * u - 1));
  }
}

TEST_CASE("tinyMdp plays each trajectory as often as the oracle says") {
  nn::Random rng(11);
  nn::Network policy({3, 2}, nn::Activation::identity, rng, 2);
  nn::Matrix one_hot(3, 3), p(2, 3);
  for (std::size_t s = 0; s < 3; ++s) one_hot(s, s) = 1;
  nn::softmax(policy.feedforward(one_hot), p);
  for (const auto* world : {&envs::dense_world, &envs::delayed_world}) {
    const auto trajectories = rl::enumerate(*world, policy);
    envs::TinyMdp env(*world);
    std::vector<int> seen(trajectories.size());
    bool ends_in_time = true, pays_as_told = true;
    constexpr int episodes = 20'000;
    for (int i = 0; i < episodes; ++i) {
      rl::Trajectory path{};
      auto observation = env.reset(rng);
      for (std::size_t t = 0; t < 3; ++t) {
        path.states[t] = observation[0] == 1 ? 0 : observation[1] == 1 ? 1 : 2;
        path.actions[t] = rng.uniform() < static_cast<double>(p(0, path.states[t])) ? 0 : 1;
        const auto step = env.step(path.actions[t]);
        path.rewards[t] = step.reward;
        observation = step.observation;
        ends_in_time &= step.terminated == (t == 2);
      }
      std::size_t found = 0;
      while (trajectories[found].states != path.states || trajectories[found].actions != path.actions) ++found;
      pays_as_told &= trajectories[found].rewards == path.rewards;
      ++seen[found];
    }
    CHECK(ends_in_time);
    CHECK(pays_as_told);
    for (std::size_t i = 0; i < seen.size(); ++i) {
      const double expected = episodes * trajectories[i].probability;
      CHECK(std::abs(seen[i] - expected) < 5 * std::sqrt(expected) + 1);  // five standard errors
    }
  }
}

TEST_CASE("in a SyncVectorEnv each environment is one of its own, number for number") {
  envs::SyncVectorEnv<envs::Corridor> env(3);
  envs::Corridor alone;
  nn::Random rng(1);
  CHECK(env.running()[0] == 0);
  for (std::size_t n = 0; n < 3; ++n) env.reset(n, rng);
  auto observation = alone.reset(rng);
  for (const int action : {1, 0, 1, 1, 1, 1, 1}) {
    const int actions[] = {1, action, 0};
    env.step(actions);
    const auto step = alone.step(action);
    observation = step.observation;
    for (std::size_t row = 0; row < observation.size(); ++row) CHECK(env.observation(row)[1] == observation[row]);
    CHECK(env.rewards()[1] == step.reward);
    CHECK(env.running()[1] == int(!step.terminated));
  }
  CHECK(env.terminated()[0] == 1);  // went right five times, and then stood still
  CHECK(env.rewards()[0] == 0);
  CHECK(env.running()[2] == 1);
}

TEST_CASE("a SyncVectorEnv truncates after the time limit of what it is made of, as TimeLimit does") {
  envs::SyncVectorEnv<envs::Corridor> env(2);
  envs::TimeLimit<envs::Corridor> alone;
  nn::Random rng(1);
  env.reset(0, rng), env.reset(1, rng), alone.reset(rng);
  const int left[] = {0, 0};
  for (std::size_t t = 1; t <= envs::Corridor::max_episode_steps; ++t) {
    env.step(left);
    const bool truncated = alone.step(0).truncated;
    CHECK(env.truncated()[1] == int(truncated));
    CHECK(env.running()[1] == int(!truncated));
    CHECK(env.terminated()[1] == 0);
  }
  CHECK(env.truncated()[0] == 1);
}

TEST_CASE("a SyncVectorEnv refuses actions, environments and counts that do not exist, and then none has moved") {
  envs::SyncVectorEnv<envs::Corridor> env(3);
  nn::Random rng(1);
  reset_done(env, rng);
  const int two[] = {1, 1}, wrong[] = {1, 1, 2};
  CHECK_THROWS_WITH_AS(env.step(two), "Corridor::step: expected 3 actions, one per environment, got 2",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(env.step(wrong), "Corridor::step: expected an action from 0 to 1, got 2 in environment 2",
                       std::invalid_argument);
  CHECK(env.observation(0)[0] == 1);  // still in the first cell
  CHECK_THROWS_WITH_AS(env.reset(3, rng), "Corridor::reset: expected an environment below 3, got 3",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(envs::SyncVectorEnv<envs::Corridor>(0), "Corridor: expected at least 1 environment, got 0",
                       std::invalid_argument);
}

TEST_CASE("the small environments refuse actions that do not exist and steps after the end") {
  check_errors(envs::Bandit(), "Bandit::step: expected an action from 0 to 2, got ",
               "Bandit::step: expected a reset first, got a finished episode");
  check_errors(envs::NowOrLater(), "NowOrLater::step: expected an action from 0 to 1, got ",
               "NowOrLater::step: expected a reset first, got a finished episode");
  check_errors(envs::Corridor(), "Corridor::step: expected an action from 0 to 1, got ",
               "Corridor::step: expected a reset first, got a finished episode");
  check_errors(envs::TinyMdp(), "TinyMdp::step: expected an action from 0 to 1, got ",
               "TinyMdp::step: expected a reset first, got a finished episode");
}

}  // namespace test_discrete
