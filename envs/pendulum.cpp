#include "envs/pendulum.hpp"

#include "envs/dynamics_vector_env.hpp"
#include "envs/registry.hpp"

namespace envs {

template class Env<PendulumDynamics>;

std::unique_ptr<VectorEnv> make_pendulum(std::size_t num_envs) {
  return std::make_unique<DynamicsVectorEnv<PendulumDynamics>>(num_envs);
}

}  // namespace envs
