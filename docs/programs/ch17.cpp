/// docs/17-pong-from-pixels.md
#include <algorithm>
#include <vector>

#include "docs/programs/book.hpp"
#include "docs/programs/contents.hpp"
#include "docs/programs/pong_figures.hpp"
#include "envs/pong.hpp"
#include "envs/registry.hpp"
#include "nn/arithmetic/elementary.hpp"
#include "nn/dense.hpp"
#include "nn/sparse.hpp"
#include "nn/states.hpp"
#include "rl/bernoulli.hpp"
#include "rl/returns.hpp"

namespace book {
namespace ch17 {

/// Some decisions of a game that is played by tossing a coin.
struct Played {
  nn::States states;  // one column per decision
  std::size_t numbers = 0, most = 0, points = 0;
};
Played played(std::size_t decisions) {
  Played result;
  result.states.resize(envs::Pong::observation_size, decisions, true);
  const auto game = envs::make_vec("Pong", 1);
  nn::Random rng(17);
  for (std::size_t t = 0; t < decisions; ++t) {
    reset_done(*game, rng);
    game->step(std::vector<int>{rng.uniform() < 0.5});
    const auto nonzeros = game->nonzeros(0);
    result.states.clear(t);
    for (const envs::Nonzero& x : nonzeros) result.states.set(x.variable, t, x.value);
    result.numbers += nonzeros.size();
    result.most = std::max(result.most, nonzeros.size());
    result.points += game->rewards()[0] != 0;
  }
  return result;
}

void what_is_seen() {
  title("17a  10,000 decisions of a coin");
  const Played coin = played(10'000);
  line("numbers in an observation", fmt::format("{:6}", envs::Pong::observation_size));
  line("of them not 0, on average", static_cast<Scalar>(coin.numbers) / 10'000, 1);
  line("of them not 0, at most", fmt::format("{:6}", coin.most));
  line("decisions in a point, on average", Scalar(10'000) / static_cast<Scalar>(coin.points), 1);
}

void one_output() {
  title("17b  one output z, or the two logits (0, z): the injected vector after action 1, return 2");
  rl::Bernoulli sigmoid;
  for (const Scalar z : {Scalar(-1), Scalar(0), Scalar(2)}) {
    const int up = 1;
    Scalar one = 0;
    sigmoid.weighted_score({&z, 1, 1}, {&up, 1}, {&G, 1}, {&one, 1, 1});
    line(fmt::format("z = {:+.0f}, p(up) = {:.3f}", z, nn::sigmoid(z)),
         show(one) + "     " + show(inject({0, z}, 1, G)));
  }
}

void without_zeros() {
  title("17c  the first layer of 6400-200-1, of 256 such states");
  const Played coin = played(256);
  const nn::StatesView states = coin.states;
  nn::States dense;
  dense.resize(states.rows(), states.cols());
  for (std::size_t t = 0; t < states.cols(); ++t) dense.put(t, states, t);
  constexpr std::size_t hidden = 200;
  nn::Random rng(7);
  Matrix W(hidden, states.rows()), turned(states.rows(), hidden), Y(hidden, 256), same(hidden, 256);
  for (std::size_t o = 0; o < hidden; ++o)
    for (std::size_t i = 0; i < W.cols(); ++i) W(o, i) = turned(i, o) = static_cast<Scalar>(rng.uniform(-0.3, 0.3));
  const Vector b(hidden);
  nn::dense_forward(W, b, dense.dense(), Y);
  nn::sparse_forward(turned, b, states.sparse(), same);
  line("products of a state, with the zeros", fmt::format("{:9}", hidden * states.rows()));
  line("without them", fmt::format("{:9}", hidden * coin.numbers / 256));
  std::size_t differ = 0;
  for (std::size_t i = 0; i < Y.flat().size(); ++i) differ += Y.flat()[i] != same.flat()[i];
  line("numbers of Y that differ", fmt::format("{:9}", differ));
}

void credit() {
  title("17d  credit of a decision k decisions before the point: 0.95^k and 0.99^k");
  for (const int k : {0, 5, 10, 20, 40, 80}) {
    Vector rewards(static_cast<std::size_t>(k) + 1);
    rewards.back() = 1;
    Vector G95(rewards.size()), G99(rewards.size());
    rl::discounted_returns(rewards, Scalar(0.95), G95);
    rl::discounted_returns(rewards, Scalar(0.99), G99);
    line(fmt::format("k = {}", k), show(G95[0]) + "     " + show(G99[0]));
  }
}

void print() {
  what_is_seen();
  one_output();
  without_zeros();
  credit();
}

}  // namespace ch17

const Chapter chapter_17 = {17, ch17::print, "17-pong-from-pixels", draw_pong};

}  // namespace book
