/// libFuzzer: whatever a table holds, it is refused by a std::runtime_error with its path, or read into columns of one
/// length.

#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string_view>

#include "rl/app/csv.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto table = rl::parse_csv({reinterpret_cast<const char*>(data), size}, "p");
    if (table.names.empty() || table.columns.size() != table.names.size()) std::abort();
    for (std::size_t i = 0; i < table.names.size(); ++i)
      if (table.column(table.names[i], "p").size() != table.columns[0].size()) std::abort();
  } catch (const std::runtime_error& error) {
    if (std::string_view(error.what()).substr(0, 2) != "p:") std::abort();
  }
  return 0;
}
