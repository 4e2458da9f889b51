#include "nn/io/file.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace nn {
namespace {

[[noreturn]] void fail(const char* verb, const std::string& path, int error) {
  throw std::runtime_error(fmt::format("{}: cannot {}: {}", path, verb, std::strerror(error)));
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

std::string partial(const std::string& path) {
  return path + ".partial";
}

/// Writes the temporary file; removes it when that fails.
void write_partial(const std::string& path, std::string_view content) {
  const int file = ::open(partial(path).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) fail("write", path, errno);
  const bool written = write_all(file, content) && ::fsync(file) == 0;
  int error = written ? 0 : errno;
  if (::close(file) != 0 && written) error = errno;
  if (error == 0) return;
  ::unlink(partial(path).c_str());
  fail("write", path, error);
}

}  // namespace

void write_file(const std::string& path, std::string_view content) {
  const FileContent file{path, std::string(content)};
  write_files({&file, 1});
}

void write_files(std::span<const FileContent> files) {
  const auto forget = [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) ::unlink(partial(files[i].path).c_str());
  };
  for (std::size_t i = 0; i < files.size(); ++i) try {
      write_partial(files[i].path, files[i].content);
    } catch (...) {
      forget(0, i);
      throw;
    }
  for (std::size_t i = 0; i < files.size(); ++i)
    if (::rename(partial(files[i].path).c_str(), files[i].path.c_str()) != 0) {
      const int error = errno;
      forget(i, files.size());
      fail("write", files[i].path, error);
    }
}

std::string read_file(const std::string& path) {
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
