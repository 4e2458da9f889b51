#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>
#include <vector>

#include "envs/pong.hpp"
#include "envs/registry.hpp"
#include "nn/random.hpp"
#include "tests/golden.hpp"

namespace test_pong {

using namespace envs;

namespace {

/// What the golden file says of the pixels that have changed.
struct Changes {
  std::uint64_t lit = 0, dark = 0;
  double checksum = 0;
  void add(std::size_t pixel, Scalar sign) {
    const auto k = static_cast<double>(pixel);
    (sign > 0 ? lit : dark) += 1;
    checksum += sign > 0 ? (k + 1) * (k + 7) : -3 * (k + 1) * (k + 1);
  }
};

}  // namespace

TEST_CASE("Pong plays a game as the same rules do, written a second time in Python") {
  const tests::Table golden(tests::golden_folder() / "trajectories" / "Pong.csv");
  const auto column = [&](const char* name) { return golden.numbers(name); };
  const auto action = column("action"), player = column("player"), opponent = column("opponent"), x = column("x"),
             y = column("y"), seen = column("seen"), won = column("won"), lost = column("lost"),
             reward = column("reward"), checksum = column("checksum"), lit = column("lit"), dark = column("dark");
  REQUIRE(golden.rows() > 700);
  Pong game;
  game.reset_to(Pong::first_state(static_cast<std::uint32_t>(std::stoul(golden.key("seed")))));
  bool equal = true;
  for (std::size_t t = 0; t < golden.rows(); ++t) {
    Changes changes;
    if (t > 0) {
      const auto step = game.step(static_cast<int>(action[t]));
      for (std::size_t pixel = 0; pixel < step.observation.size(); ++pixel)
        if (step.observation[pixel] != 0) changes.add(pixel, step.observation[pixel]);
      equal = equal && double(step.reward) == reward[t] && step.terminated == (t + 1 == golden.rows());
    }
    const PongState s = game.state();
    equal = equal && s.player_y == player[t] && s.opponent_y == opponent[t] && s.ball_x == x[t] && s.ball_y == y[t];
    equal = equal && (s.wait == 0) == (seen[t] == 1) && s.won == won[t] && s.lost == lost[t];
    equal = equal && double(changes.lit) == lit[t] && double(changes.dark) == dark[t];
    equal = equal && changes.checksum == checksum[t];
  }
  CHECK(equal);
  CHECK(won.back() > 0);
  CHECK(lost.back() == 21);
}

TEST_CASE("games side by side are the games one by one, bit for bit, with floats or without the zeros") {
  constexpr std::size_t count = 3;
  const auto together = make_vec("Pong", count);
  std::vector<Pong> alone(count);
  std::vector<nn::Random> sources, same;
  nn::Random rng(3);
  for (std::size_t n = 0; n < count; ++n) {
    sources.emplace_back(n), same.emplace_back(n);
    together->reset(n, sources[n]);
    alone[n].reset(same[n]);
    CHECK(together->nonzeros(n).empty());
  }
  bool equal = true;
  std::size_t most = 0, games = 0;
  for (int t = 0; t < 1200; ++t) {
    std::vector<int> actions(count);
    for (int& action : actions) action = rng.uniform() < 0.5;
    together->step(actions);
    for (std::size_t n = 0; n < count; ++n) {
      const auto one = alone[n].step(actions[n]);
      const auto nonzeros = together->nonzeros(n);
      for (const Nonzero& x : nonzeros) equal = equal && one.observation[x.variable] == x.value;
      equal = equal && std::ranges::is_sorted(nonzeros, {}, &Nonzero::variable);
      if (t % 20 == 0) {
        const auto seen = together->whole_observation(n);
        equal = equal && std::ranges::equal(one.observation, seen);
        equal = equal && std::ranges::count(seen, Scalar(0)) == std::ptrdiff_t(seen.size() - nonzeros.size());
      }
      equal = equal && one.reward == together->rewards()[n] && one.terminated == (together->terminated()[n] == 1);
      most = std::max(most, nonzeros.size());
      if (!one.terminated) continue;
      ++games;
      together->reset(n, sources[n]);
      alone[n].reset(same[n]);
    }
  }
  CHECK(equal);
  CHECK(games >= 2);
  CHECK(most > 20);
  CHECK(most < 100);
}

TEST_CASE("PongPoint is the first point of the game, and the next serve goes to the side that lost it") {
  const auto game = make_vec("Pong", 1), point = make_vec("PongPoint", 1);
  std::set<double> rewards;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    nn::Random source(seed), same(seed), rng(seed + 100);
    game->reset(0, source);
    point->reset(0, same);
    bool equal = true;
    while (point->running()[0]) {
      const std::vector<int> action = {rng.uniform() < 0.5};
      game->step(action), point->step(action);
      equal = equal && game->rewards()[0] == point->rewards()[0];
      equal = equal && game->picture(0) == point->picture(0);
      equal = equal && game->whole_observation(0) == point->whole_observation(0);
    }
    CHECK(equal);
    CHECK(point->terminated()[0] == 1);
    CHECK(game->running()[0] == 1);
    rewards.insert(double(point->rewards()[0]));
    const double before = game->picture(0)[2];
    while (game->picture(0)[4] == 0) game->step(std::vector<int>{0});
    game->step(std::vector<int>{0});
    CHECK((game->picture(0)[2] - before) * double(point->rewards()[0]) < 0);  // +1: to the left
  }
  CHECK(rewards == std::set<double>{-1, 1});
}

TEST_CASE("a person may hold the opponent's paddle, which is then as fast as the player's") {
  PongState s = Pong::first_state(5);
  const int middle = s.opponent_y;
  for (int i = 0; i < 5; ++i) Pong::frame(s, 1, 0);
  CHECK(s.opponent_y == middle - 15);
  CHECK(s.player_y == middle - 15);
  Pong::frame(s, 0, s.opponent_y + 8 + 2);  // where its middle is to be, and no farther
  CHECK(s.opponent_y == middle - 13);
  for (int i = 0; i < 99; ++i) Pong::frame(s, 1, 1000);
  CHECK(s.opponent_y == 160 - 16);

  int lost = 0, won = 0;  // held where the ball is, it misses nothing; one that stays at the top does
  for (const bool follows : {true, false}) {
    PongState game = Pong::first_state(6);
    for (int i = 0; i < 20'000; ++i) Pong::frame(game, i / 8 % 2, follows ? game.ball_y + 2 : 0);
    (follows ? lost : won) = game.won;
  }
  CHECK(lost == 0);
  CHECK(won > 5);

  PongState by_frames = Pong::first_state(7), by_decisions = by_frames;  // and held by nobody it is the opponent
  for (int t = 0; t < 500; ++t) {
    int reward = 0;
    for (int i = 0; i < Pong::frames && reward == 0; ++i) reward = Pong::frame(by_frames, t / 3 % 2);
    CHECK(Pong::advance(by_decisions, t / 3 % 2, 1000) == reward);
    CHECK(by_frames.opponent_y == by_decisions.opponent_y);
  }
}

TEST_CASE("the picture shows both paddles, and the ball once it is served") {
  PongState s = Pong::first_state(1);
  s.player_y = 31, s.opponent_y = 0, s.ball_x = 79, s.ball_y = 156;
  const auto light = [](const PongPicture& picture) {
    std::set<std::pair<std::size_t, std::size_t>> result;
    for (std::size_t row = 0; row < 80; ++row)
      for (std::size_t column = 0; column < 80; ++column)
        if (picture.light(row, column)) result.insert({row, column});
    return result;
  };
  std::set<std::pair<std::size_t, std::size_t>> expected;
  for (std::size_t i = 0; i < 8; ++i)
    for (std::size_t k = 0; k < 2; ++k) expected.insert({i, 8 + k}), expected.insert({16 + i, 70 + k});
  CHECK(light(PongPicture(s)) == expected);  // from the first even pixel on: 32 to 46
  s.wait = 0;
  expected.insert({78, 40}), expected.insert({79, 40});
  CHECK(light(PongPicture(s)) == expected);
}

TEST_CASE("Pong refuses an action that does not exist, and a step before the reset and after the end") {
  Pong game(1);
  nn::Random source(1);
  const char* finished = "Pong::step: expected a reset first, got a finished episode";
  CHECK_THROWS_WITH_AS(game.step(0), finished, std::logic_error);
  game.reset(source);
  CHECK_THROWS_WITH_AS(game.step(2), "Pong::step: expected an action from 0 to 1, got 2", std::invalid_argument);
  while (!game.step(0).terminated) {}
  CHECK_THROWS_WITH_AS(game.step(0), finished, std::logic_error);
  const auto games = make_vec("Pong", 2);
  CHECK_THROWS_WITH_AS(games->step(std::vector<int>{0, 2}),
                       "Pong::step: expected action 0 (down) or 1 (up), got 2 in environment 1", std::invalid_argument);
}

}  // namespace test_pong
