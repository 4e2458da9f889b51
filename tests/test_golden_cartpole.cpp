#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>

#include "envs/cartpole.hpp"
#include "nn/random.hpp"
#include "tests/golden.hpp"
#include "tests/support.hpp"

namespace {

using envs::CartPoleState;
using envs::Scalar;

/// One line of a trajectory.
struct Line {
  int action;
  double state[4];
  double reward;
  bool terminated, truncated;
  CartPoleState start() const {
    return {static_cast<Scalar>(state[0]), static_cast<Scalar>(state[1]), static_cast<Scalar>(state[2]),
            static_cast<Scalar>(state[3])};
  }
};

struct Trajectory {
  std::string label, end;
  bool starts_at_reset, last_bit;
  std::size_t end_step;
  std::uint64_t seed;
  std::vector<Line> lines;  // lines[0] is the initial state
};

std::vector<Trajectory> read_trajectories() {
  const auto folder = tests::golden_folder() / "trajectories";
  const tests::Table index(folder / "CartPole-v1.index.csv"), table(folder / "CartPole-v1.csv");
  const auto numbers = index.integers("traj"), last_bit = index.integers("lastbit"), length = index.integers("rows");
  const auto label = index.texts("label"), init = index.texts("init"), seed = index.texts("seed");
  const auto end = index.texts("end"), end_step = index.texts("end_step");
  const auto traj = table.integers("traj"), step = table.integers("step"), action = table.integers("action");
  const auto terminated = table.integers("terminated"), truncated = table.integers("truncated");
  const auto x = table.numbers("s0"), x_dot = table.numbers("s1"), theta = table.numbers("s2"),
             theta_dot = table.numbers("s3"), reward = table.numbers("reward");
  std::vector<Trajectory> result;
  std::size_t row = 0;
  for (std::size_t i = 0; i < index.rows(); ++i) {
    Trajectory one{label[i], end[i], init[i] == "reset", last_bit[i] == 1, std::stoul(end_step[i]), 0, {}};
    if (one.starts_at_reset) one.seed = std::stoull(seed[i]);
    for (; row < table.rows() && traj[row] == numbers[i]; ++row) {
      if (step[row] != one.lines.size()) FAIL("CartPole-v1.csv: expected the steps of a trajectory in order");
      one.lines.push_back({static_cast<int>(action[row]),
                           {x[row], x_dot[row], theta[row], theta_dot[row]},
                           reward[row],
                           terminated[row] == 1,
                           truncated[row] == 1});
    }
    REQUIRE(one.lines.size() == length[i]);
    result.push_back(one);
  }
  REQUIRE(row == table.rows());
  return result;
}

const std::vector<Trajectory>& trajectories() {
  static const std::vector<Trajectory> all = read_trajectories();
  return all;
}

/// The largest difference of the four numbers, relative to the largest of them, or to 1.
double distance(const CartPoleState& got, const Line& expected) {
  const auto& e = expected.state;
  const double size = std::max({1., std::abs(e[0]), std::abs(e[1]), std::abs(e[2]), std::abs(e[3])});
  const Scalar values[] = {got.x, got.x_dot, got.theta, got.theta_dot};
  double largest = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const double off = std::abs(static_cast<double>(values[i]) - e[i]) / size;
    largest = off <= largest ? largest : off;  // NaN counts
  }
  return largest;
}
CartPoleState state_of(const envs::CartPole::Observation& o) {
  return {o[0], o[1], o[2], o[3]};
}

/// In float the flag of a state this near to a limit may be either; in double only `lastbit` ones are.
bool flag_is_sure(const Trajectory& trajectory, const Line& line) {
  const double margin =
      std::min(std::abs(std::abs(line.state[0]) - 2.4), std::abs(std::abs(line.state[2]) - 0.20943951023931953));
  return tests::within(!trajectory.last_bit, margin > 1e-6) != 0;
}

/// A pair of neighbouring lines; the reward counts where the episode has not ended before.
struct Pair {
  const Line *before, *after;
  bool sure, running;
};
std::vector<Pair> pairs() {
  std::vector<Pair> result;
  for (const Trajectory& one : trajectories()) {
    bool running = true;
    for (std::size_t t = 1; t < one.lines.size(); ++t) {
      result.push_back({&one.lines[t - 1], &one.lines[t], flag_is_sure(one, one.lines[t]), running});
      running = running && !one.lines[t].terminated;
    }
  }
  return result;
}

bool same_bits(Scalar a, Scalar b) {
  return std::bit_cast<nn::Bits>(a) == std::bit_cast<nn::Bits>(b);
}

}  // namespace

TEST_CASE("one step of CartPole equals Gymnasium's, from every state of the trajectories") {
  double largest = 0;
  std::size_t wrong_flags = 0, wrong_rewards = 0, sure = 0;
  for (const Pair& pair : pairs()) {
    envs::CartPole env;
    env.reset_to(pair.before->start());
    const auto result = env.step(pair.after->action);
    largest = std::max(largest, distance(state_of(result.observation), *pair.after));
    wrong_flags += pair.sure && result.terminated != pair.after->terminated;
    wrong_rewards += pair.running && static_cast<double>(result.reward) != pair.after->reward;
    wrong_flags += result.truncated;  // the time limit is not the world's business
    sure += pair.sure;
  }
  CHECK(pairs().size() == 1552);
  CHECK(sure > 1500);
  CHECK(largest < tests::within(1e-13, 5e-7));
  CHECK(wrong_flags == 0);
  CHECK(wrong_rewards == 0);
}

TEST_CASE("VectorCartPole takes the same steps as CartPole, lane by lane and bit for bit") {
  const auto all = pairs();
  envs::VectorCartPole lanes(all.size());
  std::vector<int> actions;
  for (std::size_t n = 0; n < all.size(); ++n) {
    lanes.reset_to(n, all[n].before->start());
    actions.push_back(all[n].after->action);
  }
  lanes.step(actions);
  double largest = 0;
  std::size_t different = 0, wrong_flags = 0, wrong_rewards = 0;
  for (std::size_t n = 0; n < all.size(); ++n) {
    envs::CartPole env;
    env.reset_to(all[n].before->start());
    const auto single = env.step(actions[n]);
    envs::CartPole::Observation lane;
    for (std::size_t row = 0; row < 4; ++row) {
      lane[row] = lanes.observations()[row * all.size() + n];
      different += !same_bits(lane[row], single.observation[row]);
    }
    different += (lanes.terminated()[n] != 0) != single.terminated;
    different += (lanes.running()[n] != 0) == single.terminated;
    largest = std::max(largest, distance(state_of(lane), *all[n].after));
    wrong_flags += all[n].sure && (lanes.terminated()[n] != 0) != all[n].after->terminated;
    wrong_rewards += all[n].running && static_cast<double>(lanes.rewards()[n]) != all[n].after->reward;
  }
  CHECK(different == 0);
  CHECK(largest < tests::within(1e-13, 5e-7));
  CHECK(wrong_flags == 0);
  CHECK(wrong_rewards == 0);
}

// A balanced pole is unstable: whatever the last bit was, it grows about a thousandfold every 100 steps, in Gymnasium
// itself too. So a rollout is compared as far as that leaves digits.
TEST_CASE("a rollout of CartPole stays with Gymnasium's as long as the last bit allows") {
  double until_100 = 0, until_200 = 0, until_300 = 0;
  std::size_t steps = 0, wrong_flags = 0;
  for (const Trajectory& one : trajectories()) {
    if (!one.starts_at_reset) continue;
    envs::CartPole env;
    nn::Random rng(one.seed);
    env.reset(rng);
    for (std::size_t t = 1; t < one.lines.size() && t <= 300 && !one.lines[t - 1].terminated; ++t, ++steps) {
      const auto result = env.step(one.lines[t].action);
      const double off = distance(env.state(), one.lines[t]);
      double& largest = t <= 100 ? until_100 : t <= 200 ? until_200 : until_300;
      largest = std::max(largest, off);
      if (!nn::is_double && t > 100) break;
      wrong_flags += result.terminated != one.lines[t].terminated;
    }
  }
  CHECK(steps > tests::within(900, 500));
  CHECK(wrong_flags == 0);
  CHECK(until_100 < tests::within(3e-12, 3e-4));
  if (!nn::is_double) return;
  CHECK(until_200 < 6e-9);
  CHECK(until_300 < 1e-5);
}

TEST_CASE("TimeLimit truncates CartPole where Gymnasium does, also on a step that terminates") {
  std::size_t both = 0, truncated = 0;
  for (const Trajectory& one : trajectories()) {
    if (one.end != "truncated" && one.end != "both") continue;
    envs::TimeLimit<envs::CartPole> env;
    envs::VectorTimeLimit<envs::VectorCartPole> lanes(3);  // lane 1 plays, the others wait
    nn::Random rng(one.seed), same(one.seed);
    env.reset(rng);
    lanes.reset(1, same);
    std::size_t wrong = 0;
    for (std::size_t t = 1; t <= one.end_step; ++t) {
      env.environment().reset_to(one.lines[t - 1].start());  // of the world only: the limit counts on
      lanes.reset_to(1, one.lines[t - 1].start());
      const auto result = env.step(one.lines[t].action);
      lanes.step(std::vector<int>(3, one.lines[t].action));
      wrong += result.terminated != one.lines[t].terminated || result.truncated != one.lines[t].truncated;
      wrong += (lanes.terminated()[1] != 0) != one.lines[t].terminated;
      wrong += (lanes.truncated()[1] != 0) != one.lines[t].truncated;
      wrong += (lanes.running()[1] != 0) != (t < one.end_step);
      wrong += lanes.truncated()[0] != 0 || lanes.truncated()[2] != 0;
    }
    CHECK(wrong == 0);
    CHECK(one.end_step == envs::CartPole::max_episode_steps);
    env.environment().reset_to(one.lines[0].start());
    CHECK_THROWS_AS(env.step(0), std::logic_error);
    ++(one.end == "both" ? both : truncated);
  }
  CHECK(both > 0);
  CHECK(truncated > 0);
}

TEST_CASE("a seeded reset of CartPole starts where Gymnasium's starts, and so do the resets after it") {
  const tests::Table table(tests::golden_folder() / "envs/reset_seeds.csv");
  const auto name = table.texts("env");
  const auto seed = table.integers("seed"), reset = table.integers("reset");
  const std::vector<double> state[] = {table.numbers("s0"), table.numbers("s1"), table.numbers("s2"),
                                       table.numbers("s3")};
  nn::Random rng(0), lane_rng(0);
  envs::VectorCartPole lanes(2);
  std::size_t resets = 0, wrong = 0;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    if (name[i] != envs::CartPole::name) continue;
    if (reset[i] == 0) rng = lane_rng = nn::Random(seed[i]);
    envs::CartPole env;
    const auto observation = env.reset(rng);
    lanes.reset(1, lane_rng);
    for (std::size_t row = 0; row < 4; ++row) {
      const auto expected = static_cast<Scalar>(state[row][i]);
      wrong += observation[row] != expected || lanes.observations()[2 * row + 1] != expected;
    }
    ++resets;
  }
  CHECK(resets == 120);
  CHECK(*std::ranges::max_element(seed) > std::uint64_t(1) << 63);
  CHECK(wrong == 0);
}

TEST_CASE("CartPole has the time limit and the reward threshold of Gymnasium's registry") {
  const tests::Table table(tests::golden_folder() / "envs/envs.csv");
  const auto name = table.texts("env");
  const auto i = static_cast<std::size_t>(std::ranges::find(name, envs::CartPole::name) - name.begin());
  REQUIRE(i < name.size());
  CHECK(table.integers("max_episode_steps")[i] == envs::CartPole::max_episode_steps);
  CHECK(std::stod(table.texts("reward_threshold")[i]) == envs::CartPole::reward_threshold);
}
