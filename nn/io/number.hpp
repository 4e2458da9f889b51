#pragma once
/// Real numbers and their decimals, where the standard library may have no std::from_chars and std::to_chars for them:
/// that of a browser's compiler, and Apple's. Every reader of numbers goes through here.

#include <charconv>
#include <concepts>

namespace nn {

/// std::from_chars for a double: the longest beginning of [first, last) that is a number, in any locale of the C
/// programs that read it. No blank, plus sign or hexadecimal number; `value` stays as it is when there is none, or when
/// it is out of range.
std::from_chars_result from_chars(const char* first, const char* last, double& value);
/// The same of a whole number, which every standard library has.
template <std::integral Whole>
std::from_chars_result from_chars(const char* first, const char* last, Whole& value) {
  return std::from_chars(first, last, value);
}

/// The shortest decimal number that reads back as `value` (finite): how many significant digits it has, and the power
/// of ten of the first. 0.025 has 2 and -2.
struct Decimal {
  int digits, power;
  bool operator==(const Decimal&) const = default;
};
Decimal shortest_decimal(double value);
Decimal shortest_decimal(float value);

/// The same by strtod and snprintf, which are everywhere, and a few times slower: for where the others are missing.
namespace portable {
std::from_chars_result from_chars(const char* first, const char* last, double& value);
Decimal shortest_decimal(double value);
Decimal shortest_decimal(float value);
}  // namespace portable

}  // namespace nn
