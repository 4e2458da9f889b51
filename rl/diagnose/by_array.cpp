#include "rl/diagnose/by_array.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "rl/diagnose/match.hpp"

namespace rl {
namespace {

constexpr double largest_mask = 10;  // 1 / (1 - rate), for rates up to 0.9

/// Of a net with one hidden layer: every number of dW1 is a sum over samples, each term multiplied by 0 or by the
/// mask's size, and so lies between what the negative and what the positive terms make.
bool within_reach(const LearnerNet& net, const Grid& h, double c) {
  const Grid& dW = net.dW.back();
  for (std::size_t o = 0; o < dW.rows; ++o)
    for (std::size_t i = 0; i < dW.cols; ++i) {
      double low = 0, high = 0, error = dW(o, i).error;
      for (std::size_t r = 0; r < h.rows; ++r) {
        const Number term = c * net.dout(r, o) * h(r, i);
        (term.value < 0 ? low : high) += largest_mask * term.value, error += largest_mask * term.error;
      }
      if (!(dW(o, i).value >= low - 2 * error && dW(o, i).value <= high + 2 * error)) return false;
    }
  return true;
}

}  // namespace

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

bool masks_could_explain(const LearnerNet& net, const Forward& f, const Gradients& got, const Gradients& right,
                         double rounding) {
  const std::size_t last = net.W.size() - 1;
  if (last == 0 || !std::ranges::all_of(net.mask, &Grid::empty)) return false;
  double c = 1;
  for (std::size_t a = 0; a < got.arrays.size(); ++a) {
    const Match m = match(got.arrays[a], right.arrays[a], rounding);
    if (got.names[a] == fmt::format("db{}", last)) {
      if (!m.agrees) return false;
      if (m.determined) c = m.c.value;
    }
    if (got.names[a] != fmt::format("dW{}", last)) continue;
    if (m.agrees && !m.vague) return false;
  }
  return last > 1 || net.dW[last].empty() || within_reach(net, f.h[last], c);
}

}  // namespace rl
