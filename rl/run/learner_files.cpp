#include "rl/run/learner_files.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "nn/io/file.hpp"

namespace rl {
namespace {

/// What no text has in it.
std::string control_characters() {
  std::string all;
  for (char c = 1; c < 32; ++c)
    if (c != '\n' && c != '\r' && c != '\t') all += c;
  return all;
}

}  // namespace

std::string read_learner_file(const std::filesystem::path& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  const auto fail = [&](const std::string& why) { throw std::runtime_error(path.string() + ": " + why); };
  if (std::filesystem::is_directory(status)) fail("expected a file, got a folder");
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) fail("is not an ordinary file");
  const auto size = std::filesystem::file_size(path, error);
  if (!error && size > largest_learner_file)
    fail(fmt::format("expected at most {} MB, got {} MB; a few hundred rows are enough", largest_learner_file >> 20,
                     (size + (1 << 20) - 1) >> 20));
  std::string text = nn::read_file(path);
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);  // the mark that some editors put in front
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) fail("is empty");
  const std::size_t binary = std::strcspn(text.c_str(), control_characters().c_str());  // stops at a byte 0, too
  if (binary < text.size()) {
    if (text.starts_with("\x93NUMPY")) fail("is a binary file of numpy.save; write text with numpy.savetxt");
    fail(fmt::format("expected text, got a byte {} in line {}", static_cast<int>(text[binary]),
                     std::ranges::count(std::string_view(text).substr(0, binary), '\n') + 1));
  }
  return text;
}

LearnerNet read_net_folder(const std::filesystem::path& folder) {
  return read_net(folder.string(), [&](const std::string& stem) -> std::optional<std::string> {
    for (const char* extension : {".csv", ".txt"})
      if (const auto file = folder / (stem + extension); std::filesystem::exists(file)) return read_learner_file(file);
    return std::nullopt;
  });
}

}  // namespace rl
