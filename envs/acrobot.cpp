#include "envs/acrobot.hpp"

namespace envs {

template class World<AcrobotSpec>;
template class VectorWorld<AcrobotSpec>;

}  // namespace envs
