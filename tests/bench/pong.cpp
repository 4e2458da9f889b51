/// Where the time of Pong from pixels goes: docs/17-pong-from-pixels.md, section 8.
#include <fmt/core.h>

#include <memory>

#include "envs/registry.hpp"
#include "nn/random.hpp"
#include "nn/sparse.hpp"
#include "nn/states.hpp"
#include "tests/bench/tables.hpp"
#include "tests/bench/training.hpp"

namespace bench {
namespace {

/// Games whose paddle goes where a coin says.
class Games {
 public:
  explicit Games(std::size_t count) : env_(envs::make_vec("Pong", count)) { reset_done(*env_, rng_); }
  const envs::VectorEnv& env() const { return *env_; }
  double step() {
    for (envs::Scalar& action : env_->actions().first(env_->num_envs()))
      action = static_cast<envs::Scalar>(rng_.bits() >> 63);
    env_->step();
    reset_done(*env_, rng_);
    return double(env_->num_envs());
  }

 private:
  std::unique_ptr<envs::VectorEnv> env_;
  nn::Random rng_{7};
};

/// A first layer of 6400-64, and some states.
struct FirstLayer {
  static constexpr std::size_t inputs = 6400, outputs = 64, batch = 256;
  nn::Matrix W{inputs, outputs}, dW{inputs, outputs}, room{outputs, batch + 16};
  nn::MatrixView Y = room.view().columns(0, batch);  // rows as far apart as nn::Activations has them
  nn::Vector b, db;
  nn::States X;
  FirstLayer() : b(outputs), db(outputs) {
    nn::Random rng(7);
    for (nn::Scalar& w : W.flat()) w = static_cast<nn::Scalar>(rng.uniform(-1, 1));
    Games games(batch);
    for (int t = 0; t < 20; ++t) games.step();
    X.resize(inputs, batch, true);
    for (std::size_t t = 0; t < batch; ++t) {
      X.clear(t);
      for (const envs::Nonzero& x : games.env().nonzeros(t)) X.set(x.variable, t, x.value);
    }
  }
  double forward() {
    nn::sparse_forward(W, b, nn::StatesView(X).sparse(), Y);
    return batch;
  }
  double backward() {
    nn::sparse_backward(nn::StatesView(X).sparse(), Y, dW, db);
    return batch;
  }
};

}  // namespace

Table pong_table() {
  Table table("pong", "Decisions. The first layer is 6400-64 and skips zeros; training begins, without evaluation.",
              Unit::rate, {{"decisions"}});
  table.add("64 games, without a network", "decisions",
            [] { return [games = std::make_shared<Games>(64)] { return games->step(); }; });
  table.add("first layer forward", "decisions",
            [] { return [layer = std::make_shared<FirstLayer>()] { return layer->forward(); }; });
  table.add("first layer backward", "decisions",
            [] { return [layer = std::make_shared<FirstLayer>()] { return layer->backward(); }; });
  for (const std::size_t hidden : {64u, 200u})
    table.add(fmt::format("training, {} hidden units", hidden), "decisions", [hidden] {
      const auto training = std::make_shared<PongTraining>(hidden, true, false);
      return [=] { return double(training->run(10'000)); };
    });
  return table;
}

}  // namespace bench
