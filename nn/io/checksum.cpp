#include "nn/io/checksum.hpp"

#include <fmt/core.h>

#include <stdexcept>

namespace nn {

std::uint64_t fnv1a(std::span<const std::string_view> parts) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const std::string_view part : parts)
    for (const char byte : part) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  return hash;
}

std::string checksum_of(const SafeTensors& content) {
  constexpr std::string_view end("\0", 1);
  std::uint64_t sum = 0;  // of the parts, in any order
  const auto add_part = [&](std::initializer_list<std::string_view> part) { sum += fnv1a({part.begin(), part.end()}); };
  for (const auto& [key, value] : content.metadata)
    if (key != checksum_key) add_part({"metadata", end, key, end, value});
  const auto add = [&](const auto& tensors, std::string_view dtype) {
    for (const auto& tensor : tensors) {
      std::string shape;
      for (const std::size_t size : tensor.shape) shape += fmt::format("{} ", size);
      const auto* bytes = reinterpret_cast<const char*>(tensor.data.data());
      add_part({dtype, end, tensor.name, end, shape, end, {bytes, tensor.data.size() * sizeof(tensor.data[0])}});
    }
  };
  add(content.tensors, "F32");
  add(content.doubles, "F64");
  return fmt::format("{:016x}", sum);
}

void verify_checksum(const SafeTensors& content, std::string_view path) {
  const auto stored = content.metadata.find(checksum_key);
  if (stored == content.metadata.end()) return;
  if (const std::string sum = checksum_of(content); stored->second != sum)
    throw std::runtime_error(
        fmt::format("{}: expected the checksum {}, got {}: the file is damaged, or was changed and kept it", path, sum,
                    stored->second.substr(0, sum.size())));
}

}  // namespace nn
