#include "rl/terminal/interrupt.hpp"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

namespace rl {
namespace {

std::atomic<int> noted = 0;
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler takes no lock");

std::string answer;  // made before, for a signal handler may hardly do more than write

void note(int signal) {
  noted = signal;
  const int before = errno;
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, answer.data(), answer.size());
  errno = before;
}

}  // namespace

void note_signals(const std::string& program) {
  if (!program.empty())
    answer = (::isatty(STDERR_FILENO) ? "\n" : "") + program + ": stopping; once more to stop at once\n";
  struct sigaction action {};
  action.sa_handler = note;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  for (const int signal : {SIGINT, SIGTERM}) {
    struct sigaction before {};
    if (sigaction(signal, nullptr, &before) == 0 && before.sa_handler != SIG_IGN) sigaction(signal, &action, nullptr);
  }
}

int stop_signal() {
  return noted;
}

}  // namespace rl
