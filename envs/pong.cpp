#include "envs/pong.hpp"

#include <algorithm>

#include "envs/registry.hpp"
#include "envs/vector_env.hpp"

namespace envs {
namespace {

constexpr int field = 160, paddle_width = 4, paddle_height = 16, ball_width = 2, ball_height = 4;  // pixels
constexpr int opponent_x = 16, player_x = 140, middle_x = 79;
constexpr int player_speed = 3, opponent_speed = 2;  // pixels a frame
constexpr int opponent_rests = 8;                    // one frame in so many
constexpr int hidden_frames = 16;                    // between a point and the next serve

std::uint32_t draw(PongState& s) {
  s.random = s.random * 1664525u + 1013904223u;  // Numerical Recipes
  return s.random >> 16;
}

/// Of speed 1, times 2. None is straight: rallies of two paddles that follow the ball would never end.
constexpr int slopes[4] = {-2, -1, 1, 2};

/// A point begins: paddles in the middle, so that one point is like another.
void serve(PongState& s, int side) {
  s.ball_x = middle_x;
  s.ball_y = 38 + static_cast<int>(draw(s) % 81);
  s.player_y = s.opponent_y = (field - paddle_height) / 2;
  s.hits = 0;
  s.wait = hidden_frames;
  s.velocity_x = 2 * side;
  s.velocity_y = slopes[draw(s) % 4];
}

// #region frame
/// The ball comes back from a paddle: faster after 4 hits and after 12, upwards or downwards as the zone says that it
/// met.
void bounce(PongState& s, int side, int paddle_y) {
  ++s.hits;
  const int speed = 2 + (s.hits >= 4) + (s.hits >= 12);
  const int zone = (s.ball_y + ball_height - paddle_y) * 4 / (paddle_height + ball_height);
  s.velocity_x = side * speed;
  s.velocity_y = slopes[std::clamp(zone, 0, 3)] * speed / 2;
}

/// The paddle's upper end, once its middle has gone towards a row.
int moved(int paddle_y, int row, int speed) {
  const int off = row - (paddle_y + paddle_height / 2);
  return std::clamp(paddle_y + std::clamp(off, -speed, speed), 0, field - paddle_height);
}

/// The ball moves for a frame. The reward.
int move_ball(PongState& s) {
  if (s.wait > 0) {
    --s.wait;
    return 0;
  }
  const int before = s.ball_x;
  s.ball_x += s.velocity_x;
  s.ball_y += s.velocity_y;
  if (s.ball_y < 0) s.ball_y = -s.ball_y, s.velocity_y = -s.velocity_y;
  constexpr int lowest = field - ball_height;
  if (s.ball_y > lowest) s.ball_y = 2 * lowest - s.ball_y, s.velocity_y = -s.velocity_y;

  const auto meets = [&](int paddle_y) {
    return s.ball_y + ball_height > paddle_y && s.ball_y < paddle_y + paddle_height;
  };
  constexpr int at_player = player_x - ball_width, at_opponent = opponent_x + paddle_width;
  if (before <= at_player && s.ball_x > at_player && meets(s.player_y)) {
    bounce(s, -1, s.player_y);
    s.ball_x = at_player;
  } else if (before >= at_opponent && s.ball_x < at_opponent && meets(s.opponent_y)) {
    bounce(s, 1, s.opponent_y);
    s.ball_x = at_opponent;
  }
  if (s.ball_x < 4) return ++s.won, serve(s, -1), 1;
  if (s.ball_x > 154) return ++s.lost, serve(s, 1), -1;
  return 0;
}
// #endregion frame

}  // namespace

PongState Pong::first_state(std::uint32_t seed) {
  PongState s{};
  s.random = seed;
  for (int i = 0; i < 4; ++i) draw(s);  // neighbouring seeds part ways
  s.tick = static_cast<int>(draw(s) % opponent_rests);
  serve(s, draw(s) % 2 == 1 ? 1 : -1);
  return s;
}

int Pong::frame(PongState& s, Action action, std::optional<int> row) {
  ++s.tick;
  s.player_y = std::clamp(s.player_y + (action == 1 ? -player_speed : player_speed), 0, field - paddle_height);
  if (row)
    s.opponent_y = moved(s.opponent_y, *row, player_speed);
  else if (s.tick % opponent_rests != 0)
    s.opponent_y = moved(s.opponent_y, s.ball_y + ball_height / 2, opponent_speed);
  return move_ball(s);
}

int Pong::advance(PongState& state, Action action, int points) {
  int reward = 0;
  if (is_over(state, points)) return 0;
  for (int i = 0; i < frames && reward == 0; ++i) reward = frame(state, action);
  return reward;
}

auto Pong::reset_to(const PongState& state) -> Observation {
  state_ = state;
  picture_ = PongPicture(state_);
  running_ = !is_over(state_, points_);
  return {};
}

auto Pong::step(Action action) -> Step<Observation> {
  check_step(name, action, action_count, running_);
  Step<Observation> result{{}, static_cast<Scalar>(advance(state_, action, points_)), is_over(state_, points_), false};
  const PongPicture now(state_);
  now.changes(picture_, [&](std::size_t pixel, Scalar sign) { result.observation[pixel] = sign; });
  picture_ = now;
  running_ = !result.terminated;
  return result;
}

namespace {

/// N games, each stepped by itself. A step writes the pixels that have changed, about 36, and no zeros.
class PongVectorEnv final : public VectorEnv {
 public:
  PongVectorEnv(const EnvSpec& spec, int points, std::size_t num_envs)
      : VectorEnv(spec, num_envs), points_(points), states_(num_envs), pictures_(num_envs) {}
  std::unique_ptr<VectorEnv> make(std::size_t num_envs) const override {
    return std::make_unique<PongVectorEnv>(spec(), points_, num_envs);
  }
  /// Where the paddles and the ball are, whether it can be seen, and the points.
  std::vector<double> picture(std::size_t n) const override {
    const PongState& s = states_[n];
    std::vector<double> numbers;
    for (const int x : {s.player_y, s.opponent_y, s.ball_x, s.ball_y, int(s.wait == 0), s.won, s.lost})
      numbers.push_back(x);
    return numbers;
  }

 private:
  void start(std::size_t n, const Uniform& uniform) override {
    UniformRef source{uniform};
    states_[n] = Pong::first_state(source);
    pictures_[n] = PongPicture(states_[n]);
    nonzeros_[n].clear();
  }
  void advance() override {
    for (std::size_t n = 0; n < num_envs_; ++n) {
      rewards_[n] = 0;
      if (!running_[n]) continue;
      rewards_[n] = static_cast<Scalar>(Pong::advance(states_[n], static_cast<int>(actions_[n]), points_));
      terminated_[n] = Pong::is_over(states_[n], points_);
      running_[n] = terminated_[n] ^ 1;
      show(n);
    }
  }
  void show(std::size_t n) {
    const PongPicture now(states_[n]);
    std::array<Nonzero, PongPicture::most_changes> changes;
    std::size_t count = 0;
    now.changes(pictures_[n], [&](std::size_t pixel, Scalar sign) {
      changes[count++] = {static_cast<std::uint32_t>(pixel), sign};
    });
    nonzeros_[n].assign(changes.data(), changes.data() + count);
    pictures_[n] = now;
  }

  int points_;
  std::vector<PongState> states_;
  std::vector<PongPicture> pictures_;
};

std::unique_ptr<VectorEnv> make(std::string_view name, int points, std::size_t most_steps, double threshold,
                                std::size_t num_envs) {
  const EnvSpec spec{
      name, Pong::observation_size, 1, Pong::action_count, "action 0 (down) or 1 (up)", most_steps, threshold, 36};
  return std::make_unique<PongVectorEnv>(spec, points, num_envs);
}

}  // namespace

std::unique_ptr<VectorEnv> make_pong(std::size_t num_envs) {
  return make(Pong::name, 21, Pong::max_episode_steps, Pong::reward_threshold, num_envs);
}
std::unique_ptr<VectorEnv> make_pong_point(std::size_t num_envs) {
  return make("PongPoint", 1, 1000, 0.4, num_envs);
}

PongPicture::PongPicture(const PongState& s) {
  fill(opponent_x, s.opponent_y, paddle_width, paddle_height);
  fill(player_x, s.player_y, paddle_width, paddle_height);
  if (s.wait == 0) fill(s.ball_x, s.ball_y, ball_width, ball_height);
}

void PongPicture::fill(int x, int y, int width, int height) {
  const auto first_seen = [](int at) { return static_cast<std::size_t>((at + scale - 1) / scale); };  // from there on
  const std::size_t top = first_seen(y), bottom = first_seen(y + height);
  const std::size_t left = first_seen(x), right = first_seen(x + width);
  for (std::size_t row = top; row < bottom; ++row)
    for (std::size_t pixel = row * size + left; pixel < row * size + right; ++pixel)
      words_[pixel / 64] |= std::uint64_t{1} << pixel % 64;
  first_ = std::min(first_, (top * size + left) / 64);
  end_ = std::max(end_, ((bottom - 1) * size + right - 1) / 64 + 1);
}

}  // namespace envs
