#include <fmt/core.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "rl/interrupt.hpp"
#include "rl/recording.hpp"
#include "rl/scene.hpp"

namespace rl {
namespace {

using Clock = std::chrono::steady_clock;

bool is_terminal() {
  const char* term = std::getenv("TERM");
  return ::isatty(STDOUT_FILENO) && ::isatty(STDIN_FILENO) && term && *term && std::string_view(term) != "dumb";
}

/// A terminal whose keys come one by one, unseen, on a screen of its own; as it was when this goes.
class Keys {
 public:
  Keys() {
    ::tcgetattr(STDIN_FILENO, &before_);
    termios raw = before_;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    ::tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    fmt::print("\x1b[?1049h\x1b[?25l");
  }
  ~Keys() {
    std::fputs("\x1b[?25h\x1b[?1049l", stdout);
    std::fflush(stdout);
    ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
  }
  Keys(const Keys&) = delete;
  Keys& operator=(const Keys&) = delete;

  /// The key pressed before `until`, or 0. A terminal that is gone presses q.
  static char wait(Clock::time_point until) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (::poll(&input, 1, static_cast<int>(std::max<long long>(left, 0))) <= 0) return 0;
    char key = 0;
    return ::read(STDIN_FILENO, &key, 1) == 1 ? key : 'q';
  }

 private:
  termios before_{};
};

/// Characters of the picture that the terminal has room for.
std::pair<std::size_t, std::size_t> room(std::size_t thoughts) {
  winsize size{};
  const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  const std::size_t columns = known ? size.ws_col : 80, rows = known ? size.ws_row : 24, others = thoughts + 4;
  return {std::clamp<std::size_t>(columns, 12, 100) - 2,
          std::clamp<std::size_t>(rows, others + 4, others + 24) - others};
}

void draw(const Recording& recording, std::size_t index, bool paused) {
  const auto [columns, rows] = room(recording.frames[index].thoughts.size());
  std::string text = "\x1b[H";
  for (const char c : frame_text(recording, index, columns, rows)) text += c == '\n' ? "\x1b[K\n" : std::string(1, c);
  fmt::print("{}\x1b[K\nspace {}  n one step  q quit\x1b[K\x1b[J", text, paused ? "go on" : "pause");
  std::fflush(stdout);
}

int show_in_pipe(const Recording& recording) {
  constexpr std::size_t pictures = 12;
  const std::size_t last = recording.frames.size() - 1;
  for (std::size_t i = 0, shown = last + 1; i < pictures; ++i) {
    const std::size_t index = last * i / (pictures - 1);
    if (std::exchange(shown, index) != index) fmt::print("{}\n", frame_text(recording, index, 60, 14));
  }
  return 0;
}

}  // namespace

std::string frame_text(const Recording& recording, std::size_t index, std::size_t columns, std::size_t rows) {
  const Frame& frame = recording.frames[index];
  const std::size_t steps = recording.frames.size() - 1;
  std::string text = fmt::format("{}  step {:>3} of {}  {:.2f} s  return {:.1f}{}\n", recording.environment, index,
                                 steps, static_cast<double>(index) * recording.seconds_per_step, frame.total_reward,
                                 index == steps ? "  (the end)" : "");
  text += in_characters(scene_of(recording.environment, frame.observation, frame.action), columns, rows);
  for (std::size_t k = 0; k < frame.thoughts.size(); ++k) {
    const Thought& thought = frame.thoughts[k];
    const auto full = static_cast<std::size_t>(std::lround(30 * thought.share));
    std::string bar;
    for (std::size_t i = 0; i < 30; ++i) bar += i < full ? "█" : "░";
    const bool mean = thought.name == "mu", taken = !mean && static_cast<double>(k) == frame.action;
    text += fmt::format("{:>10} {:7.3f} {}{}\n", thought.name, thought.value, bar,
                        mean    ? fmt::format("  action {:.3f}", frame.action)
                        : taken ? "  taken"
                                : "");
  }
  return text;
}

int show(const std::function<Recording(std::uint64_t)>& episode) {
  if (!is_terminal()) return show_in_pipe(episode(0));
  const Keys keys;
  bool paused = false;
  for (std::uint64_t number = 0;; ++number) {
    const Recording recording = episode(number);
    const auto step =
        std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(recording.seconds_per_step));
    auto next = Clock::now();
    for (std::size_t index = 0; index < recording.frames.size();) {
      draw(recording, index, paused);
      const bool last = index + 1 == recording.frames.size();
      next = std::max(next + (last ? Clock::duration(std::chrono::seconds(1)) : step), Clock::now() - step);
      for (bool waiting = true; waiting;) {
        const auto until = paused ? Clock::now() + std::chrono::hours(1) : next;
        const char key = Keys::wait(until);
        if (stop_signal() != 0) return 128 + stop_signal();
        if (key == 'q') return 0;
        if (key == ' ') {
          paused = !paused, next = Clock::now();
          draw(recording, index, paused);
        }
        if (key == 'n') paused = true, waiting = false;
        if (!paused && Clock::now() >= next) waiting = false;
      }
      ++index;
    }
  }
}

}  // namespace rl
