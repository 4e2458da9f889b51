#pragma once
/// Files are read whole and written whole or not at all.

#include <span>
#include <string>
#include <string_view>

namespace nn {

/// Writes to a new file with a name by chance in the same folder, flushes it to the disk and renames it: a reader sees
/// the old file or the new one, never half of one. Throws std::runtime_error with the path and the reason.
void write_file(const std::string& path, std::string_view content);

/// A file on its way to `path`: beside it, new, on the disk, and with a name that nobody can guess, so that no link or
/// pipe that was put there catches what is written. Removed unless it is renamed. Throws as write_file does.
class NewFile {
 public:
  NewFile(const std::string& path, std::string_view content) : NewFile(path, std::span(&content, 1)) {}
  NewFile(const std::string& path, std::span<const std::string_view> pieces);  // one behind the other
  NewFile(NewFile&& other) noexcept;
  NewFile& operator=(NewFile&&) = delete;
  ~NewFile();
  void rename();

 private:
  int create();
  std::string path_, name_;
};

/// Several files, all or none: nothing is renamed before everything is on the disk.
struct FileContent {
  std::string path;
  std::string content;
};
void write_files(std::span<const FileContent> files);

/// Is this the name of a temporary file of write_file? A process that was killed leaves one behind.
bool is_partial(std::string_view name);

/// Throws std::runtime_error with the path and the reason: also for what is not an ordinary file, such as a pipe.
std::string read_file(const std::string& path);

}  // namespace nn
