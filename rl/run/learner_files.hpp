#pragma once
/// A learner's numbers from files: the diagnoser itself reads text, wherever it comes from.

#include <filesystem>
#include <string>

#include "rl/diagnose/reader.hpp"

namespace rl {

/// A text file of bounded size. Throws std::runtime_error, with the path, for a folder, a device, a binary file, an
/// empty one.
std::string read_learner_file(const std::filesystem::path& path);

/// A folder of matrices, NAME.csv or NAME.txt. Throws as above, and what read_net throws.
LearnerNet read_net_folder(const std::filesystem::path& folder);

}  // namespace rl
