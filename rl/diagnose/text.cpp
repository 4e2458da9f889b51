/// From characters to numbers that know how exactly they were printed.

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "nn/io/number.hpp"
#include "rl/diagnose/reader.hpp"

namespace rl {
namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view trim(std::string_view s) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!s.empty() && blank(s.front())) s.remove_prefix(1);
  while (!s.empty() && blank(s.back())) s.remove_suffix(1);
  return s;
}

/// 10^n, from a table: every number of a file asks for it, and std::pow would take a tenth of the whole time.
double power_of_ten(int n) {
  constexpr int largest = 330;
  static const auto powers = [] {
    std::array<double, 2 * largest + 1> result;
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = std::pow(10., static_cast<double>(i) - largest);
    return result;
  }();
  return std::abs(n) <= largest ? powers[static_cast<std::size_t>(std::ptrdiff_t{n} + largest)] : std::pow(10., n);
}
int power_of_first_digit(double value) {
  return static_cast<int>(std::floor(std::log10(std::abs(value))));
}

std::size_t first_outside_quotes(std::string_view line, std::string_view marks, std::size_t at = 0) {
  bool quoted = false;
  for (; at < line.size(); ++at) {
    if (line[at] == '"') quoted = !quoted;
    if (!quoted && marks.find(line[at]) != std::string_view::npos) return at;
  }
  return std::string_view::npos;
}

/// Commas, semicolons and tabs separate fields; without any of them, blanks do.
void split(std::string_view line, std::vector<std::string_view>& fields) {
  fields.clear();
  const bool quotes = line.find('"') != std::string_view::npos;  // "[0.1, 0.2]" is one field, as pandas writes it
  const std::size_t mark = quotes ? first_outside_quotes(line, ",;\t") : line.find_first_of(",;\t");
  if (mark == std::string_view::npos || line[mark] == '\t') {
    for (std::size_t at = 0; (at = line.find_first_not_of(blanks, at)) != std::string_view::npos;) {
      const std::size_t end = std::min(line.find_first_of(blanks, at), line.size());
      fields.push_back(line.substr(at, end - at));
      at = end;
    }
    return;
  }
  for (std::size_t at = 0; at <= line.size();) {
    const std::size_t found = quotes ? first_outside_quotes(line, line.substr(mark, 1), at) : line.find(line[mark], at);
    const std::size_t end = std::min(found, line.size());
    std::string_view field = trim(line.substr(at, end - at));
    if (field.size() >= 2 && field.front() == '"' && field.back() == '"') field = field.substr(1, field.size() - 2);
    fields.push_back(field);
    at = end + 1;
  }
}

std::string shown(std::string_view field) {
  return field.empty() ? "nothing" : fmt::format("'{}'", field.substr(0, 40));
}

bool number(std::string_view field, double& value) {
  if (field == "True" || field == "true" || field == "False" || field == "false") {  // as Python prints `terminated`
    value = field.size() == 4;
    return true;
  }
  if (field.starts_with('+')) field.remove_prefix(1);
  const auto [end, error] = nn::from_chars(field.data(), field.data() + field.size(), value);
  if (error == std::errc::result_out_of_range)
    value = field.find("e-") != std::string_view::npos || field.find("E-") != std::string_view::npos
                ? 0
                : (field.front() == '-' ? -HUGE_VAL : HUGE_VAL);
  return (error == std::errc() || error == std::errc::result_out_of_range) && end == field.data() + field.size();
}

/// What the number needs to be the same again.
void look_at_need(double value, Text::Printed& printed) {
  const auto single = static_cast<float>(value);
  const auto [needed, power] =
      static_cast<double>(single) == value ? nn::shortest_decimal(single) : nn::shortest_decimal(value);
  printed.needed_significant = std::max(printed.needed_significant, needed);
  printed.needed_decimals = std::max(printed.needed_decimals, needed - 1 - power);
}
/// Is it one of few?
void count_distinct(double value, Text::Printed& printed) {
  if (value == std::floor(value)) return;
  const double size = std::abs(value);
  if (printed.distinct < 3 &&
      std::find(printed.seen, printed.seen + printed.distinct, size) == printed.seen + printed.distinct) {
    if (printed.distinct < 2) printed.seen[printed.distinct] = size;
    ++printed.distinct;
  }
}
/// How a number was printed: 0.0120 has 3 significant digits and 4 decimals, 1.5e-07 has 2 and 8.
void look_at(std::string_view field, double value, Text::Printed& printed) {
  int digits = 0, after_point = 0, exponent = 0;
  bool point = false;
  char last = 0;  // digit of the mantissa
  for (std::size_t i = 0; i < field.size(); ++i) {
    const char c = field[i];
    if (c == 'e' || c == 'E') {
      std::size_t at = i + 1;
      if (at < field.size() && field[at] == '+') ++at;
      nn::from_chars(field.data() + at, field.data() + field.size(), exponent);
      break;
    }
    if (c == '.') point = true;
    if (c < '0' || c > '9') continue;
    last = c;
    after_point += point;
    digits += digits > 0 || c != '0';
  }
  if (!std::isfinite(value)) return;
  printed.significant = std::max(printed.significant, digits);
  printed.decimals = std::max(printed.decimals, after_point - exponent);
  printed.padded |= after_point >= 2 && last == '0';
  // It needs no more digits than it has.
  if (std::max(digits, 1) > printed.needed_significant || after_point - exponent > printed.needed_decimals)
    look_at_need(value, printed);
  count_distinct(value, printed);
  const double as_float = static_cast<float>(value);
  if (printed.all_floats && as_float != value &&
      std::abs(as_float - value) > 0.51 * power_of_ten(power_of_first_digit(value) - digits + 1))
    printed.all_floats = false;
}

}  // namespace

void Text::Printed::add(const Printed& other) {
  significant = std::max(significant, other.significant);
  decimals = std::max(decimals, other.decimals);
  distinct = std::max(distinct, other.distinct);
  all_floats &= other.all_floats;
  needed_significant = std::max(needed_significant, other.needed_significant);
  needed_decimals = std::max(needed_decimals, other.needed_decimals);
}

namespace {

constexpr std::size_t most_columns = 10'000;  // with names, each of which is looked up among the others

/// A text while it is read, line by line.
struct LineReader {
  const std::string& name;
  bool (*wanted)(std::string_view);
  Text result = {};
  std::vector<std::string_view> fields = {};
  std::vector<std::size_t> kept = {};  // field numbers
  std::size_t width = 0, line_number = 0;

  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error(fmt::format("{}: line {}{}", name, line_number, what));
  }
  void header(std::string_view line) {
    split(line, fields);
    width = fields.size();
    if (width > most_columns) fail(fmt::format(": expected at most {} columns, got {}", most_columns, width));
    for (std::size_t i = 0; i < width; ++i) {
      const std::string field(fields[i]);
      if (!wanted(field)) {
        result.ignored.push_back(field);
        continue;
      }
      if (std::ranges::count(result.names, field)) fail(fmt::format(": two columns are called {}", field));
      kept.push_back(i), result.names.push_back(field);
    }
    if (kept.empty()) fail(fmt::format(": expected the names of the columns, got {}", shown(fields.front())));
  }
  void comment(std::string_view line) {
    const std::size_t colon = line.find_first_of(":=");
    if (colon != std::string_view::npos)
      result.keys[std::string(trim(line.substr(0, colon)))] = trim(line.substr(colon + 1));
    else if (wanted && width == 0 && line.find("action") != std::string_view::npos)
      header(line);  // numpy.savetxt puts a # in front of its header
  }
  void numbers(std::string_view line) {
    split(line, fields);
    if (width == 0)
      for (width = fields.size(); kept.size() < width;) kept.push_back(kept.size());
    if (fields.size() != width) fail(fmt::format(": expected {} fields, got {}", width, fields.size()));
    result.columns.resize(kept.size());
    result.printed.resize(kept.size());
    for (std::size_t i = 0; i < kept.size(); ++i) {
      double value = 0;
      if (!number(fields[kept[i]], value))
        fail(fmt::format(", column {}: expected a number, got {}", wanted ? result.names[i] : std::to_string(i + 1),
                         shown(fields[kept[i]])));
      result.columns[i].push_back(value);
      look_at(fields[kept[i]], value, result.printed[i]);
    }
    result.lines.push_back(line_number);
  }
};

}  // namespace

Text read_text(std::string_view text, const std::string& name, bool (*wanted)(std::string_view)) {
  LineReader reader{name, wanted};
  while (!text.empty()) {
    ++reader.line_number;
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty()) continue;
    if (line.front() == '#')
      reader.comment(trim(line.substr(1)));
    else if (wanted && reader.width == 0)
      reader.header(line);
    else
      reader.numbers(line);
  }
  if (wanted && reader.width == 0) throw std::runtime_error(name + ": there is no header line");
  if (reader.result.lines.empty()) throw std::runtime_error(name + ": there is no row of numbers");
  return std::move(reader.result);
}

std::vector<Number> with_errors(const std::vector<double>& values, const Text::Printed& own, const Text::Printed& whole,
                                double rounding) {
  const Text::Printed& printed = own.distinct >= 3 ? own : whole;
  const double fixed = power_of_ten(-printed.decimals);
  std::vector<Number> numbers;
  numbers.reserve(values.size());
  for (const double value : values) {
    double error = 4 * rounding * std::abs(value);
    if (own.distinct == 0 && value == 0 && whole.decimals > 0) error = 0.501 * std::pow(10., -whole.decimals);
    if (own.distinct > 0 && std::isfinite(value)) {  // other whole numbers are exact
      const double relative = value == 0 ? 0 : power_of_ten(power_of_first_digit(value) + 1 - printed.significant);
      error += 0.501 * std::max(fixed, relative);
    }
    numbers.emplace_back(value, error);
  }
  return numbers;
}

}  // namespace rl
