#include "rl/app/gnuplot.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>

extern char** environ;

namespace rl {
namespace {

[[noreturn]] void fail(const char* what, int error) {
  throw std::runtime_error(fmt::format("{}: {}", what, std::strerror(error)));
}

/// A descriptor, closed at the end.
struct Descriptor {
  int number = -1;
  Descriptor() = default;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }
  void close() {
    if (number >= 0) ::close(number);
    number = -1;
  }
};

/// `program file`, with what it prints sent to `output`; a group of its own, so that its children end with it.
pid_t start(const char* program, const std::string& file, int output) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  std::string word = file;
  char* const arguments[] = {const_cast<char*>(program), word.data(), nullptr};
  pid_t process = 0;
  const int error = ::posix_spawnp(&process, program, &actions, &attributes, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) fail("gnuplot does not start", error);
  return process;
}

/// Adds to `text` what comes out of a pipe, until it is closed or `end` has come.
void read_until(std::chrono::steady_clock::time_point end, int pipe, std::string& text) {
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    pollfd ready{pipe, POLLIN, 0};
    const int count = left.count() > 0 ? ::poll(&ready, 1, static_cast<int>(left.count())) : 0;
    if (count == 0) return;
    char part[1 << 14];
    const ssize_t size = count > 0 ? ::read(pipe, part, sizeof part) : -1;
    if (size == 0) return;
    if (size > 0) text.append(part, static_cast<std::size_t>(size));
    if (size < 0 && errno != EINTR) return;
  }
}

/// Waits for a process until `end`, and then kills it with its group. Nothing when it had to be killed.
std::optional<int> status_of(pid_t process, std::chrono::steady_clock::time_point end) {
  int status = 0;
  for (;;) {
    const pid_t ended = ::waitpid(process, &status, WNOHANG);
    if (ended == process || (ended < 0 && errno != EINTR)) return status;
    if (std::chrono::steady_clock::now() >= end) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  ::kill(-process, SIGKILL);
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) continue;
  return std::nullopt;
}

}  // namespace

std::string picture_of(const std::string& script, double seconds) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), std::fclose);
  if (!file || std::fwrite(script.data(), 1, script.size(), file.get()) != script.size() ||
      std::fflush(file.get()) != 0)
    fail("no temporary file for gnuplot", errno);
  std::rewind(file.get());
  Descriptor from, to;
  int ends[2];
  if (::pipe(ends) != 0) fail("no pipe for gnuplot", errno);
  from.number = ends[0], to.number = ends[1];
  ::fcntl(from.number, F_SETFD, FD_CLOEXEC);  // the script's descriptor stays open: gnuplot reads it
  const pid_t process = start("gnuplot", fmt::format("/dev/fd/{}", ::fileno(file.get())), to.number);
  to.close();
  std::string svg;
  const auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::duration<double>(seconds));
  const auto end = std::chrono::steady_clock::now() + limit;
  read_until(end, from.number, svg);
  const auto status = status_of(process, end);
  if (!status) throw std::runtime_error(fmt::format("gnuplot was not done within {} s", seconds));
  if (*status != 0 || svg.find("</svg>") == std::string::npos) throw std::runtime_error("gnuplot draws no picture");
  return svg;
}

}  // namespace rl
