#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "envs/cartpole.hpp"
#include "nn/random.hpp"

using namespace envs;

TEST_CASE("every lane of VectorCartPole is a CartPole, bit for bit, resets included") {
  constexpr std::size_t lanes = 19;
  VectorTimeLimit<VectorCartPole> together(lanes, 60);
  std::vector<TimeLimit<CartPole>> alone(lanes, TimeLimit<CartPole>(CartPole{}, 60));
  std::vector<nn::Random> source_together, source_alone;
  for (std::size_t n = 0; n < lanes; ++n) {
    source_together.emplace_back(n);
    source_alone.emplace_back(n);
    together.reset(n, source_together[n]);
    alone[n].reset(source_alone[n]);
  }
  nn::Random rng(61);
  std::size_t episodes = 0, truncations = 0;
  bool equal = true;
  for (int step = 0; step < 400; ++step) {
    std::vector<int> actions(lanes);
    for (std::size_t n = 0; n < lanes; ++n) {  // lanes 0 and 1 balance, so that some episodes are truncated
      const Scalar lean = together.observations()[2 * lanes + n] + together.observations()[3 * lanes + n];
      actions[n] = n < 2 ? (lean > 0) : rng.uniform() < 0.5;
    }
    together.step(actions);
    for (std::size_t n = 0; n < lanes; ++n) {
      const auto one = alone[n].step(actions[n]);
      for (std::size_t row = 0; row < 4; ++row)
        equal = equal && one.observation[row] == together.observations()[row * lanes + n];
      equal = equal && one.reward == together.rewards()[n];
      equal =
          equal && one.terminated == (together.terminated()[n] != 0) && one.truncated == (together.truncated()[n] != 0);
      equal = equal && (one.terminated || one.truncated) == (together.running()[n] == 0);
      if (one.terminated || one.truncated) {
        ++episodes, truncations += one.truncated;
        together.reset(n, source_together[n]);
        alone[n].reset(source_alone[n]);
      }
    }
  }
  CHECK(equal);
  CHECK(episodes > 100);
  CHECK(truncations >= 5);
}

TEST_CASE("a lane whose episode has ended stands still, with reward 0, until its reset") {
  VectorCartPole lanes(3);
  nn::Random source(1);
  for (const std::size_t n : {0u, 1u, 2u}) lanes.reset(n, source);
  lanes.reset_to(1, {Scalar(2.39), 5, 0, 0});  // about to leave the track
  const std::vector<int> right(3, 1);
  lanes.step(right);
  CHECK(lanes.terminated()[1] == 1);
  CHECK(lanes.rewards()[1] == 1);
  const Scalar x = lanes.observations()[1], moving = lanes.observations()[0];
  lanes.step(right);
  CHECK(lanes.observations()[1] == x);
  CHECK(lanes.rewards()[1] == 0);
  CHECK(lanes.terminated()[1] == 1);
  CHECK(lanes.observations()[0] != moving);
  lanes.reset(1, source);
  CHECK(lanes.running()[1] == 1);
  CHECK(lanes.terminated()[1] == 0);
}

TEST_CASE("the time limit truncates and does not terminate; both can happen on one step") {
  TimeLimit<CartPole> env(CartPole{}, 3);
  nn::Random source(2);
  env.reset(source);
  CHECK_FALSE(env.step(0).truncated);
  CHECK_FALSE(env.step(1).truncated);
  const auto last = env.step(0);
  CHECK(last.truncated);
  CHECK_FALSE(last.terminated);
  env.reset(source);
  env.step(0), env.step(1);
  env.environment().reset_to({Scalar(2.39), 5, 0, 0});
  const auto both = env.step(0);
  CHECK(both.truncated);
  CHECK(both.terminated);
}

TEST_CASE("CartPole refuses unknown actions, finished episodes and states that are not finite") {
  CartPole env;
  CHECK_THROWS_WITH(env.step(0), "CartPole::step: expected a reset first, got a finished episode");
  nn::Random source(3);
  env.reset(source);
  CHECK_THROWS_WITH(env.step(2), "CartPole::step: expected action 0 (left) or 1 (right), got 2");
  CHECK_THROWS_AS(env.step(-1), std::invalid_argument);
  CHECK_THROWS_WITH(env.reset_to({0, Scalar(NAN), 0, 0}),
                    "CartPole::reset_to: expected a finite state, got 0, nan, 0, 0");
  env.reset_to({3, 0, 0, 0});
  CHECK(env.step(0).terminated);
  CHECK_THROWS_AS(env.step(0), std::logic_error);
  TimeLimit<CartPole> limited(CartPole{}, 1);
  limited.reset(source);
  limited.step(0);
  CHECK_THROWS_WITH(limited.step(0), "TimeLimit::step: expected a reset first, got a finished episode");

  CHECK_THROWS_WITH(VectorCartPole(0), "VectorCartPole: expected at least 1 lane, got 0");
  VectorCartPole lanes(2);
  lanes.reset(0, source), lanes.reset(1, source);
  const std::vector<Scalar> before(lanes.observations().begin(), lanes.observations().end());
  CHECK_THROWS_WITH(lanes.step(std::vector<int>{0}), "VectorCartPole::step: expected 2 actions, one per lane, got 1");
  CHECK_THROWS_AS(lanes.step(std::vector<int>{0, 7}), std::invalid_argument);
  CHECK(std::ranges::equal(before, lanes.observations()));
  CHECK_THROWS_WITH(lanes.reset(2, source), "VectorCartPole::reset: expected a lane below 2, got 2");
}
