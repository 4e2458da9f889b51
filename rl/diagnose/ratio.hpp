#pragma once
/// The ratio p / ref of a policy to the one that acted, as PPO has it in front, and the rows in which a clip cuts it
/// off.
///                                                                     Read next: right.cpp, mistakes_ratio.cpp.

#include "rl/diagnose/formulas.hpp"

namespace rl {

enum class Clip { none, right, min_before_the_advantage, of_the_product, without_the_min };

/// Is `x` beyond the bound? Where the digits do not say, the row is unknown.
enum class Beyond { no, yes, unknown };
inline Beyond above(Number x, double bound) {
  if (std::abs(x.value - bound) <= x.error + 1e-9) return Beyond::unknown;
  return x.value > bound ? Beyond::yes : Beyond::no;
}
inline Beyond opposite(Beyond b) {
  return b == Beyond::yes ? Beyond::no : b == Beyond::no ? Beyond::yes : b;
}
inline Beyond either(Beyond a, Beyond b) {
  if (a == Beyond::yes || b == Beyond::yes) return Beyond::yes;
  return a == Beyond::unknown || b == Beyond::unknown ? Beyond::unknown : Beyond::no;
}

/// Does the clip cut the gradient of this row off?
inline Beyond cut(Clip clip, Number ratio, Number w, double epsilon) {
  const Beyond high = above(ratio, 1 + epsilon), low = opposite(above(ratio, 1 - epsilon));
  switch (clip) {
    case Clip::right: return w.value > 0 ? high : w.value < 0 ? low : Beyond::no;
    case Clip::min_before_the_advantage: return high;
    case Clip::of_the_product: return either(above(ratio * w, 1 + epsilon), opposite(above(ratio * w, 1 - epsilon)));
    case Clip::without_the_min: return either(high, low);
    default: return Beyond::no;
  }
}

/// ratio w (e - p), and 0 where it is cut off; the clip at 1 - percent / 100 and 1 + percent / 100.
template <Clip clip, int percent>
void ratio_score(const Step& s, Row d) {
  const Number reference = s.ref(s.a());
  if (reference.agrees_with_nothing()) {
    d[0] = impossible;
    return;
  }
  const Number ratio = s.p_a() / reference;
  const Beyond beyond = cut(clip, ratio, s.w(), percent / 100.);
  score(s, d, beyond == Beyond::yes ? Number(0) : ratio * s.w());
  if (beyond == Beyond::unknown)
    for (Number& x : d) x.error = HUGE_VAL;
}

}  // namespace rl
