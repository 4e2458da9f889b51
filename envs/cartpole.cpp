#include "envs/cartpole.hpp"

#include <fmt/core.h>

#include <cmath>
#include <stdexcept>

#include "envs/trigonometry.hpp"

namespace envs {
namespace {

constexpr Scalar force_magnitude = 10;                       // N
constexpr Scalar x_limit = Scalar(2.4);                      // m
constexpr Scalar theta_limit = Scalar(0.20943951023931953);  // rad: 12 * 2 * pi / 360

void check_finite(CartPoleState s) {
  if (!std::isfinite(s.x) || !std::isfinite(s.x_dot) || !std::isfinite(s.theta) || !std::isfinite(s.theta_dot))
    throw std::invalid_argument(fmt::format("CartPole::reset_to: expected a finite state, got {}, {}, {}, {}", s.x,
                                            s.x_dot, s.theta, s.theta_dot));
}

[[noreturn]] void refuse(int action) {
  throw std::invalid_argument(fmt::format("CartPole::step: expected action 0 (left) or 1 (right), got {}", action));
}

}  // namespace

CartPole::Observation CartPole::reset_to(CartPoleState state) {
  check_finite(state);
  state_ = state;
  running_ = true;
  return {state.x, state.x_dot, state.theta, state.theta_dot};
}

Step<CartPole::Observation> CartPole::step(Action action) {
  if (action != 0 && action != 1) refuse(action);
  if (!running_) throw std::logic_error("CartPole::step: expected a reset first, got a finished episode");
  const SinCos angle = sin_cos(state_.theta);
  state_ = cartpole_advance(state_, angle.sine, angle.cosine, action == 1 ? force_magnitude : -force_magnitude);
  const bool terminated = std::abs(state_.x) > x_limit || std::abs(state_.theta) > theta_limit;
  running_ = !terminated;
  return {{state_.x, state_.x_dot, state_.theta, state_.theta_dot}, 1, terminated, false};
}

VectorCartPole::VectorCartPole(std::size_t count)
    : states_(4 * count), sine_(count), cosine_(count), rewards_(count), terminated_(count), running_(count) {
  if (count == 0) throw std::invalid_argument("VectorCartPole: expected at least 1 lane, got 0");
}

void VectorCartPole::reset_to(std::size_t lane, CartPoleState state) {
  if (lane >= size())
    throw std::invalid_argument(fmt::format("VectorCartPole::reset: expected a lane below {}, got {}", size(), lane));
  check_finite(state);
  const Scalar values[] = {state.x, state.x_dot, state.theta, state.theta_dot};
  for (std::size_t row = 0; row < 4; ++row) states_[row * size() + lane] = values[row];
  rewards_[lane] = 0;
  terminated_[lane] = 0;
  running_[lane] = 1;
}

// #region step
void VectorCartPole::step(std::span<const int> actions) {
  const std::size_t count = size();
  if (actions.size() != count)
    throw std::invalid_argument(
        fmt::format("VectorCartPole::step: expected {} actions, one per lane, got {}", count, actions.size()));
  for (const int action : actions)
    if (action != 0 && action != 1) refuse(action);

  Scalar *x = states_.data(), *x_dot = x + count, *theta = x_dot + count, *theta_dot = theta + count;
  sin_cos({theta, count}, sine_, cosine_);
  const Scalar *sine = sine_.data(), *cosine = cosine_.data();
  Scalar* reward = rewards_.data();
  const int* action = actions.data();
  int *terminated = terminated_.data(), *running = running_.data();
#pragma omp simd
  for (std::size_t n = 0; n < count; ++n) {
    const Scalar force = action[n] == 1 ? force_magnitude : -force_magnitude;
    const CartPoleState next = cartpole_advance({x[n], x_dot[n], theta[n], theta_dot[n]}, sine[n], cosine[n], force);
    const bool moves = running[n] != 0;
    const auto select = [moves](Scalar after, Scalar before) { return moves ? after : before; };
    x[n] = select(next.x, x[n]);
    x_dot[n] = select(next.x_dot, x_dot[n]);
    theta[n] = select(next.theta, theta[n]);
    theta_dot[n] = select(next.theta_dot, theta_dot[n]);
    reward[n] = moves ? Scalar(1) : Scalar(0);
    terminated[n] = int(std::abs(x[n]) > x_limit) | int(std::abs(theta[n]) > theta_limit);
    running[n] = int(moves) & (terminated[n] ^ 1);
  }
}
// #endregion step

}  // namespace envs
