#include "rl/diagnose/by_array.hpp"

#include <fmt/core.h>

#include "rl/diagnose/match.hpp"

namespace rl {

ByArray by_array(const Gradients& got, const Gradients& right, double rounding) {
  ByArray result;
  for (std::size_t a = 0; a < got.arrays.size(); ++a) {
    const Match m = match(got.arrays[a], right.arrays[a], rounding);
    std::string& list = !m.agrees ? result.wrong : m.vague && m.determined ? result.vague : result.right;
    result.all_right &= m.agrees;
    list += (list.empty() ? "" : ", ") + got.names[a];
    if (m.agrees && std::abs(m.c.value - 1) > m.c.error + 1e-9) list += fmt::format(" (times {:.6g})", m.c.value);
  }
  return result;
}

}  // namespace rl
