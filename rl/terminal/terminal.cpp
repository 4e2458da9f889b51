#include "rl/terminal/terminal.hpp"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

namespace rl {
namespace {

bool terminal_that_redraws() {
  const char* term = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) && term && std::string_view(term) != "dumb" && *term != '\0';
}

/// Of the terminal behind a descriptor; 80 when it does not say, or is none.
std::size_t terminal_columns(int file) {
  winsize size{};
  return ::ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/// The mean of values whose position falls into each of `width` equal parts; a part without values repeats the last.
std::vector<double> resample(std::span<const double> x, std::span<const double> values, std::size_t width) {
  std::vector<double> total(width, 0.), count(width, 0.), result(width);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double share = x.back() > 0 ? std::clamp(x[i] / x.back(), 0., 1.) : 0;
    const auto column = static_cast<std::size_t>(std::max(0., std::ceil(share * static_cast<double>(width)) - 1));
    total[column] += values[i];
    count[column] += 1;
  }
  double last = values.front();
  for (std::size_t column = 0; column < width; ++column)
    result[column] = last = count[column] > 0 ? total[column] / count[column] : last;
  return result;
}

bool silent = false;

constexpr std::string_view blocks[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

}  // namespace

std::string sparkline(std::span<const double> values, std::size_t width, double low, double high) {
  if (values.empty() || width == 0) return "";
  std::vector<double> x(values.size());
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i + 1);
  std::string line;
  for (const double value : resample(x, values, std::min(width, values.size()))) {
    const double share = high > low ? std::clamp((value - low) / (high - low), 0., 1.) : 0;
    line += blocks[1 + static_cast<std::size_t>(std::lround(share * 7))];
  }
  return line;
}

std::string_view cut(std::string_view text, std::size_t columns) {
  std::size_t end = 0;
  for (; end < text.size(); ++end)
    if ((text[end] & 0xc0) != 0x80 && columns-- == 0) break;  // the start of a character
  return text.substr(0, end);
}

std::string printable(std::string_view text) {
  std::string result(text);
  for (std::size_t i = 0; i < result.size(); ++i) {
    const auto byte = static_cast<unsigned char>(result[i]);
    const auto next = static_cast<unsigned char>(i + 1 < result.size() ? result[i + 1] : ' ');
    if ((byte < 0x20 && byte != '\n') || byte == 0x7f) result[i] = '?';
    if (byte == 0xc2 && next >= 0x80 && next < 0xa0) result.replace(i, 2, "?");  // the other 32 commands, in UTF-8
  }
  return result;
}

std::size_t picture_width() {
  constexpr std::size_t axis = 10, narrowest = 20;
  return std::clamp(terminal_columns(STDOUT_FILENO), narrowest + axis, 60 + axis) - axis;
}

std::string curve_picture(std::span<const double> x, std::span<const double> values, double threshold,
                          std::size_t width, std::size_t height) {
  if (values.empty()) return "";
  const auto columns = resample(x, values, width);
  const double low = std::min(0., std::min(threshold, *std::ranges::min_element(columns)));
  const double high = std::max({0., threshold, *std::ranges::max_element(columns)});
  const auto lines = static_cast<double>(height);
  const double unit = high / lines - low / lines;  // of one line; high - low may overflow
  const auto in_lines = [&](double value) { return unit > 0 ? value / unit - low / unit : 0; };
  const auto threshold_line = static_cast<std::size_t>(std::clamp(in_lines(threshold), 0., lines - 1));
  std::string picture;
  for (std::size_t line = height; line-- > 0;) {
    const bool labelled = line + 1 == height || line == 0 || line == threshold_line;
    const double label = line == threshold_line ? threshold : line == 0 ? low : high;
    picture += labelled ? fmt::format("{:>8.{}f} │", label, high - low < 5 ? 2 : 0) : fmt::format("{:>8} │", "");
    for (const double value : columns) {
      const double share = std::clamp(in_lines(value) - static_cast<double>(line), 0., 1.);
      const auto level = static_cast<std::size_t>(std::lround(share * 8));
      picture += level == 0 && line == threshold_line ? "·" : blocks[level];
    }
    picture += "\n";
  }
  const std::string right = with_commas(static_cast<std::size_t>(x.back()));
  std::string axis;
  for (std::size_t i = 0; i < width; ++i) axis += "─";
  picture += fmt::format("{:>8} └{}\n{:>8}  {}{:>{}}\n", "", axis, "", "0", right + " timesteps", width - 1);
  return picture;
}

std::string with_commas(std::size_t number) {
  if (number < 1000) return fmt::format("{}", number);
  return fmt::format("{},{:03}", with_commas(number / 1000), number % 1000);
}

std::string short_number(double number) {
  for (const auto& [unit, letter] : {std::pair(1e9, "G"), {1e6, "M"}, {1e3, "k"}})
    if (number >= unit) return fmt::format("{:.{}f}{}", number / unit, number < 10 * unit ? 1 : 0, letter);
  return fmt::format("{:.0f}", number);
}

std::string short_time(double seconds) {
  if (!(seconds < 1e9)) return "?";
  const auto s = static_cast<std::size_t>(std::ceil(seconds));
  return s < 3600 ? fmt::format("{}:{:02}", s / 60, s % 60)
                  : fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

void say(std::string_view text) {
  if (silent) return;
  std::fwrite(text.data(), 1, text.size(), stderr);  // fmt::print would throw
  std::fflush(stderr);
}

void be_silent() {
  silent = true;
  if (!std::freopen("/dev/null", "w", stdout)) ::close(STDOUT_FILENO);
}

Progress::Progress(bool quiet) : quiet_(quiet), redraw_(terminal_that_redraws()) {}
Progress::~Progress() {
  clear();
}

bool Progress::due(std::size_t update) {
  if (quiet_) return false;
  if (redraw_) return std::chrono::steady_clock::now() - last_ >= std::chrono::milliseconds(40);
  if (update < next_) return false;
  next_ = update + std::max<std::size_t>(1, update / 2);
  return true;
}

void Progress::show(const std::string& line) {
  if (redraw_) {
    say(fmt::format("\r\x1b[K{}", cut(line, width())));  // a wrapped line could not be redrawn
    drawn_ = true;
    last_ = std::chrono::steady_clock::now();
  } else {
    say(line + "\n");
  }
}

std::size_t Progress::width() const {
  return redraw_ ? terminal_columns(STDERR_FILENO) - 1 : std::numeric_limits<std::size_t>::max();
}

void Progress::clear() {
  if (!drawn_) return;
  say("\r\x1b[K");
  drawn_ = false;
}

}  // namespace rl
