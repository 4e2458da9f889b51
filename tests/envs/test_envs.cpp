#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "envs/acrobot.hpp"
#include "envs/cartpole.hpp"
#include "envs/dynamics_vector_env.hpp"
#include "envs/mountain_car.hpp"
#include "envs/pendulum.hpp"
#include "envs/registry.hpp"
#include "nn/random.hpp"

namespace test_envs {

using namespace envs;

namespace {

template <class Dynamics>
typename Dynamics::Action random_action(nn::Random& rng) {
  if constexpr (std::is_same_v<typename Dynamics::Action, int>)
    return static_cast<int>(rng.uniform() * Dynamics::action_count);
  else
    return static_cast<Scalar>(rng.uniform(-1.5, 1.5)) * Dynamics::action_high;
}

/// Everything that can be seen of an environment.
template <class Env>
std::vector<Scalar> observations(const Env& env) {
  std::vector<Scalar> seen;
  for (std::size_t row = 0; row < env.spec().observation_size; ++row)
    seen.insert(seen.end(), env.observation(row).begin(), env.observation(row).end());
  return seen;
}

/// N environments side by side and N single ones with the same actions and the same sources, episode after episode.
/// Environment 0 starts each time at `start`. Returns the number of episodes, and of those that were truncated; checks
/// that no bit differs.
template <class Dynamics>
std::array<std::size_t, 2> play_both(std::size_t limit, typename Dynamics::State start) {
  constexpr std::size_t count = 19;
  DynamicsVectorEnv<Dynamics> together(count, limit);
  std::vector<TimeLimit<Env<Dynamics>>> alone(count, TimeLimit<Env<Dynamics>>({}, limit));
  std::vector<nn::Random> source_together, source_alone;
  const auto reset = [&](std::size_t n) {
    together.reset(n, source_together[n]);
    alone[n].reset(source_alone[n]);
    if (n > 0) return;
    together.reset_to(0, start);
    alone[0].environment().reset_to(start);
  };
  for (std::size_t n = 0; n < count; ++n) {
    source_together.emplace_back(n);
    source_alone.emplace_back(n);
    reset(n);
  }
  nn::Random rng(61);
  std::array<std::size_t, 2> seen{};
  bool equal = true;
  for (int step = 0; step < 400; ++step) {
    std::vector<typename Dynamics::Action> actions(count);
    for (auto& action : actions) action = random_action<Dynamics>(rng);
    together.step(actions);
    for (std::size_t n = 0; n < count; ++n) {
      const auto one = alone[n].step(actions[n]);
      for (std::size_t row = 0; row < Dynamics::observation_size; ++row)
        equal = equal && one.observation[row] == together.observation(row)[n];
      equal = equal && one.reward == together.rewards()[n];
      equal = equal && one.terminated == (together.terminated()[n] == 1);
      equal = equal && one.truncated == (together.truncated()[n] == 1);
      const bool done = one.terminated || one.truncated;
      equal = equal && together.was_running()[n] == 1;
      equal = equal && together.running()[n] == int(!done);
      if (!done) continue;
      ++seen[0], seen[1] += one.truncated;
      reset(n);
    }
  }
  INFO(std::string(Dynamics::name));
  CHECK(equal);
  return seen;
}

/// What both forms say of an action that does not exist, a state that is not finite, an environment, a count.
template <class Dynamics>
void check_refusals(std::vector<typename Dynamics::Action> wrong, const std::string& got) {
  const std::string who = Dynamics::class_name, id = Dynamics::name;
  INFO(who);
  nn::Random source(3);
  Env<Dynamics> env;
  DynamicsVectorEnv<Dynamics> two(2);
  using Action = typename Dynamics::Action;
  CHECK_THROWS_WITH_AS(env.step(Action(0)), (who + "::step: expected a reset first, got a finished episode").c_str(),
                       std::logic_error);
  env.reset(source);
  const auto before = env.state();
  for (const Action action : wrong) {
    CHECK_THROWS_AS(env.step(action), std::invalid_argument);
    two.reset(0, source), two.reset(1, source);
    const auto seen = observations(two);
    CHECK_THROWS_AS(two.step(std::vector<Action>{0, action}), std::invalid_argument);
    CHECK(observations(two) == seen);
  }
  CHECK(env.state().*variable<Dynamics, 0> == before.*variable<Dynamics, 0>);
  const std::string expected = std::string("::step: expected ") + Dynamics::expected_action + ", got " + got;
  CHECK_THROWS_WITH(env.step(wrong[0]), (who + expected).c_str());
  CHECK_THROWS_WITH(two.step(std::vector<Action>{0, wrong[0]}), (id + expected + " in environment 1").c_str());
  CHECK_THROWS_WITH(two.step(std::vector<Action>{0}),
                    (id + "::step: expected 2 actions, one per environment, got 1").c_str());
  CHECK_THROWS_AS(two.step(std::vector<Action>(3)), std::invalid_argument);
  CHECK_THROWS_WITH(two.reset(2, source), (id + "::reset: expected an environment below 2, got 2").c_str());
  CHECK_THROWS_WITH(DynamicsVectorEnv<Dynamics>(0), (id + ": expected at least 1 environment, got 0").c_str());
  typename Dynamics::State state{};
  CHECK_THROWS_WITH(two.reset_to(3, state), (id + "::reset_to: expected an environment below 2, got 3").c_str());
  state.*variable<Dynamics, variable_count<Dynamics> - 1> = infinity;
  CHECK_THROWS_AS(env.reset_to(state), std::invalid_argument);
  CHECK_THROWS_AS(two.reset_to(1, state), std::invalid_argument);
}

}  // namespace

TEST_CASE("environment n is a single one, bit for bit, resets, time limit and angles of any size included") {
  const auto cart = play_both<CartPoleDynamics>(15, {0, 0, 0, 0});
  CHECK(cart[0] > 400);
  CHECK(cart[1] > 100);
  CHECK(cart[0] > cart[1] + 100);
  CHECK(play_both<CartPoleDynamics>(60, {0, 0, 1000, 1})[0] > 400);
  CHECK(play_both<MountainCarDynamics>(60, {Scalar(0.4), Scalar(0.05)})[0] > 200);
  CHECK(play_both<MountainCarContinuousDynamics>(60, {Scalar(0.4), Scalar(0.05)})[0] > 200);
  CHECK(play_both<AcrobotDynamics>(60, {-1000, 300, 1, -2})[0] > 100);
  CHECK(play_both<PendulumDynamics>(60, {250, 4})[1] > 100);
}

TEST_CASE("an environment whose episode has ended stands still, with reward 0, until its reset") {
  DynamicsVectorEnv<CartPoleDynamics> env(3);
  nn::Random source(1);
  for (const std::size_t n : {0u, 1u, 2u}) env.reset(n, source);
  env.reset_to(1, {Scalar(2.39), 5, 0, 0});  // about to leave the track
  const std::vector<int> right(3, 1);
  env.step(right);
  CHECK(env.terminated()[1] == 1);
  CHECK(env.rewards()[1] == 1);
  CHECK(env.was_running()[1] == 1);
  const Scalar x = env.observation(0)[1], moving = env.observation(0)[0];
  env.step(right);
  CHECK(env.observation(0)[1] == x);
  CHECK(env.rewards()[1] == 0);
  CHECK(env.terminated()[1] == 1);
  CHECK(env.was_running()[1] == 0);
  CHECK(env.observation(0)[0] != moving);
  const Scalar kept = env.observation(0)[0];
  reset_done(env, source);
  CHECK(env.running()[1] == 1);
  CHECK(env.terminated()[1] == 0);
  CHECK(std::abs(env.observation(0)[1]) <= Scalar(0.05));
  CHECK(env.observation(0)[0] == kept);
}

TEST_CASE("an environment that is stopped stands still until its reset, and neither terminates nor is truncated") {
  DynamicsVectorEnv<CartPoleDynamics> env(2);
  nn::Random source(1);
  env.reset(0, source), env.reset(1, source);
  env.stop(1);
  const auto before = env.state(1);
  for (int i = 0; i < 3; ++i) env.step(std::vector<int>{1, 1});
  CHECK(env.state(1).x_dot == before.x_dot);
  CHECK(env.running()[1] == 0);
  CHECK(env.terminated()[1] == 0);
  CHECK(env.truncated()[1] == 0);
  CHECK(env.running()[0] == 1);

  env.reset_to(1, {0, 0, 1000, 1});  // an angle for the slow way
  env.stop(1);
  env.step(std::vector<int>{1, 1});
  CHECK(env.state(1).x_dot == 0);
  CHECK(env.state(1).theta == 1000);
  CHECK(env.rewards()[1] == 0);
  CHECK(env.terminated()[1] == 0);
  CHECK(env.rewards()[0] == 1);
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
  DynamicsVectorEnv<CartPoleDynamics> env(1, 2);
  nn::Random source(2);
  env.reset(0, source);
  for (int i = 0; i < 3; ++i) CHECK_THROWS_AS(env.step(std::vector<int>{2}), std::invalid_argument);
  env.step(std::vector<int>{1});
  CHECK(env.truncated()[0] == 0);
  env.step(std::vector<int>{1});
  CHECK(env.truncated()[0] == 1);
  CHECK(env.running()[0] == 0);
}

TEST_CASE("every environment refuses what does not exist, in one line that names the place; and nothing has moved") {
  check_refusals<CartPoleDynamics>({2, -1, 9}, "2");
  check_refusals<MountainCarDynamics>({3, -1, 10}, "3");
  check_refusals<AcrobotDynamics>({-1, 3, -2, -3, -4}, "-1");
  check_refusals<MountainCarContinuousDynamics>({Scalar(NAN), infinity, -infinity}, "nan");
  check_refusals<PendulumDynamics>({-infinity, infinity, Scalar(NAN)}, "-inf");
  CartPole env;
  CHECK_THROWS_WITH(env.reset_to({0, Scalar(NAN), 0, 0}),
                    "CartPole::reset_to: expected a finite state, got 0, nan, 0, 0");
  DynamicsVectorEnv<CartPoleDynamics> one(1);
  CHECK_THROWS_WITH(one.reset_to(0, {0, Scalar(NAN), 0, 0}),
                    "CartPole-v1::reset_to: expected a finite state, got 0, nan, 0, 0");
  env.reset_to({3, 0, 0, 0});
  CHECK(env.step(0).terminated);
  CHECK_THROWS_AS(env.step(0), std::logic_error);
}

TEST_CASE("a fraction is no index: where actions are counted it is refused, and then nothing has moved") {
  const auto env = make_vec("CartPole-v1", 2);
  nn::Random source(6);
  reset_done(*env, source);
  const auto before = observations(*env);
  CHECK_THROWS_WITH_AS(env->step(std::vector<Scalar>{1, Scalar(0.5)}),
                       "CartPole-v1::step: expected action 0 (left) or 1 (right), got 0.5 in environment 1",
                       std::invalid_argument);
  CHECK_THROWS_AS(env->step(std::vector<Scalar>{Scalar(NAN), 1}), std::invalid_argument);
  CHECK(observations(*env) == before);
  env->step(std::vector<Scalar>{1, 0});
  CHECK(observations(*env) != before);
}

TEST_CASE("a step takes the actions that stand in actions(), as it takes those of a span, bit for bit") {
  for (const char* id : {"CartPole-v1", "Pendulum-v1", "Acrobot-v1", "Corridor"}) {
    INFO(std::string(id));
    constexpr std::size_t count = 5;
    const auto rows = make_vec(id, count), span = rows->make(count);
    nn::Random source(7), same(7), rng(8);
    bool equal = true;
    for (int step = 0; step < 50; ++step) {
      reset_done(*rows, source), reset_done(*span, same);
      std::vector<Scalar> actions(count);
      for (Scalar& action : actions) action = rng.uniform() < 0.5 ? 0 : 1;
      for (std::size_t n = 0; n < count; ++n) rows->actions()[n] = actions[n];
      rows->step();
      if (step % 2 == 0)
        span->step(actions);
      else
        span->step(std::vector<int>(actions.begin(), actions.end()));
      equal = equal && observations(*rows) == observations(*span);
      equal = equal && std::ranges::equal(rows->rewards(), span->rewards());
      equal = equal && std::ranges::equal(rows->running(), span->running());
    }
    CHECK(equal);
  }
}

TEST_CASE("make_vec makes every environment by its name, as many side by side as one likes") {
  const auto check = [](std::string_view id, std::size_t observation_size, std::size_t action_count,
                        std::string_view name = "") {
    INFO(std::string(id));
    if (name.empty()) name = id;
    const auto env = make_vec(id, 3);
    CHECK(env->spec().id == name);
    CHECK(env->num_envs() == 3);
    CHECK(env->spec().observation_size == observation_size);
    CHECK(env->spec().action_size == 1);
    CHECK(env->spec().action_count == action_count);
    CHECK(env->rewards().size() == 3);
    if (!env->spec().is_sparse()) CHECK(env->observation(observation_size - 1).size() == 3);
    CHECK(env->whole_observation(2).size() == observation_size);
    CHECK(env->running()[2] == 0);  // each waits for its reset
    nn::Random source(9);
    reset_done(*env, source);
    env->step(std::vector<int>(3, 1));
    CHECK(env->was_running()[2] == 1);
    const auto more = env->make(20);
    CHECK(more->num_envs() == 20);
    CHECK(more->spec().id == name);
    CHECK(more->running()[0] == 0);
  };
  check("CartPole-v1", 4, 2);
  check("Pendulum-v1", 3, 0);
  check("Acrobot-v1", 6, 3);
  check("MountainCar-v0", 2, 3);
  check("MountainCarContinuous-v0", 2, 0);
  check("Bandit", 1, 3);
  check("Corridor", 6, 2);
  for (const char* id : {"Words-alternating", "Words-palindrome", "Words-ending", "Words-four-letters"})
    check(id, 108, 27, "Words");
  check("Pong", 6400, 2);
  check("PongPoint", 6400, 2);
}

TEST_CASE("make_vec answers a name that it does not know with those that it knows") {
  CHECK_THROWS_WITH_AS(make_vec("CartPole", 8),
                       "make_vec: expected one of CartPole-v1, Pendulum-v1, Acrobot-v1, MountainCar-v0, "
                       "MountainCarContinuous-v0, Bandit, Corridor, Words-alternating, Words-palindrome, Words-ending, "
                       "Words-four-letters, Pong, PongPoint, got 'CartPole'",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(make_vec("Corridor", 0), "Corridor: expected at least 1 environment, got 0",
                       std::invalid_argument);
}

TEST_CASE("a continuous action is clipped by the environment; MountainCarContinuous charges it as it came") {
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

}  // namespace test_envs
