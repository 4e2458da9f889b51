#include "tests/bench/training.hpp"

#include <fmt/core.h>

#include <memory>

#include "tests/bench/tables.hpp"

namespace bench {

Table training_table() {
  Table table("training", "REINFORCE, 4-64-2 tanh, no evaluation. As many episodes per update as environments.",
              Unit::rate, {{"timesteps"}});
  for (const std::size_t num_envs : {8u, 32u, 64u, 512u, 4096u})
    table.add(fmt::format("{} environments, episodes last", num_envs), "timesteps", [=] {
      const auto training = std::make_shared<CartPoleTraining>(num_envs);
      training->learn();
      return [=] { return double(training->run(1'000'000)); };
    });
  for (const std::size_t timesteps : {100'000u, 1'000'000u, 10'000'000u})  // growth
    table.add(fmt::format("64 environments, from scratch, {:.0e} steps", double(timesteps)), "timesteps",
              [=] { return [=] { return double(CartPoleTraining(64).run(timesteps)); }; });
  return table;
}

}  // namespace bench
