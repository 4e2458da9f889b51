#include "envs/cartpole.hpp"

namespace envs {

template class World<CartPoleSpec>;
template class VectorWorld<CartPoleSpec>;

}  // namespace envs
