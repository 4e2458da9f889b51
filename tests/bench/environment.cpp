#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "envs/cartpole.hpp"
#include "nn/random.hpp"
#include "tests/bench/tables.hpp"

namespace bench {
namespace {

Body one_world() {
  return [rng = std::make_shared<nn::Random>(7), env = std::make_shared<envs::CartPole>()] {
    constexpr int steps = 10'000;
    env->reset(*rng);
    for (int t = 0; t < steps; ++t)
      if (env->step(static_cast<int>(rng->bits() >> 63)).terminated) env->reset(*rng);
    return double(steps);
  };
}

/// Lanes that start again as soon as they have fallen; one source for actions (a bit each) and resets.
class Lanes {
 public:
  explicit Lanes(std::size_t count) : env_(count), actions_(count) {
    for (std::size_t n = 0; n < count; ++n) env_.reset(n, rng_);
  }
  double run() {
    const std::size_t count = env_.size(), steps = 40'960 / count;
    for (std::size_t t = 0; t < steps; ++t) {
      for (std::size_t n = 0; n < count; n += 64) {
        const std::uint64_t bits = rng_.bits();
        for (std::size_t j = 0; j < std::min<std::size_t>(64, count - n); ++j)
          actions_[n + j] = static_cast<int>(bits >> j & 1);
      }
      env_.step(actions_);
      for (std::size_t n = 0; n < count; ++n)
        if (!env_.running()[n]) env_.reset(n, rng_);
    }
    return double(steps * count);
  }

 private:
  envs::VectorCartPole env_;
  std::vector<int> actions_;
  nn::Random rng_{7};
};

}  // namespace

Table environment_table() {
  Table table("environment", "CartPole with random actions and resets, which are included.", Unit::rate, {{"steps"}});
  table.add("one world", "steps", one_world);
  for (const std::size_t count : {8u, 64u, 256u, 4096u})
    table.add(fmt::format("{} lanes", count), "steps",
              [count] { return [lanes = std::make_shared<Lanes>(count)] { return lanes->run(); }; });
  return table;
}

}  // namespace bench
