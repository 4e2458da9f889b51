/// The panel "Pong from pixels": a game, frame by frame, of the policy on the right against the opponent of the
/// environment or a person on the left.                        docs/17-pong-from-pixels.md, section 1

#include <cmath>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "docs/playground/drawing.hpp"
#include "docs/playground/page.hpp"
#include "docs/playground/training.hpp"
#include "envs/pong.hpp"
#include "nn/checkpoint.hpp"
#include "nn/random.hpp"
#include "nn/states.hpp"

namespace playground {
namespace {

constexpr std::uint64_t purpose = 78;  // none of rl::SeedPurpose

class Game {
 public:
  explicit Game(std::uint64_t number)
      : rng_({number, purpose}), state_(envs::Pong::first_state(rng_)), picture_(state_) {}

  /// A frame; at the first of a decision the policy looks, and draws. With a number for `row`, a person plays.
  int frame(rl::Policy& policy, double row) {
    if (frames_left_ == 0) decide(policy);
    --frames_left_;
    const int reward = envs::Pong::frame(state_, action_, std::isnan(row) ? std::nullopt : std::optional(int(row)));
    if (reward != 0) frames_left_ = 0;
    return reward;
  }
  const envs::PongState& state() const { return state_; }
  int action() const { return action_; }

 private:
  void decide(rl::Policy& policy) {
    const envs::PongPicture now(state_);
    seen_.resize(envs::Pong::observation_size, 1, true);
    seen_.clear(0);
    now.changes(picture_, [&](std::size_t pixel, Scalar sign) { seen_.set(pixel, 0, sign); });
    picture_ = now;
    nn::Matrix drawn(1, 1);
    std::vector<double> u(policy.distribution->uniforms_per_action());
    for (double& x : u) x = rng_.uniform();
    policy.distribution->sample(policy.network.feedforward(seen_), u, drawn);
    action_ = static_cast<int>(drawn(0, 0));
    frames_left_ = envs::Pong::frames;
  }

  nn::Random rng_;
  envs::PongState state_;
  envs::PongPicture picture_;
  nn::States seen_;
  int action_ = 0, frames_left_ = 0;
};
std::optional<Game> game;
std::uint64_t games = 0;

Game& begun() {
  if (!game) throw std::invalid_argument("pong: no game has begun");
  return *game;
}

}  // namespace
}  // namespace playground

extern "C" {

/// The policy becomes that of a file policy.safetensors: the room holds its numbers, without the header.
void pong_policy(std::size_t length) {
  using namespace playground;
  nn::Network& network = started().learner.policy().network;
  std::vector<nn::Tensor> tensors = nn::network_tensors(network);
  std::string_view numbers = told(length);
  for (nn::Tensor& tensor : tensors) {
    const std::size_t size = sizeof(float) * tensor.data.size();
    if (numbers.size() < size) throw std::invalid_argument("pong_policy: expected the numbers of a policy, got fewer");
    std::memcpy(tensor.data.data(), numbers.data(), size);
    numbers.remove_prefix(size);
  }
  if (!numbers.empty()) throw std::invalid_argument("pong_policy: expected the numbers of a policy, got more");
  nn::set_network_tensors(network, tensors, "pong_policy");
}

/// A game begins.
void pong_begin() {
  using namespace playground;
  if (started().setup.experiment.environment != "Pong")
    throw std::invalid_argument("pong: expected environment=Pong, got " + started().setup.experiment.environment);
  game.emplace(++games);
}
/// One frame of a sixtieth of a second: the reward. A person on the left wants the middle of the paddle at `row`; with
/// NaN it follows the ball by itself.
int pong_frame(double row) {
  using namespace playground;
  return begun().frame(started().learner.policy(), row);
}
/// Where the middle of the left paddle is.
int pong_row() {
  return playground::begun().state().opponent_y + 8;
}
const char* pong_scene() {
  using namespace playground;
  const envs::PongState& s = begun().state();
  const std::vector<double> numbers = {double(s.player_y), double(s.opponent_y), double(s.ball_x), double(s.ball_y),
                                       s.wait == 0 ? 1.0 : 0.0};
  return tell(picture(rl::scene_of("Pong", numbers, begun().action())));
}
int pong_won() {
  return playground::begun().state().won;
}
int pong_lost() {
  return playground::begun().state().lost;
}

}  // extern "C"
