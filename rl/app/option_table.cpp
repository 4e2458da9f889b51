#include "rl/app/option_table.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "rl/app/option_text.hpp"

namespace rl {

void refuse(const std::string& option, std::string_view expected, std::string_view got) {
  throw std::invalid_argument(fmt::format("{}: expected {}, got '{}'", option, expected, got));
}

void OptionTable::option(const std::string& name, const std::string& unit, const std::string& standard,
                         const std::string& help, std::function<void(const std::string&)> store) {
  rows_.push_back({name, unit, standard, help, group, std::move(store)});
}

void OptionTable::real(const std::string& name, const std::string& unit, double& value, const std::string& expected,
                       const std::string& help, const std::function<bool(double)>& good) {
  option(name, unit, fmt::format("{}", value), help,
         [=, &value](const std::string& text) { value = parse_number<double>(name, text, expected, good); });
}

void OptionTable::choice(const std::string& name, std::string& value, const std::vector<std::string>& names,
                         const std::string& help) {
  option(name, "NAME", value, help + ": " + one_of(names), [=, &value](const std::string& text) {
    if (std::ranges::find(names, text) == names.end()) refuse(name, one_of(names), text);
    value = text;
  });
}

void OptionTable::path(const std::string& name, const std::string& unit, std::string& value, const std::string& help) {
  option(name, unit, value, help, [&value](const std::string& text) { value = text; });
}

void OptionTable::flag(const std::string& names, bool& value, const std::string& help) {
  rows_.push_back({names, "", "", help, group, {}, &value});
}

}  // namespace rl
