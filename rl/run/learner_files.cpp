#include "rl/run/learner_files.hpp"

#include <optional>
#include <stdexcept>

#include "nn/io/file.hpp"

namespace rl {

std::string read_learner_file(const std::filesystem::path& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  const auto fail = [&](const std::string& why) { throw std::runtime_error(path.string() + ": " + why); };
  if (std::filesystem::is_directory(status)) fail("expected a file, got a folder");
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) fail("is not an ordinary file");
  if (const auto size = std::filesystem::file_size(path, error); !error) check_learner_size(size, path.string());
  return learner_text(nn::read_file(path), path.string());
}

LearnerNet read_net_folder(const std::filesystem::path& folder) {
  return read_net(folder.string(), [&](const std::string& stem) -> std::optional<std::string> {
    for (const char* extension : {".csv", ".txt"})
      if (const auto file = folder / (stem + extension); std::filesystem::exists(file)) return read_learner_file(file);
    return std::nullopt;
  });
}

}  // namespace rl
