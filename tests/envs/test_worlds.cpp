#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "envs/acrobot.hpp"
#include "envs/cartpole.hpp"
#include "envs/mountain_car.hpp"
#include "envs/pendulum.hpp"
#include "nn/random.hpp"

namespace test_worlds {

using namespace envs;

namespace {

template <class Spec>
typename Spec::Action random_action(nn::Random& rng) {
  if constexpr (std::is_same_v<typename Spec::Action, int>)
    return static_cast<int>(rng.uniform() * Spec::action_count);
  else
    return static_cast<Scalar>(rng.uniform(-1.5, 1.5)) * Spec::action_high;
}

/// N lanes and N single worlds with the same actions and the same sources, episode after episode. Lane 0 starts each
/// time at `start`. Returns the number of episodes, and of those that were truncated; none if a bit differs.
template <class Spec>
std::array<std::size_t, 2> play_both(std::size_t limit, typename Spec::State start) {
  constexpr std::size_t lanes = 19;
  VectorTimeLimit<VectorWorld<Spec>> together(lanes, limit);
  std::vector<TimeLimit<World<Spec>>> alone(lanes, TimeLimit<World<Spec>>({}, limit));
  std::vector<nn::Random> source_together, source_alone;
  const auto reset = [&](std::size_t n) {
    together.reset(n, source_together[n]);
    alone[n].reset(source_alone[n]);
    if (n > 0) return;
    together.reset_to(0, start);
    alone[0].environment().reset_to(start);
  };
  for (std::size_t n = 0; n < lanes; ++n) {
    source_together.emplace_back(n);
    source_alone.emplace_back(n);
    reset(n);
  }
  nn::Random rng(61);
  std::array<std::size_t, 2> seen{};
  bool equal = true;
  for (int step = 0; step < 400; ++step) {
    std::vector<typename Spec::Action> actions(lanes);
    for (auto& action : actions) action = random_action<Spec>(rng);
    together.step(actions);
    for (std::size_t n = 0; n < lanes; ++n) {
      const auto one = alone[n].step(actions[n]);
      for (std::size_t row = 0; row < Spec::observation_size; ++row)
        equal = equal && one.observation[row] == together.observations()[row * lanes + n];
      equal = equal && one.reward == together.rewards()[n];
      equal = equal && one.terminated == (together.terminated()[n] == 1);
      equal = equal && one.truncated == (together.truncated()[n] == 1);
      const bool done = one.terminated || one.truncated;
      equal = equal && together.running()[n] == int(!done);
      if (!done) continue;
      ++seen[0], seen[1] += one.truncated;
      reset(n);
    }
  }
  INFO(std::string(Spec::name));
  CHECK(equal);
  return seen;
}

/// What both forms say of an action that does not exist, a state that is not finite, a lane, a count.
template <class Spec>
void check_refusals(std::vector<typename Spec::Action> wrong, const std::string& got) {
  const std::string who = Spec::class_name;
  INFO(who);
  nn::Random source(3);
  World<Spec> env;
  VectorWorld<Spec> lanes(2);
  using Action = typename Spec::Action;
  CHECK_THROWS_WITH_AS(env.step(Action(0)), (who + "::step: expected a reset first, got a finished episode").c_str(),
                       std::logic_error);
  env.reset(source);
  const auto before = env.state();
  for (const Action action : wrong) {
    CHECK_THROWS_AS(env.step(action), std::invalid_argument);
    lanes.reset(0, source), lanes.reset(1, source);
    const std::vector<Scalar> seen(lanes.observations().begin(), lanes.observations().end());
    CHECK_THROWS_AS(lanes.step(std::vector<Action>{0, action}), std::invalid_argument);
    CHECK(std::ranges::equal(seen, lanes.observations()));
  }
  CHECK(env.state().*variable<Spec, 0> == before.*variable<Spec, 0>);
  const std::string expected = std::string("::step: expected ") + Spec::expected_action + ", got " + got;
  CHECK_THROWS_WITH(env.step(wrong[0]), (who + expected).c_str());
  CHECK_THROWS_WITH(lanes.step(std::vector<Action>{0, wrong[0]}), ("Vector" + who + expected + " in lane 1").c_str());
  CHECK_THROWS_WITH(lanes.step(std::vector<Action>{0}),
                    ("Vector" + who + "::step: expected 2 actions, one per lane, got 1").c_str());
  CHECK_THROWS_AS(lanes.step(std::vector<Action>(3)), std::invalid_argument);
  CHECK_THROWS_WITH(lanes.reset(2, source), ("Vector" + who + "::reset: expected a lane below 2, got 2").c_str());
  CHECK_THROWS_WITH(VectorWorld<Spec>(0), ("Vector" + who + ": expected at least 1 lane, got 0").c_str());
  typename Spec::State state{};
  state.*variable<Spec, variable_count<Spec> - 1> = infinity;
  CHECK_THROWS_AS(env.reset_to(state), std::invalid_argument);
  CHECK_THROWS_AS(lanes.reset_to(1, state), std::invalid_argument);
}

}  // namespace

TEST_CASE("every lane is a single world, bit for bit, resets, time limit and angles of any size included") {
  const auto cart = play_both<CartPoleSpec>(15, {0, 0, 0, 0});
  CHECK(cart[0] > 400);
  CHECK(cart[1] > 100);
  CHECK(cart[0] > cart[1] + 100);
  CHECK(play_both<CartPoleSpec>(60, {0, 0, 1000, 1})[0] > 400);
  CHECK(play_both<MountainCarSpec>(60, {Scalar(0.4), Scalar(0.05)})[0] > 200);
  CHECK(play_both<MountainCarContinuousSpec>(60, {Scalar(0.4), Scalar(0.05)})[0] > 200);
  CHECK(play_both<AcrobotSpec>(60, {-1000, 300, 1, -2})[0] > 100);
  CHECK(play_both<PendulumSpec>(60, {250, 4})[1] > 100);
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
  const Scalar kept = lanes.observations()[0];
  reset_done(lanes, source);
  CHECK(lanes.running()[1] == 1);
  CHECK(lanes.terminated()[1] == 0);
  CHECK(std::abs(lanes.observations()[1]) <= Scalar(0.05));
  CHECK(lanes.observations()[0] == kept);
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
  CHECK_THROWS_WITH(env.step(0), "TimeLimit::step: expected a reset first, got a finished episode");
  env.reset(source);
  env.step(0), env.step(1);
  env.environment().reset_to({Scalar(2.39), 5, 0, 0});
  const auto both = env.step(0);
  CHECK(both.truncated);
  CHECK(both.terminated);
}

TEST_CASE("a step that was refused does not count towards the time limit") {
  VectorTimeLimit<VectorCartPole> lanes(1, 2);
  nn::Random source(2);
  lanes.reset(0, source);
  for (int i = 0; i < 3; ++i) CHECK_THROWS_AS(lanes.step(std::vector<int>{2}), std::invalid_argument);
  lanes.step(std::vector<int>{1});
  CHECK(lanes.truncated()[0] == 0);
  lanes.step(std::vector<int>{1});
  CHECK(lanes.truncated()[0] == 1);
  CHECK(lanes.running()[0] == 0);
}

TEST_CASE("every world refuses what does not exist, in one line that names the place; and then nothing has moved") {
  check_refusals<CartPoleSpec>({2, -1, 9}, "2");
  check_refusals<MountainCarSpec>({3, -1, 10}, "3");
  check_refusals<AcrobotSpec>({-1, 3, -2, -3, -4}, "-1");
  check_refusals<MountainCarContinuousSpec>({Scalar(NAN), infinity, -infinity}, "nan");
  check_refusals<PendulumSpec>({-infinity, infinity, Scalar(NAN)}, "-inf");
  CartPole env;
  CHECK_THROWS_WITH(env.reset_to({0, Scalar(NAN), 0, 0}),
                    "CartPole::reset_to: expected a finite state, got 0, nan, 0, 0");
  env.reset_to({3, 0, 0, 0});
  CHECK(env.step(0).terminated);
  CHECK_THROWS_AS(env.step(0), std::logic_error);
}

TEST_CASE("a continuous action is clipped by the world; MountainCarContinuous charges it as it came") {
  nn::Random source(4);
  for (const Scalar sign : {Scalar(1), Scalar(-1)}) {
    Pendulum inside, outside;
    inside.reset_to({1, 2}), outside.reset_to({1, 2});
    const auto a = inside.step(sign * Pendulum::action_high), b = outside.step(sign * 7);
    CHECK(a.observation == b.observation);
    CHECK(a.reward == b.reward);
    MountainCarContinuous in, out;
    in.reset_to({Scalar(-0.5), 0}), out.reset_to({Scalar(-0.5), 0});
    const auto c = in.step(sign), d = out.step(sign * 3);
    CHECK(c.observation == d.observation);
    CHECK(c.reward == doctest::Approx(-0.1));
    CHECK(d.reward == doctest::Approx(-0.9));
  }
}

TEST_CASE("MountainCarContinuous keeps its state in float32, as Gymnasium does; only a start may have more digits") {
  MountainCarContinuous env;
  nn::Random source(5);
  env.reset(source);
  const auto is_float = [](Scalar x) { return static_cast<Scalar>(static_cast<float>(x)) == x; };
  CHECK(is_float(env.state().position) == std::is_same_v<Scalar, float>);
  bool all = true;
  for (int i = 0; i < 50; ++i) {
    env.step(Scalar(0.3));
    all = all && is_float(env.state().position) && is_float(env.state().velocity);
  }
  CHECK(all);
}

}  // namespace test_worlds
