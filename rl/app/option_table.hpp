#pragma once
/// Options that all have one form: a unit, a default, and one line when a value is wrong. Nothing here reads a command
/// line; option_parser.cpp does.

#include <fmt/core.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "nn/io/number.hpp"

namespace rl {

/// Throws std::invalid_argument: every failure has one form, the option, what it expects, what it got.
[[noreturn]] void refuse(const std::string& option, std::string_view expected, std::string_view got);

template <class Number>
Number parse_number(const std::string& option, std::string_view text, std::string_view expected, auto good) {
  Number value{};
  const auto [end, error] = nn::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !good(value)) refuse(option, expected, text);
  return value;
}

/// What --help says of an option, and where its value goes: a flag is either given or not.
struct OptionRow {
  std::string names, unit, standard, help, group;
  std::function<void(const std::string&)> store;
  bool* flag = nullptr;
};

/// Adds options, each to the group that was named last. What they refer to must outlive the table.
class OptionTable {
 public:
  std::string group;
  const std::vector<OptionRow>& rows() const { return rows_; }

  void option(const std::string& name, const std::string& unit, const std::string& standard, const std::string& help,
              std::function<void(const std::string&)> store);
  template <class Whole>
  void count(const std::string& name, const std::string& unit, Whole& value, Whole lowest, Whole highest,
             const std::string& help, const std::string& highest_text = "") {
    const std::string expected = fmt::format("a whole number from {} to {}", lowest,
                                             highest_text.empty() ? fmt::format("{}", highest) : highest_text);
    const std::string standard = value >= lowest ? fmt::format("{}", value) : "";
    option(name, unit, standard, help, [=, &value](const std::string& text) {
      value = parse_number<Whole>(name, text, expected, [=](Whole v) { return v >= lowest && v <= highest; });
    });
  }
  void real(const std::string& name, const std::string& unit, double& value, const std::string& expected,
            const std::string& help, const std::function<bool(double)>& good);
  void choice(const std::string& name, std::string& value, const std::vector<std::string>& names,
              const std::string& help);
  void path(const std::string& name, const std::string& unit, std::string& value, const std::string& help);
  void flag(const std::string& names, bool& value, const std::string& help);

 private:
  std::vector<OptionRow> rows_;
};

}  // namespace rl
