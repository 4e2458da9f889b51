#pragma once
/// Every environment by its name: make_vec("CartPole-v1", 8), as gymnasium.make_vec.

#include <memory>
#include <string_view>

#include "envs/vector_env.hpp"

namespace envs {

/// Throws std::invalid_argument, with all names, for one that is no environment's.
std::unique_ptr<VectorEnv> make_vec(std::string_view id, std::size_t num_envs);

/// One for each: the .cpp of an environment defines its own, registry.cpp those of the smallest.
std::unique_ptr<VectorEnv> make_cartpole(std::size_t num_envs);
std::unique_ptr<VectorEnv> make_pendulum(std::size_t num_envs);
std::unique_ptr<VectorEnv> make_acrobot(std::size_t num_envs);
std::unique_ptr<VectorEnv> make_mountain_car(std::size_t num_envs);
std::unique_ptr<VectorEnv> make_mountain_car_continuous(std::size_t num_envs);
std::unique_ptr<VectorEnv> make_bandit(std::size_t num_envs);
std::unique_ptr<VectorEnv> make_corridor(std::size_t num_envs);
std::unique_ptr<VectorEnv> make_pong(std::size_t num_envs);
std::unique_ptr<VectorEnv> make_pong_point(std::size_t num_envs);

}  // namespace envs
