/// Every verdict: what it says about the mistake, and where to read about it. The tables are in
/// diagnose_verdicts_output.cpp, diagnose_verdicts_weights.cpp and diagnose_verdicts_layers.cpp.

#include "rl/diagnose/verdicts.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>

namespace rl {

std::span<const Verdict> verdicts() {
  static const std::vector<Verdict> all = [] {
    std::vector<Verdict> list;
    for (const auto table :
         {injected_verdicts, returned_verdicts, gaussian_verdicts, numbers_verdicts, layers_verdicts})
      list.insert(list.end(), table.begin(), table.end());
    return list;
  }();
  return all;
}

const Verdict& verdict_named(std::string_view name) {
  const auto all = verdicts();
  const auto at = std::ranges::find(all, name, &Verdict::name);
  if (at == all.end()) throw std::invalid_argument(fmt::format("verdict_named: there is no verdict {}", name));
  return *at;
}

}  // namespace rl
