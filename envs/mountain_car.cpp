#include "envs/mountain_car.hpp"

namespace envs {

template class World<MountainCarSpec>;
template class VectorWorld<MountainCarSpec>;
template class World<MountainCarContinuousSpec>;
template class VectorWorld<MountainCarContinuousSpec>;

}  // namespace envs
