#pragma once
/// N environments of one kind, stepped together: Gymnasium's VectorEnv. Which kind is known at run time; one virtual
/// call moves all N, so that costs nothing.

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "envs/environment.hpp"

namespace envs {

/// What an environment is called and how large it is.
struct EnvSpec {
  std::string_view id;            // CartPole-v1, as Gymnasium registers it
  std::size_t observation_size;   // numbers in an observation
  std::size_t action_size;        // numbers in an action
  std::size_t action_count;       // actions to choose from, 0 .. action_count - 1; 0: an action is real numbers
  std::string expected_action;    // what a message asks for
  std::size_t max_episode_steps;  // then an episode is truncated
  double reward_threshold;        // the mean return that counts as solved
  std::size_t nonzeros = 0;       // of an observation about so many numbers are not 0; 0: all
  bool is_sparse() const { return nonzeros > 0; }
};

/// A number of an observation that is not 0.
struct Nonzero {
  std::uint32_t variable;
  Scalar value;
};

/// Where a reset takes its randomness from: numbers in [0, 1). The generator is the caller's.
using Uniform = std::function<double()>;

/// A Uniform for what asks for a UniformSource.
struct UniformRef {
  const Uniform& draw;
  double uniform() { return draw(); }
};

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
template <class T>
using Row = std::vector<T, CacheLineAllocator<T>>;

/// One column per environment, one row per variable. An environment whose episode has ended stands still until its
/// reset, so that whoever looks sees the last observation. Make one with make_vec, registry.hpp. Read next:
/// sync_vector_env.hpp.
class VectorEnv {
 public:
  virtual ~VectorEnv() = default;
  /// As many environments of the same kind as you like; each waits for its reset.
  virtual std::unique_ptr<VectorEnv> make(std::size_t num_envs) const = 0;

  const EnvSpec& spec() const { return spec_; }
  std::size_t num_envs() const { return num_envs_; }

  /// Environment n starts an episode, with a Uniform or any UniformSource. Throws std::invalid_argument for one that
  /// does not exist.
  void reset(std::size_t n, const Uniform& uniform);
  template <UniformSource Source>
  void reset(std::size_t n, Source& source) {
    reset(n, Uniform([&source] { return source.uniform(); }));
  }

  /// Moves every running environment by its action; the others stand still, with reward 0. After max_episode_steps an
  /// episode is truncated, whether or not that step also terminated it. The actions are those that stand in actions(),
  /// or come one per environment: all first numbers, then all second ones. Throws std::invalid_argument for an action
  /// that does not exist, and for another number of actions; then none has moved.
  void step();
  void step(std::span<const Scalar> actions);
  void step(std::span<const int> actions);
  /// Environment n stands still from now on.
  void stop(std::size_t n) { running_[n] = 0; }

  /// Room for the next actions: number d of environment n is actions()[d * stride() + n].
  std::span<Scalar> actions() { return actions_; }
  std::span<const Scalar> actions() const { return actions_; }
  std::size_t stride() const { return stride_; }

  /// Of every environment: one variable of what it shows, what its last step earned, and how its episode stands.
  std::span<const Scalar> observation(std::size_t variable) const {
    assert(!spec_.is_sparse());
    return {observations_.data() + variable * stride_, num_envs_};
  }
  /// Of one environment that is sparse: what it shows, variable by variable, without the zeros.
  std::span<const Nonzero> nonzeros(std::size_t n) const { return nonzeros_[n]; }
  /// Of any environment: all that it shows, number by number.
  std::vector<Scalar> whole_observation(std::size_t n) const;
  /// What a picture is drawn of: the observation, or what an environment shows to a reader instead.
  virtual std::vector<double> picture(std::size_t n) const;

  std::span<const Scalar> rewards() const { return {rewards_.data(), num_envs_}; }
  std::span<const int> terminated() const { return {terminated_.data(), num_envs_}; }
  std::span<const int> truncated() const { return {truncated_.data(), num_envs_}; }
  std::span<const int> running() const { return {running_.data(), num_envs_}; }
  std::span<const int> was_running() const { return {was_running_.data(), num_envs_}; }  // who took the last step

 protected:
  /// Throws std::invalid_argument for no environments.
  VectorEnv(const EnvSpec& spec, std::size_t num_envs);
  VectorEnv(const VectorEnv&) = default;

  /// Writes the first observation of environment n.
  virtual void start(std::size_t n, const Uniform& uniform) = 0;
  /// Moves every running environment by actions_: writes observations_, rewards_, terminated_ and running_.
  virtual void advance() = 0;
  void check_index(std::string_view who, std::size_t n) const;
  void begin_episode(std::size_t n);

  // Every row is padded to whole vectors: environments beyond the last whole one would move one by one.
  std::size_t num_envs_, stride_;
  Row<Scalar> observations_, actions_, rewards_;
  Row<int> terminated_, truncated_, running_, was_running_, steps_;
  std::vector<std::vector<Nonzero>> nonzeros_;  // of a sparse one, whose observations_ are empty

 private:
  void check_count(std::size_t actions) const;
  void check_actions() const;
  void count_steps();
  EnvSpec spec_;
};

/// Starts a new episode in every environment that stands still, in their order, from one source.
template <UniformSource Source>
void reset_done(VectorEnv& env, Source& source) {
  for (std::size_t n = 0; n < env.num_envs(); ++n)
    if (!env.running()[n]) env.reset(n, source);
}

}  // namespace envs
