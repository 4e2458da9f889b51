/// Names the mistake in a learner's own numbers: make diagnose FILE=my.csv, make diagnose NET=folder.

#include <fmt/core.h>

#include <filesystem>

#include "rl/app/options.hpp"
#include "rl/app/report.hpp"
#include "rl/diagnose/diagnose.hpp"
#include "rl/run/learner_files.hpp"
#include "rl/terminal/terminal.hpp"

int main(int argc, char** argv) {
  return rl::guarded("diagnose", [&] {
    const rl::Program program{
        "diagnose",
        "Names the mistake in the numbers you inject into a network. PATH is a table with one row per step, or a "
        "folder "
        "of matrices with the gradients of every layer; docs/diagnose.md says how to write them. The last line is "
        "'verdict: correct' (also of the output alone), the names of the mistakes or 'wrong, cause unknown', or "
        "'cannot tell' with the reason. The exit status is 0 when there is a verdict, also when it is a mistake; 1 "
        "when "
        "PATH cannot be read; 2 for a wrong command line."};
    std::string path;
    bool list = false;
    if (const auto status = rl::parse_path(argc, argv, program, path, list)) return *status;
    if (list) {
      for (const rl::Verdict& v : rl::verdicts()) fmt::print("{:<36}{}\n", v.name, v.mistake);
      return 0;
    }
    const bool folder = std::filesystem::is_directory(path);
    const rl::Diagnosis diagnosis = folder ? rl::diagnose(rl::read_net_folder(path))
                                           : rl::diagnose(rl::read_samples(rl::read_learner_file(path), path));
    fmt::print("{}\n{}", path, rl::printable(rl::report(diagnosis)));
    return 0;
  });
}
