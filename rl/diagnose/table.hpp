#pragma once
/// A learner's table while it is read.                                            Read next: reader.cpp, episodes.cpp.

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>

#include "rl/diagnose/reader.hpp"

namespace rl {

/// A text whose columns are asked for by name.
struct Table {
  Text text;
  std::string name;
  Text::Printed whole;
  double rounding = 0x1p-53;

  [[noreturn]] void fail(const std::string& what) const { throw std::runtime_error(name + ": " + what); }
  [[noreturn]] void fail(std::size_t row, std::string_view column, const std::string& expected, double got) const {
    fail(fmt::format("line {}, column {}: expected {}, got {}", text.lines[row], column, expected, got));
  }
  std::size_t rows() const { return text.lines.size(); }
  std::optional<std::size_t> find(std::string_view column) const {
    const auto at = std::ranges::find(text.names, column);
    if (at == text.names.end()) return std::nullopt;
    return static_cast<std::size_t>(at - text.names.begin());
  }
  std::vector<std::size_t> find_numbered(const std::string& stem) const {
    std::vector<std::size_t> found;
    if (stem != "action")
      if (const auto bare = find(stem)) found.push_back(*bare);  // mu means mu0
    while (const auto at = find(stem + std::to_string(found.size()))) found.push_back(*at);
    for (const std::string& other : text.names)
      if (other.starts_with(stem) && other.size() > stem.size() &&
          other.find_first_not_of("0123456789", stem.size()) == std::string::npos)
        if (const std::size_t i = std::stoul(other.substr(stem.size(), 9)); i >= found.size())
          fail(fmt::format("there is a column {}, and no {}{}", other, stem, found.size()));
    return found;
  }
  Text::Printed together(const std::vector<std::size_t>& columns) const {
    Text::Printed all;
    for (const std::size_t c : columns) all.add(text.printed[c]);
    return all;
  }
  Grid grid(const std::string& stem) const {
    const auto columns = find_numbered(stem);
    Grid result(columns.empty() ? 0 : rows(), columns.size());
    const auto printed = together(columns);
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const auto numbers = with_errors(text.columns[columns[c]], printed, whole, rounding);
      for (std::size_t r = 0; r < rows(); ++r) result(r, c) = numbers[r];
    }
    return result;
  }
  Series series(const std::string& column) const {
    const auto at = find(column);
    if (!at) return {};
    return with_errors(text.columns[*at], text.printed[*at], whole, rounding);
  }
};

/// Rows, episodes and groups of them (episodes.cpp).
void group_rows(Table& table, Samples& samples);
void find_episodes(const Table& table, Samples& samples);

}  // namespace rl
