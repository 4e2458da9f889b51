#pragma once
/// Pong, a game of our own after the published facts of Atari's: whole numbers only, so every bit is the same
/// everywhere.
///                                                                     docs/17-pong-from-pixels.md, section 1
///
///   action       0 moves the paddle on the right down, 1 up; a decision lasts 4 frames of 1/60 s, or until a point
///   observation  80 x 80 pixels, row by row: 1 where it has become light since the decision before, -1 where it has
///                become dark, 0 elsewhere
///   reward       1 for a point won, -1 for a point lost
///   terminated   at 21 points
/// The field has 160 x 160 pixels, y grows downwards; the observation shows every second one.

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "envs/discrete.hpp"
#include "envs/environment.hpp"

namespace envs {

/// All that the game will ever do depends on these numbers and on the actions.
struct PongState {
  int ball_x, ball_y, velocity_x, velocity_y;  // the ball's left upper corner; pixels a frame
  int player_y, opponent_y;                    // upper ends of the paddles
  int won, lost;                               // points
  int hits;                                    // of the ball by a paddle, since the serve
  int wait;                                    // frames until the ball is served; it cannot be seen before
  int tick;                                    // frames since the start
  std::uint32_t random;                        // where the serves come from
};

/// The pixels that are light, one bit each, row by row.
class PongPicture {
 public:
  static constexpr int size = 80, scale = 2;  // it shows every scale-th pixel of the field
  static constexpr std::size_t pixels = std::size_t{size} * size;
  static constexpr std::size_t most_changes =
      std::size_t{2} * (2 * 16 + 2);  // paddles and balls of two pictures, all apart
  PongPicture() = default;
  explicit PongPicture(const PongState& state);
  /// visit(pixel, sign) for every pixel that is lighter (1) or darker (-1) than `before`, from the first to the last.
  void changes(const PongPicture& before, auto visit) const {
    constexpr Scalar sign[] = {-1, 1};
    std::array<std::uint8_t, pixels / 64> changed;  // words; found without a branch that nobody can predict
    std::size_t count = 0;
    for (std::size_t w = std::min(first_, before.first_); w < std::max(end_, before.end_); ++w) {
      changed[count] = static_cast<std::uint8_t>(w);
      count += words_[w] != before.words_[w];
    }
    for (const std::size_t w : std::span(changed).first(count))
      for (std::uint64_t bits = words_[w] ^ before.words_[w]; bits != 0; bits &= bits - 1) {
        const auto bit = static_cast<std::size_t>(std::countr_zero(bits));
        visit(64 * w + bit, sign[words_[w] >> bit & 1]);
      }
  }
  bool light(std::size_t row, std::size_t column) const {
    const std::size_t pixel = row * size + column;
    return (words_[pixel / 64] >> pixel % 64 & 1) != 0;
  }

 private:
  void fill(int x, int y, int width, int height);
  std::array<std::uint64_t, pixels / 64> words_{};
  std::size_t first_ = pixels / 64, end_ = 0;  // no other words have a light pixel
};

/// One game, from the first serve to 21 points, or to as many as one likes. In the registry it is Pong, and PongPoint,
/// which ends with the first point.
class Pong {
 public:
  static constexpr const char* name = "Pong";
  static constexpr int action_count = 2, frames = 4;  // of a decision
  static constexpr std::size_t observation_size = PongPicture::pixels, max_episode_steps = 10'000;
  static constexpr double reward_threshold = 10;
  using Action = int;
  using Observation = std::array<Scalar, observation_size>;
  explicit Pong(int points = 21) : points_(points) {}

  /// Starts a game; its serves follow from one number of the source.
  template <UniformSource Source>
  Observation reset(Source& source) {
    return reset_to(first_state(source));
  }
  Observation reset_to(const PongState& state);
  /// Throws std::invalid_argument for an action other than 0 and 1, std::logic_error before a reset or after the end.
  Step<Observation> step(Action action);

  PongState state() const { return state_; }

  /// Where a game starts, and what a decision makes of it, which ends with a point if there is one.
  /// Returns the reward; after the last point nothing moves any more.
  template <UniformSource Source>
  static PongState first_state(Source& source) {
    return first_state(static_cast<std::uint32_t>(source.uniform() * 0x1p32));
  }
  static PongState first_state(std::uint32_t seed);
  static int advance(PongState& state, Action action, int points);
  /// One of the frames of a decision. Who holds the opponent's paddle says towards which `row` its middle is to go, and
  /// has the player's speed; else it follows the ball by itself, and is slower.
  static int frame(PongState& state, Action action, std::optional<int> row = {});
  static bool is_over(const PongState& state, int points) { return state.won == points || state.lost == points; }

 private:
  int points_;
  PongState state_{};
  PongPicture picture_;
  bool running_ = false;
};

}  // namespace envs
