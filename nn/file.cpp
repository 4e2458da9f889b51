#include "nn/file.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace nn {
namespace {

[[noreturn]] void fail(const char* verb, const std::filesystem::path& path, int error) {
  throw std::runtime_error(fmt::format("{}: cannot {}: {}", path.string(), verb, std::strerror(error)));
}

bool write_all(int file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

void write_file(const std::filesystem::path& path, std::string_view content) {
  std::filesystem::path partial = path;
  partial += ".partial";
  const int file = ::open(partial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) fail("write", path, errno);
  const bool written = write_all(file, content) && ::fsync(file) == 0;
  int error = errno;
  if (::close(file) != 0 && written) error = errno;
  if (!written || ::rename(partial.c_str(), path.c_str()) != 0) {
    if (written) error = errno;
    ::unlink(partial.c_str());
    fail("write", path, error);
  }
}

std::string read_file(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) fail("read", path, errno);
  std::string content;
  char part[1 << 16];
  ssize_t count = 0;
  while ((count = ::read(file, part, sizeof part)) > 0 || (count < 0 && errno == EINTR))
    if (count > 0) content.append(part, static_cast<std::size_t>(count));
  const int error = errno;
  ::close(file);
  if (count < 0) fail("read", path, error);
  return content;
}

}  // namespace nn
