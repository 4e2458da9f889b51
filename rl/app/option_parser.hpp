#pragma once
/// Reads the words of a command line.

#include <optional>
#include <string>
#include <vector>

#include "rl/app/option_table.hpp"
#include "rl/app/options.hpp"

namespace rl {

/// Words that are no options, and what --help says of them.
struct Positional {
  std::string name, unit, help;
  std::vector<std::string>* words;
};

/// Stores what the words say. Returns the exit status when there is nothing to run: 0 after --help or --version
/// (printed on stdout), 2 after one line on stderr that begins with the program and `origin`, where the words stand.
std::optional<int> parse_words(const Program& program, const OptionTable& table, const std::vector<std::string>& words,
                               const std::string& origin = "", const std::optional<Positional>& positional = {});

/// Each option with its value in one word, --name=value: or the next option would be taken for the value of the one
/// before it. Throws std::invalid_argument for an option without its value.
std::vector<std::string> joined(const OptionTable& table, const std::vector<std::string>& words);

/// Says on stderr what is wrong with a command line, and returns the exit status 2.
int usage(const Program& program, const std::string& message);

}  // namespace rl
