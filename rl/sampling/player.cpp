#include "rl/sampling/player.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace rl {

Player::Player(std::unique_ptr<envs::VectorEnv> env, ConstVectorView observation_scale)
    : env_(std::move(env)),
      scale_(observation_scale.begin(), observation_scale.end()),
      streams_(size(), nn::Random(0)) {
  assert(scale_.size() == spec().observation_size);
  states_.resize(spec().observation_size, size(), spec().is_sparse());
}

Player::Player(const Player& other, std::size_t num_envs) : Player(other.env_->make(num_envs), other.scale_) {}

// #region play
void Player::play(Policy& policy, const EpisodeSeeds& seeds, std::size_t first, std::size_t count, bool greedy,
                  Recorder& recorder) {
  count_ = count;
  reset(seeds, first);  // s_0
  // Where step reads, sample writes: one row for each number of an action.
  const MatrixView actions(env_->actions().data(), spec().action_size, count, env_->stride());
  for (std::size_t t = 0; is_running(); ++t) {  // until every episode is done
    const ConstMatrixView outputs = policy.network.feedforward(observe(), recorder.activations(t));
    if (greedy)
      policy.distribution->mode(outputs, actions);
    else
      policy.distribution->sample(outputs, draw(policy.distribution->uniforms_per_action()), actions);  // a_t
    env_->step();                                                                                       // r_t, s_{t+1}
    recorder.record(*this, t);
  }
}
// #endregion play

/// Environment n plays episode first + n; those from count_ on stand still.
void Player::reset(const EpisodeSeeds& seeds, std::size_t first) {
  for (std::size_t n = 0; n < size(); ++n) {
    env_->stop(n);
    if (n >= count_) continue;
    streams_[n] = seeds.of(first + n);
    if (seeds.group == 1) {
      env_->reset(n, streams_[n]);
    } else {
      nn::Random start = seeds.start_of(first + n);
      env_->reset(n, start);
    }
  }
}

bool Player::is_running() const {
  return std::ranges::find(running(), 1) != running().end();
}

nn::StatesView Player::observe() {
  if (states_.is_sparse()) {
    states_.resize(states_.rows(), size(), true);
    for (std::size_t n = 0; n < count_; ++n)  // what stands still is not looked at any more
      if (running()[n]) show(n, states_, n);
    return states_.columns(0, count_);
  }
  for (std::size_t row = 0; row < states_.rows(); ++row) {
    const Scalar *observation = env_->observation(row).data(), factor = scale_[row];
    Scalar* state = states_.dense().row(row).data();
    for (std::size_t n = 0; n < size(); ++n) state[n] = observation[n] * factor;
  }
  return states_.columns(0, count_);
}

void Player::show(std::size_t n, nn::States& states, std::size_t c) const {
  if (spec().is_sparse()) {
    const std::span seen = env_->nonzeros(n);
    const std::span entries = states.room(c, seen.size());
    for (std::size_t i = 0; i < seen.size(); ++i)
      entries[i] = {seen[i].variable, seen[i].value * scale_[seen[i].variable]};
  } else {
    for (std::size_t row = 0; row < scale_.size(); ++row) states.set(row, c, env_->observation(row)[n] * scale_[row]);
  }
}

/// Those that no longer play draw nothing: their streams belong to their episodes.
std::span<const double> Player::draw(std::size_t uniforms_per_action) {
  const std::size_t count = count_;
  u_.resize(uniforms_per_action * count);
  const int* running = env_->running().data();
  double* u = u_.data();
  for (std::size_t n = 0; n < count; ++n) {
    if (!running[n]) continue;
    for (std::size_t d = 0; d < uniforms_per_action; ++d) u[d * count + n] = streams_[n].uniform();
  }
  return u_;
}

}  // namespace rl
