/// Counts every allocation of the test program, to show where there are none.
#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "envs/corridor.hpp"
#include "envs/sync_vector_env.hpp"
#include "rl/categorical.hpp"
#include "rl/reinforce.hpp"

namespace {

std::atomic<std::size_t> allocations = 0;

void* counted(std::size_t size, std::size_t alignment) {
  ++allocations;
  if (void* memory = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment)) return memory;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) {
  return counted(size, alignof(std::max_align_t));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}

TEST_CASE(
    "once its episodes are as long as they get, an update allocates the list of its episodes, whatever their length") {
  using World = envs::SideBySide<envs::Corridor>;
  constexpr nn::Scalar ones[6] = {1, 1, 1, 1, 1, 1};
  nn::Random rng(3);
  nn::Network policy({6, 8, 2}, nn::Activation::tanh, rng);
  policy.bias(1)[0] = 100;  // to the left wall, until the time is up: every episode has 100 steps
  rl::Categorical head;
  nn::Adam adam({.learning_rate = nn::Scalar(1e-6)});
  rl::Reinforce<World, rl::Categorical> algorithm({policy, head, adam}, rl::Lanes<World, rl::Categorical>(20, ones),
                                                  {.gamma = 1, .episodes_per_update = 70, .threads = 1});
  algorithm.update(1, 1);
  const std::size_t before = allocations;
  CHECK(before > 0);
  for (std::uint64_t number = 2; number < 8; ++number) CHECK(algorithm.update(1, number).timesteps == 7000);
  CHECK(allocations - before < 6 * 40);  // 70 episodes in three groups, a list that doubles, and never a time step
}
