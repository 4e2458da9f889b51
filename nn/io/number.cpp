#include "nn/io/number.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>
#include <version>

namespace nn {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool starts_with(std::string_view text, std::string_view lower_case) {
  return text.size() >= lower_case.size() &&
         std::equal(lower_case.begin(), lower_case.end(), text.begin(), [](char a, char b) { return a == (b | 0x20); });
}
std::size_t digits_at(std::string_view text, std::size_t at) {
  return static_cast<std::size_t>(
             std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), is_digit) - text.begin()) -
         at;
}

/// How many characters at the beginning of the text are a number; strtod would take more.
std::size_t length_of_number(std::string_view text) {
  const std::size_t sign = text.starts_with('-') ? 1 : 0;
  const std::string_view size = text.substr(sign);
  if (starts_with(size, "infinity")) return sign + 8;
  if (starts_with(size, "inf")) return sign + 3;
  if (starts_with(size, "nan")) return sign + 3;
  const std::size_t whole = digits_at(text, sign);
  std::size_t end = sign + whole;
  if (end < text.size() && text[end] == '.') {
    const std::size_t fraction = digits_at(text, end + 1);
    if (whole + fraction == 0) return 0;
    end += 1 + fraction;
  } else if (whole == 0) {
    return 0;
  }
  if (end < text.size() && (text[end] | 0x20) == 'e') {
    std::size_t at = end + 1;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (const std::size_t exponent = digits_at(text, at)) end = at + exponent;
  }
  return end;
}

/// Of what printf writes as -1.2345e-02.
Decimal read_decimal(std::string_view text) {
  const std::size_t mark = text.find('e'), last = text.substr(0, mark).find_last_not_of("0.");
  const std::string_view mantissa = last == std::string_view::npos ? "0" : text.substr(0, last + 1);
  int power = 0;
  const std::size_t at = mark + (text[mark + 1] == '+' ? 2 : 1);
  std::from_chars(text.data() + at, text.data() + text.size(), power);
  return {static_cast<int>(std::count_if(mantissa.begin(), mantissa.end(), is_digit)), power};
}

/// Any number of up to digits10 digits survives being read and printed again; so when these many suffice, they are the
/// shortest but for zeros behind. Not so for the smallest numbers, which have fewer bits.
template <class Real>
Decimal shortest(Real value, Real (*read)(const char*, char**)) {
  constexpr int sure = std::numeric_limits<Real>::digits10, all = std::numeric_limits<Real>::max_digits10;
  char text[40];
  std::string_view written;
  for (int digits = std::abs(value) < std::numeric_limits<Real>::min() ? 1 : sure; digits <= all; ++digits) {
    const int size = std::snprintf(text, sizeof text, "%.*e", digits - 1, static_cast<double>(value));
    written = {text, static_cast<std::size_t>(size)};
    if (read(text, nullptr) == value) break;
  }
  return read_decimal(written);
}

}  // namespace

std::from_chars_result portable::from_chars(const char* first, const char* last, double& value) {
  const std::string number(first, length_of_number({first, static_cast<std::size_t>(last - first)}));
  if (number.empty()) return {first, std::errc::invalid_argument};
  const char* end = first + number.size();
  errno = 0;
  const double read = std::strtod(number.c_str(), nullptr);
  if (errno == ERANGE && (read == 0 || std::isinf(read))) return {end, std::errc::result_out_of_range};
  value = read;
  return {end, std::errc()};
}
Decimal portable::shortest_decimal(double value) {
  return shortest(value, &std::strtod);
}
Decimal portable::shortest_decimal(float value) {
  return shortest(value, &std::strtof);
}

#if defined(__cpp_lib_to_chars)

std::from_chars_result from_chars(const char* first, const char* last, double& value) {
  return std::from_chars(first, last, value);
}
namespace {
Decimal by_to_chars(auto value) {
  char text[40];
  const auto end = std::to_chars(text, std::end(text), value, std::chars_format::scientific).ptr;
  return read_decimal({text, static_cast<std::size_t>(end - text)});
}
}  // namespace
Decimal shortest_decimal(double value) {
  return by_to_chars(value);
}
Decimal shortest_decimal(float value) {
  return by_to_chars(value);
}

#else

std::from_chars_result from_chars(const char* first, const char* last, double& value) {
  return portable::from_chars(first, last, value);
}
Decimal shortest_decimal(double value) {
  return portable::shortest_decimal(value);
}
Decimal shortest_decimal(float value) {
  return portable::shortest_decimal(value);
}

#endif

}  // namespace nn
