#include "envs/vector_env.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace envs {
namespace {

constexpr std::size_t whole = 16;  // numbers in the widest vector

/// Does the action exist? NaN never does.
struct IsIndex {
  int count;
  int operator()(Scalar action) const {
    const int k = static_cast<int>(action >= 0 && action < static_cast<Scalar>(count) ? action : -1);
    return int(static_cast<Scalar>(k) == action) & int(k >= 0);
  }
};
struct IsReal {  // with a finite square, since an environment may charge the square
  int operator()(Scalar action) const { return int(action * action <= std::numeric_limits<Scalar>::max()); }
};

template <class Exists>
bool all_exist(std::span<const Scalar> actions, Exists exists) {
  const Scalar* action = actions.data();
  const std::size_t count = actions.size();
  int missing = 0;
#pragma omp simd reduction(| : missing)
  for (std::size_t i = 0; i < count; ++i) missing |= exists(action[i]) ^ 1;
  return missing == 0;
}

}  // namespace

VectorEnv::VectorEnv(const EnvSpec& spec, std::size_t num_envs)
    : num_envs_(num_envs),
      stride_((num_envs + whole - 1) / whole * whole),
      observations_(spec.is_sparse() ? 0 : spec.observation_size * stride_),
      actions_(spec.action_size * stride_),
      rewards_(stride_),
      terminated_(stride_),
      truncated_(stride_),
      running_(stride_),
      was_running_(stride_),
      steps_(stride_),
      nonzeros_(spec.is_sparse() ? num_envs : 0),
      spec_(spec) {
  if (num_envs == 0) throw std::invalid_argument(fmt::format("{}: expected at least 1 environment, got 0", spec.id));
}

void VectorEnv::check_index(std::string_view who, std::size_t n) const {
  if (n >= num_envs_)
    throw std::invalid_argument(
        fmt::format("{}::{}: expected an environment below {}, got {}", spec_.id, who, num_envs_, n));
}

void VectorEnv::reset(std::size_t n, const Uniform& uniform) {
  check_index("reset", n);
  start(n, uniform);
  begin_episode(n);
}

std::vector<Scalar> VectorEnv::whole_observation(std::size_t n) const {
  std::vector<Scalar> numbers(spec_.observation_size);
  if (spec_.is_sparse())
    for (const Nonzero& x : nonzeros_[n]) numbers[x.variable] = x.value;
  else
    for (std::size_t variable = 0; variable < numbers.size(); ++variable) numbers[variable] = observation(variable)[n];
  return numbers;
}

std::vector<double> VectorEnv::picture(std::size_t n) const {
  const std::vector<Scalar> numbers = whole_observation(n);
  return {numbers.begin(), numbers.end()};
}

void VectorEnv::begin_episode(std::size_t n) {
  rewards_[n] = 0;
  terminated_[n] = truncated_[n] = steps_[n] = 0;
  running_[n] = 1;
}

void VectorEnv::check_count(std::size_t actions) const {
  if (actions != num_envs_ * spec_.action_size)
    throw std::invalid_argument(
        spec_.action_size == 1
            ? fmt::format("{}::step: expected {} actions, one per environment, got {}", spec_.id, num_envs_, actions)
            : fmt::format("{}::step: expected {} numbers, {} per environment, got {}", spec_.id,
                          num_envs_ * spec_.action_size, spec_.action_size, actions));
}

void VectorEnv::check_actions() const {
  const IsIndex is_index{static_cast<int>(spec_.action_count)};
  const auto exist = [&](std::span<const Scalar> actions) {
    return spec_.action_count == 0 ? all_exist(actions, IsReal()) : all_exist(actions, is_index);
  };
  for (std::size_t d = 0; d < spec_.action_size; ++d) {
    const std::span row(actions_.data() + d * stride_, num_envs_);
    if (exist(row)) continue;
    for (std::size_t n = 0; n < num_envs_; ++n)
      if (!exist(row.subspan(n, 1)))
        throw std::invalid_argument(
            fmt::format("{}::step: expected {}, got {} in environment {}", spec_.id, spec_.expected_action, row[n], n));
  }
}

void VectorEnv::step(std::span<const Scalar> actions) {
  check_count(actions.size());
  for (std::size_t d = 0; d < spec_.action_size; ++d)
    std::copy_n(actions.data() + d * num_envs_, num_envs_, actions_.data() + d * stride_);
  step();
}

void VectorEnv::step(std::span<const int> actions) {
  check_count(actions.size());
  for (std::size_t i = 0; i < actions.size(); ++i)
    actions_[i / num_envs_ * stride_ + i % num_envs_] = static_cast<Scalar>(actions[i]);
  step();
}

void VectorEnv::step() {
  check_actions();
  std::ranges::copy(running_, was_running_.begin());
  advance();
  count_steps();
}

void VectorEnv::count_steps() {
  const std::size_t count = stride_;
  const int limit = static_cast<int>(std::min<std::size_t>(spec_.max_episode_steps, std::numeric_limits<int>::max()));
  const int* was_running = was_running_.data();
  int *steps = steps_.data(), *truncated = truncated_.data();
  int any = 0;
#pragma omp simd reduction(| : any)
  for (std::size_t n = 0; n < count; ++n) {
    steps[n] += was_running[n];
    truncated[n] |= int(steps[n] >= limit);
    any |= truncated[n] & was_running[n];
  }
  if (!any) return;
  for (std::size_t n = 0; n < count; ++n)
    if (truncated_[n]) running_[n] = 0;
}

}  // namespace envs
