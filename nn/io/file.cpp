#include "nn/io/file.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <random>
#include <stdexcept>
#include <utility>
#include <vector>

namespace nn {
namespace {

[[noreturn]] void fail(const char* verb, const std::string& path, int error) {
  throw std::runtime_error(fmt::format("{}: cannot {}: {}", path, verb, std::strerror(error)));
}

constexpr std::string_view partial_suffix = ".partial";

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

NewFile::NewFile(const std::string& path, std::span<const std::string_view> pieces) : path_(path) {
  const int file = create();
  const bool written =
      std::ranges::all_of(pieces, [&](std::string_view piece) { return write_all(file, piece); }) && ::fsync(file) == 0;
  int error = written ? 0 : errno;
  if (::close(file) != 0 && written) error = errno;
  if (error == 0) return;
  ::unlink(name_.c_str());
  fail("write", path_, error);
}

NewFile::NewFile(NewFile&& other) noexcept : path_(std::move(other.path_)), name_(std::exchange(other.name_, {})) {}

NewFile::~NewFile() {
  if (!name_.empty()) ::unlink(name_.c_str());
}

void NewFile::rename() {
  if (::rename(name_.c_str(), path_.c_str()) != 0) fail("write", path_, errno);
  name_.clear();
}

int NewFile::create() {
  std::random_device random;
  for (int tries = 0; tries < 100; ++tries) {
    name_ = fmt::format("{}.{:08x}{:08x}{}", path_, random(), random(), partial_suffix);
    const int file = ::open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (file >= 0) return file;
    if (errno != EEXIST) break;
  }
  name_.clear();
  fail("write", path_, errno);
}

void write_file(const std::string& path, std::string_view content) {
  NewFile(path, content).rename();
}

void write_files(std::span<const FileContent> files) {
  std::vector<NewFile> written;
  written.reserve(files.size());
  for (const FileContent& file : files) written.emplace_back(file.path, file.content);
  for (NewFile& file : written) file.rename();
}

bool is_partial(std::string_view name) {
  constexpr std::size_t digits = 16;
  if (name.size() < 1 + digits + partial_suffix.size() || !name.ends_with(partial_suffix)) return false;
  name.remove_suffix(partial_suffix.size());
  return name[name.size() - digits - 1] == '.' &&
         name.substr(name.size() - digits).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string read_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a pipe would wait for a writer
  if (file < 0) fail("read", path, errno);
  struct stat status {};
  if (::fstat(file, &status) == 0 && !S_ISREG(status.st_mode)) {
    ::close(file);
    if (S_ISDIR(status.st_mode)) fail("read", path, EISDIR);
    throw std::runtime_error(fmt::format("{}: cannot read: not an ordinary file", path));
  }
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
