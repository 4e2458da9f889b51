#include "envs/acrobot.hpp"

#include "envs/dynamics_vector_env.hpp"
#include "envs/registry.hpp"

namespace envs {

template class Env<AcrobotDynamics>;

std::unique_ptr<VectorEnv> make_acrobot(std::size_t num_envs) {
  return std::make_unique<DynamicsVectorEnv<AcrobotDynamics>>(num_envs);
}

}  // namespace envs
