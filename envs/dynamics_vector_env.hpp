#pragma once
/// N worlds of one Spec, one row per variable: the same physics as World, in a loop that vectorises.

#include <new>
#include <span>
#include <vector>

#include "envs/env.hpp"

namespace envs {

/// Memory that starts on a cache line, so that no vector load straddles two.
template <class T>
struct CacheLineAllocator {
  using value_type = T;
  static constexpr std::align_val_t alignment{64};
  CacheLineAllocator() = default;
  template <class U>
  CacheLineAllocator(const CacheLineAllocator<U>&) {}
  T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T), alignment)); }
  void deallocate(T* data, std::size_t) { ::operator delete(data, alignment); }
  bool operator==(const CacheLineAllocator&) const { return true; }
};

/// Lane for lane the same numbers as World, bit for bit. Read next: rl/sampling/rollout.hpp.
template <class Spec>
class VectorWorld : public Spec {
 public:
  using typename Spec::Action, typename Spec::State;

  /// Throws std::invalid_argument for no lanes. Every lane waits for its reset.
  explicit VectorWorld(std::size_t count);

  template <UniformSource Source>
  void reset(std::size_t lane, Source& source) {
    check_lane(lane);
    start(lane, Spec::initial_state(source));
  }
  void reset_to(std::size_t lane, State state);

  /// Moves every running lane; the others stand still, with reward 0. Throws std::invalid_argument unless there is
  /// one action that exists per lane; then no lane has moved.
  void step(std::span<const Action> actions);
  void stop(std::size_t lane) { running_[lane] = 0; }

  std::size_t size() const { return running_.size(); }
  std::span<const Scalar> observations() const { return shows_state<Spec> ? states_ : observations_; }
  std::span<const Scalar> rewards() const { return rewards_; }
  std::span<const int> terminated() const { return terminated_; }
  std::span<const int> running() const { return running_; }
  State state(std::size_t lane) const;

 private:
  template <class T>
  using Row = std::vector<T, CacheLineAllocator<T>>;

  void check_lane(std::size_t lane) const;
  void check(std::span<const Action> actions) const;
  void start(std::size_t lane, const State& state);
  void show(std::size_t lane, const State& state);
  int advance_lanes(const Action* action);
  void advance_lane(std::size_t lane, Action action);

  Row<Scalar> states_, observations_;  // one row per variable; observations_ is empty when the state is seen
  Row<Scalar> rewards_;
  Row<int> terminated_, running_;
};

template <class Spec>
VectorWorld<Spec>::VectorWorld(std::size_t count)
    : states_(variable_count<Spec> * count),
      observations_(shows_state<Spec> ? 0 : Spec::observation_size * count),
      rewards_(count),
      terminated_(count),
      running_(count) {
  if (count == 0)
    throw std::invalid_argument(fmt::format("Vector{}: expected at least 1 lane, got 0", Spec::class_name));
}

template <class Spec>
void VectorWorld<Spec>::check_lane(std::size_t lane) const {
  if (lane >= size())
    throw std::invalid_argument(
        fmt::format("Vector{}::reset: expected a lane below {}, got {}", Spec::class_name, size(), lane));
}

template <class Spec>
void VectorWorld<Spec>::check(std::span<const Action> actions) const {
  if (actions.size() != size())
    throw std::invalid_argument(fmt::format("Vector{}::step: expected {} actions, one per lane, got {}",
                                            Spec::class_name, size(), actions.size()));
  const Action* action = actions.data();
  const std::size_t count = size();
  int invalid = 0;
#pragma omp simd reduction(| : invalid)
  for (std::size_t n = 0; n < count; ++n) invalid |= int(!is_valid<Spec>(action[n]));
  if (!invalid) return;
  for (std::size_t n = 0; n < count; ++n)
    if (!is_valid<Spec>(action[n]))
      throw std::invalid_argument(fmt::format("Vector{}::step: expected {}, got {} in lane {}", Spec::class_name,
                                              Spec::expected_action, action[n], n));
}

template <class Spec>
auto VectorWorld<Spec>::state(std::size_t lane) const -> State {
  State state{};
  unrolled<variable_count<Spec>>([&](auto row) { state.*variable<Spec, row> = states_[row * size() + lane]; });
  return state;
}

template <class Spec>
void VectorWorld<Spec>::show(std::size_t lane, const State& state) {
  unrolled<variable_count<Spec>>([&](auto row) { states_[row * size() + lane] = state.*variable<Spec, row>; });
  if constexpr (!shows_state<Spec>) {
    AnyAngle sin_cos;
    const auto observation = Spec::observe(state, sin_cos);
    for (std::size_t row = 0; row < observation.size(); ++row) observations_[row * size() + lane] = observation[row];
  }
}

template <class Spec>
void VectorWorld<Spec>::start(std::size_t lane, const State& state) {
  show(lane, state);
  rewards_[lane] = 0;
  terminated_[lane] = 0;
  running_[lane] = 1;
}

template <class Spec>
void VectorWorld<Spec>::reset_to(std::size_t lane, State state) {
  check_lane(lane);
  check_finite<Spec>(state, "Vector");
  start(lane, state);
}

// #region step
template <class Spec>
void VectorWorld<Spec>::step(std::span<const Action> actions) {
  check(actions);
  if (!advance_lanes(actions.data())) return;
  for (std::size_t n = 0; n < size(); ++n)
    if (terminated_[n] > 1) advance_lane(n, actions[n]);
}

/// Moves every running lane but those that need the sine of a large angle: they stay, and terminated is 2. Are there
/// any? (No aggregate in here is const, in Spec::advance neither: g++ 12 would keep it in memory, lane by lane.)
template <class Spec>
[[gnu::flatten]] int VectorWorld<Spec>::advance_lanes(const Action* action) {
  constexpr std::size_t rows = variable_count<Spec>, seen = shows_state<Spec> ? 0 : Spec::observation_size;
  const std::size_t count = size();
  std::array<Scalar*, rows> x;
  unrolled<rows>([&](auto row) { x[row] = states_.data() + row * count; });
  std::array<Scalar*, seen> o;
  unrolled<seen>([&](auto row) { o[row] = observations_.data() + row * count; });
  Scalar* reward = rewards_.data();
  int *terminated = terminated_.data(), *running = running_.data();
  const auto advance = [=](std::size_t n) {
    typename Spec::State now{};
    unrolled<rows>([&](auto row) { now.*variable<Spec, row> = x[row][n]; });
    SmallAngles sin_cos;
    auto after = Spec::advance(now, action[n], sin_cos);
    auto observation = observe<Spec>(after.next, sin_cos);
    const int late = running[n] & sin_cos.large;
    const int moves = running[n] & ~late;
    const auto select = [moves](Scalar yes, Scalar no) { return moves ? yes : no; };
    unrolled<rows>([&](auto row) { x[row][n] = select(after.next.*variable<Spec, row>, x[row][n]); });
    unrolled<seen>([&](auto row) { o[row][n] = select(observation[row], o[row][n]); });
    reward[n] = select(after.reward, 0);
    terminated[n] |= (after.terminated & moves) | late << 1;
    running[n] ^= after.terminated & moves;
    return late;
  };
  int any_late = 0;
#pragma omp simd reduction(| : any_late)
  for (std::size_t n = 0; n < count; ++n) any_late |= advance(n);
  return any_late;
}
// #endregion step

template <class Spec>
void VectorWorld<Spec>::advance_lane(std::size_t lane, Action action) {
  AnyAngle sin_cos;
  const auto result = Spec::advance(state(lane), action, sin_cos);
  show(lane, result.next);
  rewards_[lane] = result.reward;
  terminated_[lane] = result.terminated;
  running_[lane] = result.terminated ^ 1;
}

}  // namespace envs
