#pragma once
/// The safetensors file format: 8 bytes of header length, a JSON header, then the numbers. NumPy and PyTorch open it
/// with the ordinary safetensors readers. Here every tensor is float32, row by row; float64 where nothing may be
/// rounded.

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nn {

template <class Number>
struct BasicTensor {
  std::string name;
  std::vector<std::size_t> shape;
  std::vector<Number> data;
};
using Tensor = BasicTensor<float>;         // dtype F32
using DoubleTensor = BasicTensor<double>;  // dtype F64

struct SafeTensors {
  std::map<std::string, std::string> metadata;
  std::vector<Tensor> tensors;
  std::vector<DoubleTensor> doubles = {};  // behind the tensors
};

/// The dtypes that a reader takes.
enum class Dtypes { f32, f32_and_f64 };

/// A file's first bytes, and all of them in pieces: these, then each tensor's numbers where they lie in `content`, so
/// that many numbers are written without a copy of them.
std::string safetensors_header(const SafeTensors& content);
std::vector<std::string_view> safetensors_pieces(std::string_view header, const SafeTensors& content);

/// The pieces as one text; parse is its inverse. The tensors must cover the bytes behind the header, in any order,
/// without a gap and without an overlap. Throws std::runtime_error with `path` and what is wrong: a length, an offset,
/// a type, a shape that does not match its data, a name that is there twice, more than 10,000 names.
std::string format_safetensors(const SafeTensors& content);
SafeTensors parse_safetensors(std::string_view bytes, std::string_view path, Dtypes dtypes = Dtypes::f32);

/// A text in JSON, with its quotes; what is not UTF-8 becomes U+FFFD.
std::string json_text(std::string_view text);

void save_safetensors(const std::string& path, const SafeTensors& content);
SafeTensors load_safetensors(const std::string& path, Dtypes dtypes = Dtypes::f32);

}  // namespace nn
