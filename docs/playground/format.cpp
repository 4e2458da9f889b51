/// What stands behind fmt/core.h of this folder.

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "docs/playground/fmt/core.h"
#include "nn/io/number.hpp"

namespace fmt {
namespace {

std::string printed(const char* format, int precision, double value) {
  char text[400];
  return {text, static_cast<std::size_t>(std::snprintf(text, sizeof text, format, precision, value))};
}

/// The shortest text that reads back as the same number; plain, unless that would be long.
std::string shortest(double value, nn::Decimal decimal) {
  const auto [digits, power] = decimal;
  if (power < -4 || power >= 16) return printed("%.*e", digits - 1, value);
  return printed("%.*f", std::max(digits - 1 - power, 0), value);
}

int number_behind(std::string_view spec, std::size_t at) {
  int number = 0;
  for (; at < spec.size() && spec[at] >= '0' && spec[at] <= '9'; ++at) number = 10 * number + (spec[at] - '0');
  return number;
}

}  // namespace

std::string Argument::written(std::string_view spec) const {
  switch (kind_) {
    case Kind::text: return std::string(text_);
    case Kind::whole: return (negative_ ? "-" : "") + std::to_string(negative_ ? -whole_ : whole_);
    case Kind::real:
    case Kind::single: break;
  }
  if (!std::isfinite(real_)) return std::isnan(real_) ? "nan" : real_ < 0 ? "-inf" : "inf";
  if (const std::size_t point = spec.find('.'); point != std::string_view::npos)
    return printed(spec.back() == 'f'   ? "%.*f"
                   : spec.back() == 'e' ? "%.*e"
                                        : "%.*g",
                   number_behind(spec, point + 1), real_);
  return shortest(
      real_, kind_ == Kind::single ? nn::shortest_decimal(static_cast<float>(real_)) : nn::shortest_decimal(real_));
}

void Argument::append_to(std::string& out, std::string_view spec) const {
  const std::string text = written(spec);
  const bool aligned = spec.starts_with('<') || spec.starts_with('>');
  const auto width = aligned ? static_cast<std::size_t>(number_behind(spec, 1)) : 0;
  const std::string blanks(width > text.size() ? width - text.size() : 0, ' ');
  out += spec.starts_with('>') ? blanks + text : text + blanks;
}

std::string format_all(std::string_view text, const Argument* arguments) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    if (text[i] != '{' && text[i] != '}') continue;
    if (i + 1 < text.size() && text[i + 1] == text[i]) {
      ++i;
      continue;
    }
    out.pop_back();
    const std::size_t end = text.find('}', i), colon = std::min(text.find(':', i), end);
    (arguments++)->append_to(out, text.substr(std::min(colon + 1, end), end - std::min(colon + 1, end)));
    i = end;
  }
  return out;
}

}  // namespace fmt
