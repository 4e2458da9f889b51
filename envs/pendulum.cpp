#include "envs/pendulum.hpp"

namespace envs {

template class World<PendulumSpec>;
template class VectorWorld<PendulumSpec>;

}  // namespace envs
