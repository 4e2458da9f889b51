/// Counts every allocation of the test program, to show where there are none.
#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "envs/registry.hpp"
#include "rl/reinforce.hpp"
#include "rl/sampling/parallel_gradient.hpp"
#include "tests/rl/support.hpp"

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
// std::stable_sort asks here. A sanitizer has its own, and would not have its memory freed by ours.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept try {
  return counted(size, alignof(std::max_align_t));
} catch (const std::bad_alloc&) {
  return nullptr;
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
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
  nn::Random rng(3);
  rl::Policy policy = tests::policy_of(nn::Network({6, 8, 2}, nn::Activation::tanh, rng));
  policy.network.bias(1)[0] = 100;  // to the left wall, until the time is up: every episode has 100 steps
  rl::PolicyOptimizer adam = tests::optimizer_of(nn::AdamOptions{.learning_rate = nn::Scalar(1e-6)});
  const rl::Player player(envs::make_vec("Corridor", 20), nn::Vector(6, 1));
  rl::Reinforce algorithm(policy, adam, std::make_unique<rl::ParallelGradient>(policy, player, 70, 1),
                          {.gamma = 1, .episodes_per_update = 70});
  algorithm.update(1, 1);
  const std::size_t before = allocations;
  CHECK(before > 0);
  for (std::uint64_t number = 2; number < 8; ++number) CHECK(algorithm.update(1, number).timesteps == 7000);
  CHECK(allocations - before < 6 * 40);  // 70 episodes in three groups, a list that doubles, and never a time step
}
