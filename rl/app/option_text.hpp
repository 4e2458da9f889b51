#pragma once
/// Words and numbers of a command line, and of a configuration file; what they mean to one another.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "rl/app/options.hpp"

namespace rl {

/// "a, b or c"
std::string one_of(const std::vector<std::string>& names);

/// {32, 32} as 32,32; no sizes as none. The inverse gives back false when the text is neither.
std::string join_sizes(const std::vector<std::size_t>& sizes);
bool split_sizes(std::string_view text, std::vector<std::size_t>& sizes);

/// How many letters to insert, delete or change to turn one word into the other.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The words of a text in lines of at most `columns` characters.
std::string wrapped(std::string_view text, std::size_t columns);

/// A word of a command line, and where else it stands: "FILE:LINE: " or "FILE: ".
struct Word {
  std::string text, origin = "";
};

/// A configuration file as the words of a command line: `gamma = 0.99` becomes --gamma=0.99. One option a line; what
/// follows a # is a comment; quotes around a value and brackets around a list are taken off, as TOML has them.
/// Throws std::invalid_argument with the path and the line when one is no option of a run.
std::vector<Word> config_words(std::string_view content, const std::string& path);

/// Why a run with these options does not read the option `name` (without its --): "expected X, got Y", or nothing when
/// it does. What changes no result (--num-envs, --threads, --quiet) is welcome everywhere.
std::string why_unread(std::string_view name, const Options& options);

}  // namespace rl
