#pragma once
/// What the reader sees while a program runs and after it: on stderr a progress line, on stdout a small picture.

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace rl {

/// Values as a row of block characters, low to high; at most `width` of them, each the mean of its share.
std::string sparkline(std::span<const double> values, std::size_t width, double low, double high);

/// A curve of `values` over x (same length, increasing) in width x height characters, with axes and a dotted line at
/// `threshold`; the axis on the left takes 10 more. Plain text, no colour; several lines, each ending in a newline.
std::string curve_picture(std::span<const double> x, std::span<const double> values, double threshold,
                          std::size_t width, std::size_t height);

/// The width for it on stdout: 60, or what a narrower terminal has room for.
std::size_t picture_width();

/// The first `columns` characters of UTF-8 text.
std::string_view cut(std::string_view text, std::size_t columns);

/// Text of others, from a file: what would command the terminal becomes a question mark.
std::string printable(std::string_view text);

/// 1234567 as 1,234,567.
std::string with_commas(std::size_t number);

/// 1234567 as 1.2M, 12345 as 12k.
std::string short_number(double number);
/// Seconds as 0:07, 12:34 or 1:02:03; "?" when they are not finite.
std::string short_time(double seconds);

/// Writes text to stderr. Never throws: what cannot be said there must not end a training.
void say(std::string_view text);
/// From here on nothing is said, nor printed on stdout: another process speaks for this one.
void be_silent();

/// The progress of a run on stderr: one line redrawn in place on a terminal; in a pipe plain lines, ever rarer.
class Progress {
 public:
  explicit Progress(bool quiet);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// True when it is time to show update number `update`.
  bool due(std::size_t update);
  void show(const std::string& line);
  /// Characters that a line may have: those of the terminal where it is redrawn; in a pipe as many as it likes.
  std::size_t width() const;
  void clear();  // removes the redrawn line, so that results start on a fresh one

 private:
  bool quiet_, redraw_, drawn_ = false;
  std::size_t next_ = 1;
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace rl
