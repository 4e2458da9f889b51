#include "nn/safetensors.hpp"

#include <fmt/core.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "nn/file.hpp"

namespace nn {
namespace {

static_assert(std::endian::native == std::endian::little, "the file's numbers are little-endian");

std::size_t element_count(const std::vector<std::size_t>& shape, std::size_t limit) {
  std::size_t count = 1;
  for (const std::size_t size : shape) {
    if (size != 0 && count > limit / size) return limit + 1;
    count *= size;
  }
  return count;
}

}  // namespace

std::string format_safetensors(const SafeTensors& content) {
  nlohmann::ordered_json header;
  if (!content.metadata.empty()) header["__metadata__"] = content.metadata;
  std::size_t offset = 0;
  for (const Tensor& tensor : content.tensors) {
    const std::size_t end = offset + tensor.data.size() * sizeof(float);
    header[tensor.name] = {{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = header.is_null() ? "{}" : header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');  // the numbers start on a multiple of 8

  std::string bytes(8 + text.size() + offset, '\0');
  const std::uint64_t length = text.size();
  std::memcpy(bytes.data(), &length, 8);
  std::memcpy(bytes.data() + 8, text.data(), text.size());
  char* to = bytes.data() + 8 + text.size();
  for (const Tensor& tensor : content.tensors) {
    const std::size_t size = tensor.data.size() * sizeof(float);
    if (size > 0) std::memcpy(to, tensor.data.data(), size);
    to += size;
  }
  return bytes;
}

SafeTensors parse_safetensors(std::string_view bytes, std::string_view path) {
  const auto fail = [&](const std::string& what) { throw std::runtime_error(fmt::format("{}: {}", path, what)); };
  std::uint64_t length = 0;
  if (bytes.size() < 8) fail(fmt::format("expected a safetensors file, got only {} bytes", bytes.size()));
  std::memcpy(&length, bytes.data(), 8);
  if (length > bytes.size() - 8)
    fail(fmt::format("expected a header of {} bytes, got {} bytes after the length", length, bytes.size() - 8));
  const std::string_view text = bytes.substr(8, length), data = bytes.substr(8 + length);

  SafeTensors content;
  std::size_t covered = 0;
  try {
    for (const auto header = nlohmann::ordered_json::parse(text); const auto& [name, entry] : header.items()) {
      if (name == "__metadata__") {
        content.metadata = entry.get<std::map<std::string, std::string>>();
        continue;
      }
      Tensor tensor{name, {}, {}};
      if (const auto type = entry.at("dtype").get<std::string>(); type != "F32")
        fail(fmt::format("tensor {}: expected dtype F32, got {}", name, type));
      for (const auto& size : entry.at("shape")) {
        if (!size.is_number_unsigned()) fail(fmt::format("tensor {}: expected sizes, got {}", name, size.dump()));
        tensor.shape.push_back(size.get<std::size_t>());
      }
      const auto& offsets = entry.at("data_offsets");
      if (offsets.size() != 2 || !offsets[0].is_number_unsigned() || !offsets[1].is_number_unsigned())
        fail(fmt::format("tensor {}: expected two data_offsets, got {}", name, offsets.dump()));
      const auto begin = offsets[0].get<std::size_t>(), end = offsets[1].get<std::size_t>();
      if (begin > end || end > data.size())
        fail(fmt::format("tensor {}: expected data_offsets within {} bytes, got {} to {}", name, data.size(), begin,
                         end));
      const std::size_t count = (end - begin) / sizeof(float);
      if ((end - begin) % sizeof(float) != 0 || element_count(tensor.shape, count) != count)
        fail(fmt::format("tensor {}: expected as many numbers as its shape, got {} bytes", name, end - begin));
      tensor.data.resize(count);
      if (count > 0) std::memcpy(tensor.data.data(), data.data() + begin, end - begin);
      covered += end - begin;
      content.tensors.push_back(std::move(tensor));
    }
  } catch (const nlohmann::json::exception& error) {
    fail(fmt::format("expected a safetensors header, got: {}", error.what()));
  }
  if (covered != data.size()) fail(fmt::format("expected {} bytes of numbers, got {}", covered, data.size()));
  return content;
}

void save_safetensors(const std::filesystem::path& path, const SafeTensors& content) {
  write_file(path, format_safetensors(content));
}

SafeTensors load_safetensors(const std::filesystem::path& path) {
  return parse_safetensors(read_file(path), path.string());
}

}  // namespace nn
