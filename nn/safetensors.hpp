#pragma once
/// The safetensors file format: 8 bytes of header length, a JSON header, then the numbers. NumPy and PyTorch open it
/// with the ordinary safetensors readers. Here every tensor is float32, row by row.

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nn {

struct Tensor {
  std::string name;
  std::vector<std::size_t> shape;
  std::vector<float> data;
};

struct SafeTensors {
  std::map<std::string, std::string> metadata;
  std::vector<Tensor> tensors;
};

/// The file's bytes; parse is its inverse. Throws std::runtime_error with `path` and what is wrong: a length, an
/// offset, a type, a shape that does not match its data.
std::string format_safetensors(const SafeTensors& content);
SafeTensors parse_safetensors(std::string_view bytes, std::string_view path);

void save_safetensors(const std::filesystem::path& path, const SafeTensors& content);
SafeTensors load_safetensors(const std::filesystem::path& path);

}  // namespace nn
