#include "envs/cartpole.hpp"

#include "envs/dynamics_vector_env.hpp"
#include "envs/registry.hpp"

namespace envs {

template class Env<CartPoleDynamics>;

std::unique_ptr<VectorEnv> make_cartpole(std::size_t num_envs) {
  return std::make_unique<DynamicsVectorEnv<CartPoleDynamics>>(num_envs);
}

}  // namespace envs
