#pragma once
/// The number type of everything in nn: float to train, double to check gradients (-DSCALAR=double).

#include <cstdint>
#include <type_traits>

#ifndef SCALAR
#define SCALAR float
#endif

namespace nn {

using Scalar = SCALAR;
static_assert(std::is_same_v<Scalar, float> || std::is_same_v<Scalar, double>, "SCALAR is float or double");

inline constexpr bool is_double = std::is_same_v<Scalar, double>;
using Bits = std::conditional_t<is_double, std::uint64_t, std::uint32_t>;  // as wide as a Scalar

}  // namespace nn
