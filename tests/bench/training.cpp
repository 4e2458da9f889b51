#include "tests/bench/training.hpp"

#include <fmt/core.h>

#include "tests/bench/tables.hpp"

namespace bench {

Table training_table() {
  Table table("training", "REINFORCE, 4-64-2 tanh, from scratch; no evaluation. As many episodes per update as lanes.",
              Unit::rate, {{"timesteps"}});
  const auto add = [&](std::size_t lanes, std::size_t timesteps) {
    table.add(fmt::format("{} lanes, {:.0e} steps", lanes, double(timesteps)), "timesteps",
              [=] { return [=] { return double(CartPoleTraining(lanes).run(timesteps)); }; });
  };
  for (const std::size_t lanes : {8u, 64u, 512u, 4096u}) add(lanes, 1'000'000);
  for (const std::size_t timesteps : {100'000u, 10'000'000u}) add(64, timesteps);  // growth
  return table;
}

}  // namespace bench
