#include "rl/app/csv.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

#include "nn/io/number.hpp"

namespace rl {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r";
  const std::size_t first = std::min(text.find_first_not_of(blank), text.size());
  return text.substr(first, text.find_last_not_of(blank) + 1 - first);
}

/// The parts of a text between the separators; always at least one.
std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    parts.push_back(trimmed(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return parts;
}

}  // namespace

const std::vector<double>& CsvTable::column(const std::string& name, const std::string& path) const {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) throw std::runtime_error(fmt::format("{}: expected a column {}, got none", path, name));
  return columns[static_cast<std::size_t>(found - names.begin())];
}

CsvTable parse_csv(std::string_view text, const std::string& path) {
  CsvTable table;
  std::size_t number = 0;
  const auto fail = [&](const std::string& what) {
    throw std::runtime_error(fmt::format("{}:{}: {}", path, number, what));
  };
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    if (line.empty()) continue;
    if (line.front() == '#') {
      const std::size_t colon = std::min(line.find(':'), line.size());
      table.keys[std::string(trimmed(line.substr(1, colon - 1)))] =
          std::string(trimmed(line.substr(std::min(colon + 1, line.size()))));
      continue;
    }
    const auto fields = split(line, ',');
    if (table.names.empty()) {
      std::set<std::string_view> names;
      for (const std::string_view name : fields) {
        if (name.empty()) fail("expected the names of the columns, got an empty one");
        if (!names.insert(name).second) fail(fmt::format("expected a column {} once, got it twice", name));
        table.names.emplace_back(name);
      }
      table.columns.resize(table.names.size());
      continue;
    }
    if (fields.size() != table.names.size())
      fail(fmt::format("expected {} numbers, got {}", table.names.size(), fields.size()));
    for (std::size_t i = 0; i < fields.size(); ++i) {
      double value = 0;
      const auto [end, error] = nn::from_chars(fields[i].data(), fields[i].data() + fields[i].size(), value);
      if (error != std::errc() || end != fields[i].data() + fields[i].size())
        fail(fmt::format("column {}: expected a number, got '{}'", table.names[i], fields[i]));
      if (!std::isfinite(value))
        fail(fmt::format("column {}: expected a finite number, got {}", table.names[i], fields[i]));
      table.columns[i].push_back(value);
    }
  }
  if (table.names.empty()) fail("expected a header line, got none");
  return table;
}

}  // namespace rl
