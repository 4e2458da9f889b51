#include "envs/registry.hpp"

#include <fmt/core.h>

#include <stdexcept>
#include <string>

#include "envs/bandit.hpp"
#include "envs/corridor.hpp"
#include "envs/sync_vector_env.hpp"
#include "envs/words.hpp"

namespace envs {
namespace {

template <class Reward>
std::unique_ptr<VectorEnv> make_words(std::size_t num_envs) {
  return std::make_unique<SyncVectorEnv<Words<Reward>>>(num_envs);
}

struct Entry {
  std::string_view id;
  std::unique_ptr<VectorEnv> (*make)(std::size_t num_envs);
};
constexpr Entry entries[] = {
    {"CartPole-v1", make_cartpole},
    {"Pendulum-v1", make_pendulum},
    {"Acrobot-v1", make_acrobot},
    {"MountainCar-v0", make_mountain_car},
    {"MountainCarContinuous-v0", make_mountain_car_continuous},
    {"Bandit", make_bandit},
    {"Corridor", make_corridor},
    {"Words-alternating", make_words<Alternating>},
    {"Words-palindrome", make_words<Palindrome>},
    {"Words-ending", make_words<Ending>},
    {"Words-four-letters", make_words<FourLetters>},
    {"Pong", make_pong},
    {"PongPoint", make_pong_point},
};

}  // namespace

std::unique_ptr<VectorEnv> make_bandit(std::size_t num_envs) {
  return std::make_unique<SyncVectorEnv<Bandit>>(num_envs);
}
std::unique_ptr<VectorEnv> make_corridor(std::size_t num_envs) {
  return std::make_unique<SyncVectorEnv<Corridor>>(num_envs);
}

std::unique_ptr<VectorEnv> make_vec(std::string_view id, std::size_t num_envs) {
  std::string names;
  for (const Entry& entry : entries) {
    if (entry.id == id) return entry.make(num_envs);
    names += fmt::format("{}{}", names.empty() ? "" : ", ", entry.id);
  }
  throw std::invalid_argument(fmt::format("make_vec: expected one of {}, got '{}'", names, id));
}

}  // namespace envs
