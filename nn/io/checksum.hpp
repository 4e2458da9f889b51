#pragma once
/// Has a file changed since it was written? A sum over all of its bytes, or over what they mean.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "nn/io/safetensors.hpp"

namespace nn {

/// FNV-1a with 64 bits, of some texts one behind the other: no single byte can change without changing it.
std::uint64_t fnv1a(std::span<const std::string_view> parts);

/// The metadata's key for a checksum, and the checksum of everything else in a file: metadata, names, shapes and
/// numbers. verify throws std::runtime_error with `path` when the metadata has another: no byte can have changed
/// without it. Files of others have none.
inline const std::string checksum_key = "checksum";
std::string checksum_of(const SafeTensors& content);
void verify_checksum(const SafeTensors& content, std::string_view path);

}  // namespace nn
