#include "rl/diagnose/by_array.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

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

bool not_finite(const Gradients& got, Diagnosis& diagnosis) {
  for (std::size_t a = 0; a < got.arrays.size(); ++a)
    for (std::size_t i = 0; i < got.arrays[a].size(); ++i)
      if (const double x = got.arrays[a][i].value; !std::isfinite(x)) {
        diagnosis.findings.push_back({"layers", {"not-finite"}, {fmt::format("{} is {}", got.entry(a, i), x)}});
        return true;
      }
  return false;
}

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
  std::optional<double> c;
  for (const char* stem : {"db", "dW"})  // the last bias tells the constant in front, a mask the size of the weights
    for (std::size_t a = 0; a < got.arrays.size(); ++a) {
      if (got.names[a] != fmt::format("{}{}", stem, last)) continue;
      const Match m = match(got.arrays[a], right.arrays[a], rounding);
      const bool bias = stem[1] == 'b';
      if (bias && !m.agrees) return false;
      if (bias && m.determined) c = m.c.value;
      if (bias || !m.agrees || m.vague) continue;
      const double size = m.c.value / c.value_or(m.c.value);  // in all alike: a mask that dropped nothing has it
      if (!(size > 1 + 1e-6 && size <= largest_mask)) return false;
    }
  return last > 1 || net.dW[last].empty() || within_reach(net, f.h[last], c.value_or(1));
}

}  // namespace rl
