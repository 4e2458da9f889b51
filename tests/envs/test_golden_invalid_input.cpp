#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <stdexcept>

#include "envs/acrobot.hpp"
#include "envs/cartpole.hpp"
#include "envs/dynamics_vector_env.hpp"
#include "envs/mountain_car.hpp"
#include "envs/pendulum.hpp"
#include "nn/random.hpp"
#include "tests/golden.hpp"
#include "tests/support.hpp"

namespace test_golden_invalid_input {

/// What Gymnasium does with a step that makes no sense, and what is done here, case by case of invalid_input.csv:
///
///   action                           Gymnasium                           here
///   integer out of range             CartPole, MountainCar: assertion;   std::invalid_argument
///                                    Acrobot: -1 .. -3 count from the
///                                    end, others an IndexError
///   fraction for an integer          assertion or TypeError              does not compile (step(double) is deleted);
///                                                                        a VectorEnv: std::invalid_argument
///   None, text, list, array          assertion or TypeError              does not compile: no such type
///   True, integers of any width      accepted                            accepted
///   uint8 0 in MountainCar           wraps to 255: full speed            action 0
///   NaN                              state and reward NaN                std::invalid_argument
///   +-inf                            clipped; the charge may be          std::invalid_argument
///                                    infinite
///   1e30                             clipped; charged 1e59               the same in double; in float, whose range
///                                                                        ends before, std::invalid_argument
///   one number without its array     TypeError or IndexError             accepted: an action is one number
///   array of 0 or 2 numbers          IndexError; the second is ignored   std::invalid_argument: expected N actions
///   step before reset                ResetNeeded                         std::logic_error
///   step after the end               goes on, with a warning at most     std::logic_error
///
/// Seeds here are unsigned 64-bit numbers, so a negative one or a fraction is the compiler's business; a larger one is
/// a list of such numbers. Reset takes no options: reset_to(state) is checked in test_envs.cpp.

using namespace envs;

namespace {

enum class Does { accept, refuse, not_compile };
struct Case {
  Does does;
  double action = 0;
};

const std::map<std::string, Case> integers = {
    {"-1", {Does::refuse, -1}},
    {"-2", {Does::refuse, -2}},
    {"-3", {Does::refuse, -3}},
    {"-4", {Does::refuse, -4}},
    {"n", {Does::refuse, 100}},  // replaced by action_count
    {"n+7", {Does::refuse, 107}},
    {"True (bool)", {Does::accept, 1}},
    {"np.array(1)", {Does::accept, 1}},
    {"np.int32(1)", {Does::accept, 1}},
    {"np.uint8(0)", {Does::accept, 0}},
    {"1.0 (float)", {Does::not_compile}},
    {"0.5 (float)", {Does::not_compile}},
    {"None", {Does::not_compile}},
    {"'1' (str)", {Does::not_compile}},
    {"[1] (list)", {Does::not_compile}},
    {"np.array([1])", {Does::not_compile}},
    {"np.array(1.0)", {Does::not_compile}},
    {"np.float32(1)", {Does::not_compile}},
    {"nan", {Does::not_compile}},
};
const std::map<std::string, Case> numbers = {
    {"nan", {Does::refuse, NAN}},
    {"+inf", {Does::refuse, HUGE_VAL}},
    {"-inf", {Does::refuse, -HUGE_VAL}},
    {"1e30", {nn::is_double ? Does::accept : Does::refuse, 1e30}},
    {"0.5 (bare float)", {Does::accept, 0.5}},
    {"[0.5] (list)", {Does::accept, 0.5}},
    {"np.array(0.5) (0-d)", {Does::accept, 0.5}},
    {"np.array([[0.5]]) (2-d)", {Does::accept, 0.5}},
    {"np.array([1]) (int64)", {Does::accept, 1}},
    {"np.array([]) (empty)", {Does::not_compile}},  // one takes one number; a VectorEnv counts: test_envs.cpp
    {"np.array([0.5;0.9]) (2 elements)", {Does::not_compile}},
    {"None", {Does::not_compile}},
    {"'1' (str)", {Does::not_compile}},
};

template <class One, class Number>
constexpr bool compiles = requires(One env, Number action) {
  env.step(action);
};
static_assert(compiles<CartPole, int> && compiles<CartPole, bool> && compiles<Pendulum, Scalar>);
static_assert(!compiles<CartPole, double> && !compiles<CartPole, float> && !compiles<Acrobot, double>);
static_assert(!compiles<CartPole, const char*> && !compiles<CartPole, std::vector<int>>);
static_assert(!compiles<Pendulum, const char*> && !compiles<Pendulum, std::vector<Scalar>>);
static_assert(!compiles<CartPole, std::nullptr_t> && !compiles<Pendulum, std::nullptr_t>);

/// The numbers behind "state=" of a case that Gymnasium accepts.
std::vector<double> state_in(const std::string& detail) {
  std::vector<double> result;
  for (std::size_t at = detail.find("state=") + 6; at < detail.size();) {
    std::size_t length = 0;
    result.push_back(std::stod(detail.substr(at), &length));
    at += length;
    if (detail[at] != ';') break;
    ++at;
  }
  return result;
}

template <class Dynamics>
void check_steps() {
  constexpr bool discrete = std::is_same_v<typename Dynamics::Action, int>;
  const tests::Table table(tests::golden_folder() / "envs/invalid_input.csv");
  const auto name = table.texts("env"), call = table.texts("call"), input = table.texts("input");
  const auto result = table.texts("result"), detail = table.texts("detail");
  std::size_t seen = 0;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    if (name[i] != Dynamics::name || !call[i].starts_with("step")) continue;
    INFO(table.path().string() << ":" << table.lines()[i] << ": " << name[i] << ": " << input[i]);
    Env<Dynamics> env;
    if (call[i].starts_with("step before reset")) {
      CHECK_THROWS_AS(env.step(0), std::logic_error);
      continue;
    }
    const auto& cases = discrete ? integers : numbers;
    const auto found = cases.find(input[i]);
    REQUIRE_MESSAGE(found != cases.end(), "a case that this test does not know");
    auto [does, number] = found->second;
    if constexpr (discrete)
      if (number >= 100) number += Dynamics::action_count - 100;
    const auto action = static_cast<typename Dynamics::Action>(number);
    DynamicsVectorEnv<Dynamics> vector(1);
    nn::Random rng(3), same(3);
    env.reset(rng), vector.reset(0, same);
    ++seen;
    if (does == Does::refuse) {
      CHECK_THROWS_AS(env.step(action), std::invalid_argument);
      CHECK_THROWS_AS(vector.step(std::vector{action}), std::invalid_argument);
    }
    if (does != Does::accept || result[i] != "accepted") continue;
    if (name[i] == "MountainCar-v0" && input[i] == "np.uint8(0)") continue;  // Gymnasium's accident
    env.step(action), vector.step(std::vector{action});
    const auto expected = state_in(detail[i]);
    REQUIRE(expected.size() == variable_count<Dynamics>);
    double off = 0;
    unrolled<variable_count<Dynamics>>([&](auto row) {
      for (const Scalar got : {env.state().*variable<Dynamics, row>, vector.state(0).*variable<Dynamics, row>})
        off = std::max(off, std::abs(static_cast<double>(got) - expected[row]));
    });
    CHECK(off < tests::within(1.3e-7, 2e-6));
  }
  CHECK(seen > 0);
}

}  // namespace

TEST_CASE("each step that Gymnasium was asked for in vain is refused, does not compile, or does what it does there") {
  check_steps<CartPoleDynamics>();
  check_steps<MountainCarDynamics>();
  check_steps<AcrobotDynamics>();
  check_steps<MountainCarContinuousDynamics>();
  check_steps<PendulumDynamics>();
}

}  // namespace test_golden_invalid_input
