/// The formulas of docs/17-pong-from-pixels.md that tests/nn/test_sparse.cpp does not have.
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "envs/pong.hpp"
#include "envs/registry.hpp"
#include "nn/random.hpp"
#include "rl/bernoulli.hpp"
#include "rl/categorical.hpp"
#include "rl/returns.hpp"
#include "tests/support.hpp"

namespace test_formulas_pong {

using namespace nn;

// Eq. (17.2)
TEST_CASE("one sigmoid output gets (y - p) G, what two logits (0, z) get at the second one") {
  for (const double z : {-3., -0.5, 0., 1.2})
    for (const int y : {0, 1}) {
      const double G = 1.5, p = 1 / (1 + std::exp(-z));
      const auto output = static_cast<Scalar>(z), weight = static_cast<Scalar>(G);
      Scalar injected = 0;
      rl::Bernoulli().weighted_score({&output, 1, 1}, {&y, 1}, {&weight, 1}, {&injected, 1, 1});
      CHECK(double(injected) == doctest::Approx((y - p) * G).epsilon(tests::within(1e-12, 1e-5)));
      const Vector logits = {0, output};
      Vector two(2);
      rl::Categorical().weighted_score({logits.data(), 2, 1}, {&y, 1}, {&weight, 1}, {two.data(), 2, 1});
      CHECK(double(two[1]) == doctest::Approx(double(injected)).epsilon(tests::within(1e-12, 1e-5)));
      CHECK(double(two[0]) == doctest::Approx(-double(injected)).epsilon(tests::within(1e-12, 1e-5)));
    }
}

// Eq. (17.1)
TEST_CASE("what the network sees is the picture minus the picture one decision ago") {
  envs::Pong game;
  Random source(4), rng(5);
  game.reset(source);
  bool equal = true;
  std::size_t moved = 0;
  for (int t = 0; t < 200; ++t) {
    const envs::PongPicture before(game.state());
    const auto step = game.step(rng.uniform() < 0.5);
    const envs::PongPicture now(game.state());
    for (std::size_t row = 0; row < 80; ++row)
      for (std::size_t column = 0; column < 80; ++column) {
        const int difference = int(now.light(row, column)) - int(before.light(row, column));
        equal = equal && step.observation[row * 80 + column] == Scalar(difference);
        moved += difference != 0;
      }
  }
  CHECK(equal);
  CHECK(moved > 200 * 20);
}

// Eq. (17.5)
TEST_CASE("a decision k decisions before the point gets gamma^k of it") {
  for (const double gamma : {0.95, 0.99})
    for (const std::size_t k : {0u, 1u, 20u, 60u}) {
      Vector rewards(k + 1), G(k + 1);
      rewards.back() = -1;
      rl::discounted_returns(rewards, static_cast<Scalar>(gamma), G);
      CHECK(double(G[0]) == doctest::Approx(-std::pow(gamma, double(k))).epsilon(tests::within(1e-12, 1e-4)));
    }
}

// Eq. (17.6)
TEST_CASE("returns that end with each point of a game are the returns of its points as episodes") {
  const auto game = envs::make_vec("Pong", 1);
  Random source(8), rng(9);
  game->reset(0, source);
  Vector rewards;
  while (game->running()[0]) {
    game->step(std::vector<int>{rng.uniform() < 0.5});
    rewards.push_back(game->rewards()[0]);
  }
  const Scalar gamma = Scalar(0.95);
  Vector cut(rewards.size()), pieces;
  Scalar following = 0;
  for (std::size_t t = rewards.size(); t-- > 0;) {
    following = rewards[t] != 0 ? rewards[t] : gamma * following;
    cut[t] = following;
  }
  std::size_t points = 0;
  for (std::size_t first = 0, t = 0; t < rewards.size(); ++t) {
    if (rewards[t] == 0) continue;
    Vector of_point(rewards.begin() + std::ptrdiff_t(first), rewards.begin() + std::ptrdiff_t(t) + 1);
    rl::discounted_returns(of_point, gamma, of_point);
    pieces.insert(pieces.end(), of_point.begin(), of_point.end());
    first = t + 1;
    ++points;
  }
  CHECK(points > 21);
  CHECK(pieces == cut);
}

}  // namespace test_formulas_pong
