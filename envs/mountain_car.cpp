#include "envs/mountain_car.hpp"

#include "envs/dynamics_vector_env.hpp"
#include "envs/registry.hpp"

namespace envs {

template class Env<MountainCarDynamics>;

std::unique_ptr<VectorEnv> make_mountain_car(std::size_t num_envs) {
  return std::make_unique<DynamicsVectorEnv<MountainCarDynamics>>(num_envs);
}

template class Env<MountainCarContinuousDynamics>;

std::unique_ptr<VectorEnv> make_mountain_car_continuous(std::size_t num_envs) {
  return std::make_unique<DynamicsVectorEnv<MountainCarContinuousDynamics>>(num_envs);
}

}  // namespace envs
