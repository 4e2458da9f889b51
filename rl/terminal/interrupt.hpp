#pragma once
/// Ctrl-C (SIGINT) and SIGTERM: the first is noted, so that a training can finish its update and save; the second ends
/// the process at once. A signal that was ignored when the program started stays ignored.

#include <string>

namespace rl {

/// From here on the signals are noted, and the first one answered at once with a line on stderr, where the program has
/// a name.
void note_signals(const std::string& program);

/// The signal that asked the program to stop, or 0.
int stop_signal();

}  // namespace rl
