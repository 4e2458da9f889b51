#include <fmt/core.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "rl/terminal/interrupt.hpp"
#include "rl/terminal/terminal.hpp"
#include "rl/watch/recording.hpp"
#include "rl/watch/scene.hpp"

namespace rl {
namespace {

using Clock = std::chrono::steady_clock;

bool is_terminal() {
  const char* term = std::getenv("TERM");
  return ::isatty(STDOUT_FILENO) && ::isatty(STDIN_FILENO) && term && *term && std::string_view(term) != "dumb";
}

constexpr char ctrl_c = 3;

/// A terminal whose keys come one by one, unseen, on a screen of its own; as it was when this goes. Ctrl-C is a key
/// like the others: as a signal it would also end make, in the middle of the picture.
class Keys {
 public:
  Keys() {
    ::tcgetattr(STDIN_FILENO, &before_);
    termios raw = before_;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);
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
  const std::string keys = fmt::format("space {}  n one step  q quit", paused ? "go on" : "pause");
  fmt::print("{}\x1b[K\n{}\x1b[K\x1b[J", text, cut(keys, columns));
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
  const std::string step = fmt::format("step {:>3} of {}  ", index, steps);
  const std::string seconds = fmt::format("{:.2f} s  ", static_cast<double>(index) * recording.seconds_per_step);
  const std::string so_far = fmt::format("return {:.1f}{}", frame.total_reward, index == steps ? "  (the end)" : "");
  std::string title = recording.environment + "  " + step + seconds + so_far;
  if (title.size() > columns) title = recording.environment + "  " + step + so_far;
  if (title.size() > columns) title = step + so_far;
  std::string text = fmt::format("{}\n", cut(title, columns));
  text += in_characters(scene_of(recording.environment, frame.observation, frame.action), columns, rows);
  const bool gaussian = !frame.thoughts.empty() && frame.thoughts[0].name == "mu";
  const std::size_t others = 19 + (gaussian ? 15 : 7);  // what stands beside a bar
  const std::size_t longest = columns > others + 4 ? std::min<std::size_t>(columns - others, 30) : 4;
  for (std::size_t k = 0; k < frame.thoughts.size(); ++k) {
    const Thought& thought = frame.thoughts[k];
    const auto full = static_cast<std::size_t>(std::lround(static_cast<double>(longest) * thought.share));
    std::string bar;
    for (std::size_t i = 0; i < longest; ++i) bar += i < full ? "█" : "░";
    const bool taken = !gaussian && static_cast<double>(k) == frame.action;
    const std::string action = thought.name == "mu" ? fmt::format("  action {:.3f}", frame.action) : "";
    const std::string line =
        fmt::format("{:>10} {:7.3f} {}{}", thought.name, thought.value, bar, taken ? "  taken" : action);
    text += fmt::format("{}\n", cut(line, columns));
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
        if (key == ctrl_c) return 128 + SIGINT;
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
