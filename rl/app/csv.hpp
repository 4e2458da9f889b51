#pragma once
/// Tables of numbers as text: a header line with the names of the columns, then one row a line.

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rl {

struct CsvTable {
  std::map<std::string, std::string> keys;  // of lines `# key: value`
  std::vector<std::string> names;
  std::vector<std::vector<double>> columns;  // columns[i] belongs to names[i]

  /// Throws std::runtime_error with `path` when there is no such column.
  const std::vector<double>& column(const std::string& name, const std::string& path) const;
};

/// Throws std::runtime_error with `path` and the line: no header, a name twice, another number of fields, no finite
/// number.
CsvTable parse_csv(std::string_view text, const std::string& path);

}  // namespace rl
