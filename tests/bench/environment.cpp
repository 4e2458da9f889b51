#include <fmt/core.h>

#include <algorithm>
#include <memory>

#include "envs/cartpole.hpp"
#include "envs/registry.hpp"
#include "nn/random.hpp"
#include "tests/bench/tables.hpp"

namespace bench {
namespace {

Body one_environment() {
  return [rng = std::make_shared<nn::Random>(7), env = std::make_shared<envs::CartPole>()] {
    constexpr int steps = 10'000;
    env->reset(*rng);
    for (int t = 0; t < steps; ++t)
      if (env->step(static_cast<int>(rng->bits() >> 63)).terminated) env->reset(*rng);
    return double(steps);
  };
}

/// Environments side by side that start again as soon as the pole has fallen; one source for actions (a bit each) and
/// resets.
class Environments {
 public:
  explicit Environments(std::size_t count) : env_(envs::make_vec("CartPole-v1", count)) { reset_done(*env_, rng_); }
  double run() {
    const std::size_t count = env_->num_envs(), steps = 40'960 / count;
    const auto actions = env_->actions();
    for (std::size_t t = 0; t < steps; ++t) {
      for (std::size_t n = 0; n < count; n += 64) {
        const std::uint64_t bits = rng_.bits();
        for (std::size_t j = 0; j < std::min<std::size_t>(64, count - n); ++j)
          actions[n + j] = static_cast<envs::Scalar>(bits >> j & 1);
      }
      env_->step();
      reset_done(*env_, rng_);
    }
    return double(steps * count);
  }

 private:
  std::unique_ptr<envs::VectorEnv> env_;
  nn::Random rng_{7};
};

}  // namespace

Table environment_table() {
  Table table("environment", "CartPole with random actions and resets, which are included.", Unit::rate, {{"steps"}});
  table.add("one environment", "steps", one_environment);
  for (const std::size_t count : {8u, 64u, 256u, 4096u})
    table.add(fmt::format("{} environments", count), "steps",
              [count] { return [together = std::make_shared<Environments>(count)] { return together->run(); }; });
  return table;
}

}  // namespace bench
