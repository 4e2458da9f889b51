#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>

#include "envs/acrobot.hpp"
#include "envs/cartpole.hpp"
#include "envs/mountain_car.hpp"
#include "envs/pendulum.hpp"
#include "nn/random.hpp"
#include "tests/golden.hpp"
#include "tests/support.hpp"

namespace test_golden_worlds {

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
};
struct Trajectory {
  std::string label, end;
  bool starts_at_reset, last_bit;
  std::size_t end_step;
  std::uint64_t seed;
  std::vector<Line> lines;
};

/// The trajectories of NAME.index.csv whose steps are in NAME + suffix + .csv.
template <class Spec>
std::vector<Trajectory> read_trajectories(const std::string& suffix) {
  const auto folder = tests::golden_folder() / "trajectories";
  const std::string name = Spec::name;
  const tests::Table index(folder / (name + ".index.csv")), table(folder / (name + suffix + ".csv"));
  const auto columns = [&](const char* letter, std::size_t count) {
    std::vector<std::vector<double>> result;
    for (std::size_t i = 0; i < count; ++i) result.push_back(table.numbers(letter + std::to_string(i)));
    return result;
  };
  const auto state = columns("s", variable_count<Spec>);
  const auto observation = columns("o", shows_state<Spec> ? 0 : Spec::observation_size);
  const auto numbers = index.integers("traj"), last_bit = index.integers("lastbit"), length = index.integers("rows");
  const auto label = index.texts("label"), init = index.texts("init"), seed = index.texts("seed");
  const auto end = index.texts("end"), end_step = index.texts("end_step");
  const auto traj = table.integers("traj"), step = table.integers("step");
  const auto terminated = table.integers("terminated"), truncated = table.integers("truncated");
  const auto action = table.numbers("action"), reward = table.numbers("reward");
  std::vector<Trajectory> result;
  std::size_t row = 0;
  for (std::size_t i = 0; i < index.rows(); ++i) {
    Trajectory one{label[i], end[i], init[i] == "reset", last_bit[i] == 1, std::stoul(end_step[i]), 0, {}};
    if (one.starts_at_reset) one.seed = std::stoull(seed[i]);
    for (; row < table.rows() && traj[row] == numbers[i]; ++row) {
      if (step[row] != one.lines.size()) FAIL(name << ": expected the steps of a trajectory in order");
      Line line{action[row], {}, {}, reward[row], terminated[row] == 1, truncated[row] == 1};
      for (std::size_t k = 0; k < state.size(); ++k) line.state[k] = state[k][row];
      for (std::size_t k = 0; k < observation.size(); ++k) line.observation[k] = observation[k][row];
      one.lines.push_back(line);
    }
    if (one.lines.empty()) continue;
    REQUIRE(one.lines.size() == length[i]);
    result.push_back(one);
  }
  REQUIRE(row == table.rows());
  return result;
}

template <class Spec>
typename Spec::State state_of(const Line& line) {
  typename Spec::State state{};
  unrolled<variable_count<Spec>>([&](auto row) { state.*variable<Spec, row> = static_cast<Scalar>(line.state[row]); });
  return state;
}
template <class Spec>
typename Spec::Action action_of(const Line& line) {
  return static_cast<typename Spec::Action>(line.action);
}

/// The largest difference of the numbers, relative to the largest of them, or to 1; infinite for NaN. Acrobot's angles
/// may differ by a turn at +-pi.
template <class Spec>
double distance(const typename Spec::State& got, const Line& expected) {
  double size = 1, largest = 0;
  for (const double x : expected.state) size = std::max(size, std::abs(x));
  unrolled<variable_count<Spec>>([&](auto row) {
    double off = std::abs(static_cast<double>(got.*variable<Spec, row>) - expected.state[row]);
    if (std::is_same_v<Spec, AcrobotSpec> && row < 2) off = std::min(off, std::abs(off - 2 * pi));
    largest = std::isnan(off) ? HUGE_VAL : std::max(largest, off / size);
  });
  return largest;
}

/// How far a state is from where the flag changes. In float a flag nearer than the rounding may be either.
template <class Spec>
double margin(const Line& line) {
  const auto& s = line.state;
  if (std::is_same_v<Spec, CartPoleSpec>)
    return std::min(std::abs(std::abs(s[0]) - 2.4), std::abs(std::abs(s[2]) - 0.20943951023931953));
  if (std::is_same_v<Spec, AcrobotSpec>) return std::abs(-std::cos(s[0]) - std::cos(s[0] + s[1]) - 1);
  if (std::is_same_v<Spec, PendulumSpec>) return 1;
  const double goal = std::is_same_v<Spec, MountainCarSpec> ? 0.5 : 0.45;
  return s[0] < goal - 1e-3 ? 1 : std::min(std::abs(s[0] - goal), std::abs(s[1]));
}

/// Sets the state of every line, applies the action of the next, compares; alone, and all at once as lanes.
template <class Spec>
void compare_steps(const std::string& suffix, std::size_t at_least, double state_tolerance, double reward_tolerance) {
  struct Pair {
    const Line *before, *after;
    bool sure, running;
  };
  const auto trajectories = read_trajectories<Spec>(suffix);
  std::vector<Pair> pairs;
  for (const Trajectory& one : trajectories) {
    bool running = true;
    for (std::size_t t = 1; t < one.lines.size(); ++t) {
      const bool sure = !one.last_bit && (nn::is_double || margin<Spec>(one.lines[t]) > 1e-5);
      pairs.push_back({&one.lines[t - 1], &one.lines[t], sure, running});
      running = running && !one.lines[t].terminated;
    }
  }
  VectorWorld<Spec> lanes(pairs.size());
  std::vector<typename Spec::Action> actions;
  for (std::size_t n = 0; n < pairs.size(); ++n) {
    lanes.reset_to(n, state_of<Spec>(*pairs[n].before));
    actions.push_back(action_of<Spec>(*pairs[n].after));
  }
  lanes.step(actions);
  const auto same = [](Scalar a, Scalar b) { return std::bit_cast<nn::Bits>(a) == std::bit_cast<nn::Bits>(b); };
  double largest = 0, off_reward = 0, off_observation = 0;
  std::size_t wrong_flags = 0, different = 0, sure = 0;
  for (std::size_t n = 0; n < pairs.size(); ++n) {
    const Pair& pair = pairs[n];
    World<Spec> env;
    env.reset_to(state_of<Spec>(*pair.before));
    const auto result = env.step(actions[n]);
    largest = std::max(largest, distance<Spec>(env.state(), *pair.after));
    wrong_flags += pair.sure && result.terminated != pair.after->terminated;
    wrong_flags += result.truncated;  // the time limit is not the world's business
    if (pair.running && pair.sure) {
      const double off = std::abs(static_cast<double>(result.reward) - pair.after->reward);
      off_reward = std::max(off_reward, off / std::max(1., std::abs(pair.after->reward)));
    }
    for (std::size_t row = 0; row < Spec::observation_size; ++row) {
      different += !same(lanes.observations()[row * pairs.size() + n], result.observation[row]);
      if (!shows_state<Spec>)
        off_observation = std::max(
            off_observation, std::abs(static_cast<double>(result.observation[row]) - pair.after->observation[row]));
    }
    different += !same(lanes.rewards()[n], result.reward);
    different += (lanes.terminated()[n] != 0) != result.terminated;
    different += (lanes.running()[n] != 0) == result.terminated;
    sure += pair.sure;
  }
  INFO(std::string(Spec::name) << suffix);
  CHECK(pairs.size() >= at_least);
  CHECK(sure > pairs.size() * 9 / 10);
  CHECK(largest < state_tolerance);
  CHECK(off_reward <= reward_tolerance);
  CHECK(off_observation < within(4e-6, 4e-4));  // float32, of speeds up to 28
  CHECK(wrong_flags == 0);
  CHECK(different == 0);
}

struct Until {
  std::size_t step;
  double tolerance;
};

/// Plays the seeded trajectories from their reset on, as far as the last tolerance goes.
template <class Spec>
void compare_rollouts(const std::string& suffix, std::size_t at_least, std::initializer_list<Until> stages) {
  std::size_t steps = 0, wrong_flags = 0;
  double worst = 0;  // in units of the tolerance
  for (const Trajectory& one : read_trajectories<Spec>(suffix)) {
    if (!one.starts_at_reset) continue;
    World<Spec> env;
    nn::Random rng(one.seed);
    env.reset(rng);
    for (std::size_t t = 1; t < one.lines.size() && !one.lines[t - 1].terminated; ++t, ++steps) {
      const auto stage = std::ranges::find_if(stages, [t](Until until) { return t <= until.step; });
      if (stage == stages.end()) break;
      const auto result = env.step(action_of<Spec>(one.lines[t]));
      worst = std::max(worst, distance<Spec>(env.state(), one.lines[t]) / stage->tolerance);
      wrong_flags += result.terminated != one.lines[t].terminated;
      if (result.terminated) break;
    }
  }
  INFO(std::string(Spec::name) << suffix);
  CHECK(steps >= at_least);
  CHECK(worst < 1);
  CHECK(wrong_flags == 0);
}

/// Where Gymnasium sets truncated, TimeLimit and VectorTimeLimit do. Returns how many trajectories ended that way, and
/// how many of them terminated on the same step.
template <class Spec>
std::array<std::size_t, 2> compare_time_limits(const std::string& suffix) {
  std::array<std::size_t, 2> seen{};
  for (const Trajectory& one : read_trajectories<Spec>(suffix)) {
    if (one.end != "truncated" && one.end != "both") continue;
    TimeLimit<World<Spec>> env;
    VectorTimeLimit<VectorWorld<Spec>> lanes(3);  // lane 1 plays, the others wait
    nn::Random rng(one.seed), same(one.seed);
    env.reset(rng);
    lanes.reset(1, same);
    std::size_t wrong = 0;
    for (std::size_t t = 1; t <= one.end_step; ++t) {
      env.environment().reset_to(state_of<Spec>(one.lines[t - 1]));  // of the world only: the limit counts on
      lanes.reset_to(1, state_of<Spec>(one.lines[t - 1]));
      const auto action = action_of<Spec>(one.lines[t]);
      const auto result = env.step(action);
      lanes.step(std::vector(3, action));
      wrong += result.terminated != one.lines[t].terminated || result.truncated != one.lines[t].truncated;
      wrong += (lanes.terminated()[1] != 0) != one.lines[t].terminated;
      wrong += (lanes.truncated()[1] != 0) != one.lines[t].truncated;
      wrong += (lanes.running()[1] != 0) != (t < one.end_step);
      wrong += lanes.truncated()[0] != 0 || lanes.truncated()[2] != 0;
    }
    CHECK(wrong == 0);
    CHECK(one.end_step == Spec::max_episode_steps);
    env.environment().reset_to(state_of<Spec>(one.lines[0]));
    CHECK_THROWS_AS(env.step(action_of<Spec>(one.lines[1])), std::logic_error);
    ++seen[0];
    seen[1] += one.end == "both";
  }
  return seen;
}

template <class Spec>
void compare_resets(std::size_t at_least) {
  const tests::Table table(tests::golden_folder() / "envs/reset_seeds.csv");
  const auto name = table.texts("env");
  const auto seed = table.integers("seed"), reset = table.integers("reset");
  const std::vector<double> state[] = {table.numbers("s0"), table.numbers("s1"), table.numbers("s2"),
                                       table.numbers("s3")};
  nn::Random rng(0), lane_rng(0);
  VectorWorld<Spec> lanes(2);
  std::size_t resets = 0, wrong = 0;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    if (name[i] != Spec::name) continue;
    if (reset[i] == 0) rng = lane_rng = nn::Random(seed[i]);
    World<Spec> env;
    const auto observation = env.reset(rng);
    lanes.reset(1, lane_rng);
    unrolled<variable_count<Spec>>([&](auto row) {
      const auto expected = static_cast<Scalar>(state[row][i]);
      wrong += env.state().*variable<Spec, row> != expected || lanes.state(1).*variable<Spec, row> != expected;
    });
    for (std::size_t row = 0; row < Spec::observation_size; ++row)
      wrong += observation[row] != lanes.observations()[2 * row + 1];
    ++resets;
  }
  INFO(std::string(Spec::name));
  CHECK(resets >= at_least);
  CHECK(*std::ranges::max_element(seed) > std::uint64_t(1) << 63);
  CHECK(wrong == 0);
}

/// The registry's limits, and the bounds of both spaces, which Gymnasium keeps in float32.
template <class Spec>
void compare_registry() {
  INFO(std::string(Spec::name));
  const tests::Table registry(tests::golden_folder() / "envs/envs.csv");
  const auto names = registry.texts("env");
  const auto i = static_cast<std::size_t>(std::ranges::find(names, Spec::name) - names.begin());
  REQUIRE(i < names.size());
  CHECK(registry.integers("max_episode_steps")[i] == Spec::max_episode_steps);
  const std::string threshold = registry.texts("reward_threshold")[i];
  CHECK(Spec::reward_threshold == (threshold.empty() ? -200 : std::stod(threshold)));

  const tests::Table spaces(tests::golden_folder() / "envs/spaces.csv");
  const auto env = spaces.texts("env"), space = spaces.texts("space");
  const auto index = spaces.integers("index");
  const auto low = spaces.numbers("low"), high = spaces.numbers("high");
  std::size_t observed = 0, acted = 0;
  const auto equal = [](Scalar ours, double theirs) { return static_cast<float>(ours) == static_cast<float>(theirs); };
  for (std::size_t row = 0; row < spaces.rows(); ++row) {
    if (env[row] != Spec::name) continue;
    if (space[row] == "observation") {
      CHECK(equal(Spec::observation_low[index[row]], low[row]));
      CHECK(equal(Spec::observation_high[index[row]], high[row]));
      ++observed;
    } else {
      ++acted;
      if constexpr (std::is_same_v<typename Spec::Action, int>) {
        CHECK(low[row] == 0);
        CHECK(high[row] == Spec::action_count - 1);
      } else {
        CHECK(equal(Spec::action_low, low[row]));
        CHECK(equal(Spec::action_high, high[row]));
      }
    }
  }
  CHECK(observed == Spec::observation_size);
  CHECK(acted == 1);
}

}  // namespace

TEST_CASE("one step of each world equals Gymnasium's, from every state of the trajectories, alone and as a lane") {
  compare_steps<CartPoleSpec>("", 1552, within(1e-13, 5e-7), 0);
  compare_steps<MountainCarSpec>("", 700, within(1e-15, 5e-7), 0);
  compare_steps<MountainCarContinuousSpec>(".numpy1", 600, within(1.2e-7, 5e-7), within(1e-15, 5e-7));
  compare_steps<MountainCarContinuousSpec>("", 600, within(1.3e-7, 5e-7), within(1e-15, 5e-7));
  compare_steps<AcrobotSpec>("", 280, within(1e-12, 1e-4), 0);
  compare_steps<PendulumSpec>(".numpy1", 400, within(1e-13, 5e-6), within(1e-13, 5e-5));
  compare_steps<PendulumSpec>("", 300, within(2e-8, 5e-6), within(1e-9, 5e-5));
}

// A balanced pole is unstable: whatever the last bit was, it grows about a thousandfold every 100 steps, in Gymnasium
// itself too. The other worlds have their own pace. So a rollout is compared as far as that leaves digits.
TEST_CASE("a rollout of each world stays with Gymnasium's as long as the last bit allows") {
  if (nn::is_double) {
    compare_rollouts<CartPoleSpec>("", 900, {{100, 3e-12}, {200, 6e-9}, {300, 1e-5}});
    compare_rollouts<MountainCarSpec>("", 500, {{200, 1e-12}});
    compare_rollouts<MountainCarContinuousSpec>(".numpy1", 300, {{999, 1e-6}});
    compare_rollouts<MountainCarContinuousSpec>("", 300, {{999, 1e-5}});
    compare_rollouts<AcrobotSpec>("", 100, {{200, 1e-9}, {500, 1e-8}});
    compare_rollouts<PendulumSpec>(".numpy1", 300, {{50, 3e-11}, {100, 2e-7}, {200, 7e-4}});
  } else {
    compare_rollouts<CartPoleSpec>("", 500, {{100, 3e-4}});
    compare_rollouts<MountainCarSpec>("", 500, {{200, 1e-3}});
    compare_rollouts<MountainCarContinuousSpec>("", 300, {{999, 1e-3}});
    compare_rollouts<AcrobotSpec>("", 50, {{50, 1e-2}});
    compare_rollouts<PendulumSpec>(".numpy1", 150, {{50, 1e-2}});
  }
}

TEST_CASE("TimeLimit truncates each world where Gymnasium does, also on a step that terminates") {
  CHECK(compare_time_limits<CartPoleSpec>("")[0] > 1);
  CHECK(compare_time_limits<CartPoleSpec>("")[1] > 0);
  CHECK(compare_time_limits<MountainCarSpec>("")[1] > 0);
  CHECK(compare_time_limits<PendulumSpec>(".numpy1")[0] > 0);
}

TEST_CASE("a seeded reset of each world starts where Gymnasium's starts, and so do the resets after it") {
  compare_resets<CartPoleSpec>(120);
  compare_resets<MountainCarSpec>(15);
  compare_resets<MountainCarContinuousSpec>(15);
  compare_resets<AcrobotSpec>(15);
  compare_resets<PendulumSpec>(15);
}

TEST_CASE("each world has the time limit, the reward threshold and the spaces of Gymnasium's registry") {
  compare_registry<CartPoleSpec>();
  compare_registry<MountainCarSpec>();
  compare_registry<MountainCarContinuousSpec>();
  compare_registry<AcrobotSpec>();
  compare_registry<PendulumSpec>();
}

}  // namespace test_golden_worlds
