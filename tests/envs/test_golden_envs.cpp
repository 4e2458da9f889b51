#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "envs/acrobot.hpp"
#include "envs/cartpole.hpp"
#include "envs/dynamics_vector_env.hpp"
#include "envs/mountain_car.hpp"
#include "envs/pendulum.hpp"
#include "envs/registry.hpp"
#include "nn/random.hpp"
#include "tests/golden.hpp"
#include "tests/support.hpp"

namespace test_golden_envs {

using namespace envs;
using tests::within;

namespace {

/// One line of a trajectory; lines[0] is the initial state.
struct Line {
  double action;
  std::array<double, 4> state;
  std::array<double, 6> observation;
  double reward;
  bool terminated, truncated;
  std::string place;  // PATH:LINE
};
struct Trajectory {
  std::string label, end;
  bool starts_at_reset, last_bit;
  std::size_t end_step;
  std::uint64_t seed;
  std::vector<Line> lines;
};

/// The trajectories of NAME.index.csv whose steps are in NAME + suffix + .csv.
template <class Dynamics>
std::vector<Trajectory> read_trajectories(const std::string& suffix) {
  const auto folder = tests::golden_folder() / "trajectories";
  const std::string name = Dynamics::name;
  const tests::Table index(folder / (name + ".index.csv")), table(folder / (name + suffix + ".csv"));
  const auto columns = [&](const char* letter, std::size_t count) {
    std::vector<std::vector<double>> result;
    for (std::size_t i = 0; i < count; ++i) result.push_back(table.numbers(letter + std::to_string(i)));
    return result;
  };
  const auto state = columns("s", variable_count<Dynamics>);
  const auto observation = columns("o", shows_state<Dynamics> ? 0 : Dynamics::observation_size);
  const auto numbers = index.integers("traj"), last_bit = index.integers("lastbit"), length = index.integers("rows");
  const auto label = index.texts("label"), init = index.texts("init"), seed = index.texts("seed");
  const auto end = index.texts("end"), end_step = index.texts("end_step");
  const auto traj = table.integers("traj"), step = table.integers("step");
  const auto terminated = table.integers("terminated"), truncated = table.integers("truncated");
  const auto lines = table.lines();
  const auto action = table.numbers("action"), reward = table.numbers("reward");
  std::vector<Trajectory> result;
  std::size_t row = 0;
  for (std::size_t i = 0; i < index.rows(); ++i) {
    Trajectory one{label[i], end[i], init[i] == "reset", last_bit[i] == 1, std::stoul(end_step[i]), 0, {}};
    if (one.starts_at_reset) one.seed = std::stoull(seed[i]);
    for (; row < table.rows() && traj[row] == numbers[i]; ++row) {
      if (step[row] != one.lines.size())
        FAIL(table.path().string() << ":" << lines[row] << ": expected the steps of a trajectory in order");
      Line line{action[row],
                {},
                {},
                reward[row],
                terminated[row] == 1,
                truncated[row] == 1,
                table.path().string() + ":" + std::to_string(lines[row])};
      for (std::size_t k = 0; k < state.size(); ++k) line.state[k] = state[k][row];
      for (std::size_t k = 0; k < observation.size(); ++k) line.observation[k] = observation[k][row];
      one.lines.push_back(line);
    }
    if (one.lines.empty()) continue;
    INFO(index.path().string() << ":" << index.lines()[i]);
    REQUIRE(one.lines.size() == length[i]);
    result.push_back(one);
  }
  INFO("the first line of no trajectory: " << table.path().string() << ":" << lines[std::min(row, lines.size() - 1)]);
  REQUIRE(row == table.rows());
  return result;
}

template <class Dynamics>
typename Dynamics::State state_of(const Line& line) {
  typename Dynamics::State state{};
  unrolled<variable_count<Dynamics>>(
      [&](auto row) { state.*variable<Dynamics, row> = static_cast<Scalar>(line.state[row]); });
  return state;
}
template <class Dynamics>
typename Dynamics::Action action_of(const Line& line) {
  return static_cast<typename Dynamics::Action>(line.action);
}

/// The largest difference of the numbers, relative to the largest of them, or to 1; infinite for NaN. Acrobot's angles
/// may differ by a turn at +-pi.
template <class Dynamics>
double distance(const typename Dynamics::State& got, const Line& expected) {
  double size = 1, largest = 0;
  for (const double x : expected.state) size = std::max(size, std::abs(x));
  unrolled<variable_count<Dynamics>>([&](auto row) {
    double off = std::abs(static_cast<double>(got.*variable<Dynamics, row>) - expected.state[row]);
    if (std::is_same_v<Dynamics, AcrobotDynamics> && row < 2) off = std::min(off, std::abs(off - 2 * pi));
    largest = std::isnan(off) ? HUGE_VAL : std::max(largest, off / size);
  });
  return largest;
}

/// How far a state is from where the flag changes. In float a flag nearer than the rounding may be either.
template <class Dynamics>
double margin(const Line& line) {
  const auto& s = line.state;
  if (std::is_same_v<Dynamics, CartPoleDynamics>)
    return std::min(std::abs(std::abs(s[0]) - 2.4), std::abs(std::abs(s[2]) - 0.20943951023931953));
  if (std::is_same_v<Dynamics, AcrobotDynamics>) return std::abs(-std::cos(s[0]) - std::cos(s[0] + s[1]) - 1);
  if (std::is_same_v<Dynamics, PendulumDynamics>) return 1;
  const double goal = std::is_same_v<Dynamics, MountainCarDynamics> ? 0.5 : 0.45;
  return s[0] < goal - 1e-3 ? 1 : std::min(std::abs(s[0] - goal), std::abs(s[1]));
}

/// Sets the state of every line, applies the action of the next, compares; alone, and all of them side by side.
template <class Dynamics>
void compare_steps(const std::string& suffix, double state_tolerance, double reward_tolerance) {
  struct Pair {
    const Line *before, *after;
    bool sure, running;
  };
  const auto trajectories = read_trajectories<Dynamics>(suffix);
  std::vector<Pair> pairs;
  for (const Trajectory& one : trajectories) {
    bool running = true;
    for (std::size_t t = 1; t < one.lines.size(); ++t) {
      const bool sure = !one.last_bit && (nn::is_double || margin<Dynamics>(one.lines[t]) > 1e-5);
      pairs.push_back({&one.lines[t - 1], &one.lines[t], sure, running});
      running = running && !one.lines[t].terminated;
    }
  }
  constexpr auto no_limit = std::numeric_limits<std::size_t>::max();  // the time limit is not asked here
  DynamicsVectorEnv<Dynamics> together(pairs.size(), no_limit);
  std::vector<typename Dynamics::Action> actions;
  for (std::size_t n = 0; n < pairs.size(); ++n) {
    together.reset_to(n, state_of<Dynamics>(*pairs[n].before));
    actions.push_back(action_of<Dynamics>(*pairs[n].after));
  }
  together.step(actions);
  const auto same = [](Scalar a, Scalar b) { return std::bit_cast<nn::Bits>(a) == std::bit_cast<nn::Bits>(b); };
  const double observation_tolerance = within(4e-6, 4e-4);  // float32, of speeds up to 28
  double largest = 0, off_reward = 0, off_observation = 0;
  std::size_t wrong_flags = 0, different = 0, sure = 0;
  std::string first;  // line that disagrees
  for (std::size_t n = 0; n < pairs.size(); ++n) {
    const Pair& pair = pairs[n];
    Env<Dynamics> env;
    env.reset_to(state_of<Dynamics>(*pair.before));
    const auto result = env.step(actions[n]);
    largest = std::max(largest, distance<Dynamics>(env.state(), *pair.after));
    wrong_flags += pair.sure && result.terminated != pair.after->terminated;
    wrong_flags += result.truncated;  // the time limit is not its business
    if (pair.running && pair.sure) {
      const double off = std::abs(static_cast<double>(result.reward) - pair.after->reward);
      off_reward = std::max(off_reward, off / std::max(1., std::abs(pair.after->reward)));
    }
    for (std::size_t row = 0; row < Dynamics::observation_size; ++row) {
      different += !same(together.observation(row)[n], result.observation[row]);
      if (!shows_state<Dynamics>)
        off_observation = std::max(
            off_observation, std::abs(static_cast<double>(result.observation[row]) - pair.after->observation[row]));
    }
    different += !same(together.rewards()[n], result.reward);
    different += (together.terminated()[n] != 0) != result.terminated;
    different += (together.running()[n] != 0) == result.terminated;
    different += together.truncated()[n] != 0;
    sure += pair.sure;
    const bool agrees = largest < state_tolerance && off_reward <= reward_tolerance &&
                        off_observation < observation_tolerance && wrong_flags == 0 && different == 0;
    if (!agrees && first.empty()) first = pair.after->place;
  }
  INFO(std::string(Dynamics::name) << suffix << "; first to disagree: " << first);
  CHECK(!pairs.empty());
  CHECK(sure > pairs.size() * 9 / 10);
  CHECK(largest < state_tolerance);
  CHECK(off_reward <= reward_tolerance);
  CHECK(off_observation < observation_tolerance);
  CHECK(wrong_flags == 0);
  CHECK(different == 0);
}

struct Until {
  std::size_t step;
  double tolerance;
};

/// Plays the seeded trajectories from their reset on, as far as the last tolerance goes.
template <class Dynamics>
void compare_rollouts(const std::string& suffix, std::initializer_list<Until> stages) {
  std::size_t steps = 0, wrong_flags = 0;
  double worst = 0;  // in units of the tolerance
  std::string first;
  for (const Trajectory& one : read_trajectories<Dynamics>(suffix)) {
    if (!one.starts_at_reset) continue;
    Env<Dynamics> env;
    nn::Random rng(one.seed);
    env.reset(rng);
    for (std::size_t t = 1; t < one.lines.size() && !one.lines[t - 1].terminated; ++t, ++steps) {
      const auto stage = std::ranges::find_if(stages, [t](Until until) { return t <= until.step; });
      if (stage == stages.end()) break;
      const auto result = env.step(action_of<Dynamics>(one.lines[t]));
      worst = std::max(worst, distance<Dynamics>(env.state(), one.lines[t]) / stage->tolerance);
      wrong_flags += result.terminated != one.lines[t].terminated;
      if ((worst >= 1 || wrong_flags > 0) && first.empty()) first = one.lines[t].place;
      if (result.terminated) break;
    }
  }
  INFO(std::string(Dynamics::name) << suffix << "; first to disagree: " << first);
  CHECK(steps > 0);
  CHECK(worst < 1);
  CHECK(wrong_flags == 0);
}

/// Where Gymnasium sets truncated, TimeLimit and a VectorEnv do. Returns how many trajectories ended that way.
template <class Dynamics>
std::size_t compare_time_limits(const std::string& suffix) {
  std::size_t seen = 0;
  for (const Trajectory& one : read_trajectories<Dynamics>(suffix)) {
    if (one.end != "truncated" && one.end != "both") continue;
    TimeLimit<Env<Dynamics>> env;
    DynamicsVectorEnv<Dynamics> together(3);  // number 1 plays, the others wait
    nn::Random rng(one.seed), same(one.seed);
    env.reset(rng);
    together.reset(1, same);
    std::size_t wrong = 0;
    std::string first;
    for (std::size_t t = 1; t <= one.end_step; ++t) {
      env.environment().reset_to(state_of<Dynamics>(one.lines[t - 1]));  // its state alone: the limit counts on
      together.set_state(1, state_of<Dynamics>(one.lines[t - 1]));
      const auto action = action_of<Dynamics>(one.lines[t]);
      const auto result = env.step(action);
      together.step(std::vector(3, action));
      wrong += result.terminated != one.lines[t].terminated || result.truncated != one.lines[t].truncated;
      wrong += (together.terminated()[1] != 0) != one.lines[t].terminated;
      wrong += (together.truncated()[1] != 0) != one.lines[t].truncated;
      wrong += (together.running()[1] != 0) != (t < one.end_step);
      wrong += together.truncated()[0] != 0 || together.truncated()[2] != 0;
      if (wrong > 0 && first.empty()) first = one.lines[t].place;
    }
    INFO("first to disagree: " << first);
    CHECK(wrong == 0);
    CHECK(one.end_step == Dynamics::max_episode_steps);
    env.environment().reset_to(state_of<Dynamics>(one.lines[0]));
    CHECK_THROWS_AS(env.step(action_of<Dynamics>(one.lines[1])), std::logic_error);
    ++seen;
  }
  return seen;
}

template <class Dynamics>
void compare_resets() {
  const tests::Table table(tests::golden_folder() / "envs/reset_seeds.csv");
  const auto name = table.texts("env");
  const auto seed = table.integers("seed"), reset = table.integers("reset");
  const std::vector<double> state[] = {table.numbers("s0"), table.numbers("s1"), table.numbers("s2"),
                                       table.numbers("s3")};
  nn::Random rng(0), same(0);
  DynamicsVectorEnv<Dynamics> two(2);
  std::size_t resets = 0, wrong = 0, first = 0;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    if (name[i] != Dynamics::name) continue;
    if (reset[i] == 0) rng = same = nn::Random(seed[i]);
    Env<Dynamics> env;
    const auto observation = env.reset(rng);
    two.reset(1, same);
    unrolled<variable_count<Dynamics>>([&](auto row) {
      const auto expected = static_cast<Scalar>(state[row][i]);
      wrong += env.state().*variable<Dynamics, row> != expected || two.state(1).*variable<Dynamics, row> != expected;
    });
    for (std::size_t row = 0; row < Dynamics::observation_size; ++row)
      wrong += observation[row] != two.observation(row)[1];
    ++resets;
    if (wrong > 0 && first == 0) first = table.lines()[i];
  }
  INFO(std::string(Dynamics::name) << "; first to disagree: " << table.path().string() << ":" << first);
  CHECK(resets > 0);
  CHECK(wrong == 0);
}

/// The registry's limits, and the bounds of both spaces, which Gymnasium keeps in float32.
template <class Dynamics>
void compare_registry() {
  const tests::Table registry(tests::golden_folder() / "envs/envs.csv");
  const auto names = registry.texts("env");
  const auto i = static_cast<std::size_t>(std::ranges::find(names, Dynamics::name) - names.begin());
  INFO(std::string(Dynamics::name) << ", " << registry.path().string());
  REQUIRE(i < names.size());
  INFO(registry.path().string() << ":" << registry.lines()[i]);
  CHECK(registry.integers("max_episode_steps")[i] == Dynamics::max_episode_steps);
  const std::string threshold = registry.texts("reward_threshold")[i];
  CHECK(Dynamics::reward_threshold == (threshold.empty() ? -200 : std::stod(threshold)));
  const auto made = make_vec(names[i], 1);  // what is known of it at run time
  CHECK(made->spec().id == names[i]);
  CHECK(made->spec().max_episode_steps == Dynamics::max_episode_steps);
  CHECK(made->spec().reward_threshold == Dynamics::reward_threshold);

  const tests::Table spaces(tests::golden_folder() / "envs/spaces.csv");
  const auto env = spaces.texts("env"), space = spaces.texts("space");
  const auto index = spaces.integers("index");
  const auto low = spaces.numbers("low"), high = spaces.numbers("high");
  std::size_t observed = 0, acted = 0;
  const auto equal = [](Scalar ours, double theirs) { return static_cast<float>(ours) == static_cast<float>(theirs); };
  for (std::size_t row = 0; row < spaces.rows(); ++row) {
    if (env[row] != Dynamics::name) continue;
    INFO(spaces.path().string() << ":" << spaces.lines()[row]);
    if (space[row] == "observation") {
      CHECK(equal(Dynamics::observation_low[index[row]], low[row]));
      CHECK(equal(Dynamics::observation_high[index[row]], high[row]));
      ++observed;
    } else {
      ++acted;
      if constexpr (std::is_same_v<typename Dynamics::Action, int>) {
        CHECK(low[row] == 0);
        CHECK(high[row] == Dynamics::action_count - 1);
        CHECK(made->spec().action_count == Dynamics::action_count);
      } else {
        CHECK(equal(Dynamics::action_low, low[row]));
        CHECK(equal(Dynamics::action_high, high[row]));
        CHECK(made->spec().action_count == 0);
      }
    }
  }
  CHECK(observed == Dynamics::observation_size);
  CHECK(acted == 1);
  CHECK(made->spec().observation_size == observed);
  CHECK(made->spec().action_size == acted);
}

}  // namespace

TEST_CASE(
    "one step of each environment equals Gymnasium's, from every state of the trajectories, alone and side by side") {
  compare_steps<CartPoleDynamics>("", within(1e-13, 5e-7), 0);
  compare_steps<MountainCarDynamics>("", within(1e-15, 5e-7), 0);
  compare_steps<MountainCarContinuousDynamics>(".numpy1", within(1.2e-7, 5e-7), within(1e-15, 5e-7));
  compare_steps<MountainCarContinuousDynamics>("", within(1.3e-7, 5e-7), within(1e-15, 5e-7));
  compare_steps<AcrobotDynamics>("", within(1e-12, 1e-4), 0);
  compare_steps<PendulumDynamics>(".numpy1", within(1e-13, 5e-6), within(1e-13, 5e-5));
  compare_steps<PendulumDynamics>("", within(2e-8, 5e-6), within(1e-9, 5e-5));
}

// A balanced pole is unstable: whatever the last bit was, it grows about a thousandfold every 100 steps, in Gymnasium
// itself too. The other environments have their own pace. So a rollout is compared as far as that leaves digits.
TEST_CASE("a rollout of each environment stays with Gymnasium's as long as the last bit allows") {
  if (nn::is_double) {
    compare_rollouts<CartPoleDynamics>("", {{100, 3e-12}, {200, 6e-9}, {300, 1e-5}});
    compare_rollouts<MountainCarDynamics>("", {{200, 1e-12}});
    compare_rollouts<MountainCarContinuousDynamics>(".numpy1", {{999, 1e-6}});
    compare_rollouts<MountainCarContinuousDynamics>("", {{999, 1e-5}});
    compare_rollouts<AcrobotDynamics>("", {{200, 1e-9}, {500, 1e-8}});
    compare_rollouts<PendulumDynamics>(".numpy1", {{50, 3e-11}, {100, 2e-7}, {200, 7e-4}});
  } else {
    compare_rollouts<CartPoleDynamics>("", {{100, 3e-4}});
    compare_rollouts<MountainCarDynamics>("", {{200, 1e-3}});
    compare_rollouts<MountainCarContinuousDynamics>("", {{999, 1e-3}});
    compare_rollouts<AcrobotDynamics>("", {{50, 1e-2}});
    compare_rollouts<PendulumDynamics>(".numpy1", {{50, 1e-2}});
  }
}

TEST_CASE("each environment is truncated where Gymnasium does, also on a step that terminates") {
  std::size_t truncated = 0;  // of those in the files; each is compared
  truncated += compare_time_limits<CartPoleDynamics>("");
  truncated += compare_time_limits<MountainCarDynamics>("");
  truncated += compare_time_limits<PendulumDynamics>(".numpy1");
  CHECK(truncated > 0);
}

TEST_CASE("a seeded reset of each environment starts where Gymnasium's starts, and so do the resets after it") {
  compare_resets<CartPoleDynamics>();
  compare_resets<MountainCarDynamics>();
  compare_resets<MountainCarContinuousDynamics>();
  compare_resets<AcrobotDynamics>();
  compare_resets<PendulumDynamics>();
}

TEST_CASE("each environment has the time limit, the reward threshold and the spaces of Gymnasium's registry") {
  compare_registry<CartPoleDynamics>();
  compare_registry<MountainCarDynamics>();
  compare_registry<MountainCarContinuousDynamics>();
  compare_registry<AcrobotDynamics>();
  compare_registry<PendulumDynamics>();
}

}  // namespace test_golden_envs
