#pragma once
/// sin and cos as plain arithmetic: the same bits from every compiler and on every machine, and a row of them
/// vectorises. At most 2 units in the last place from the true value, for every argument up to the largest; NaN for
/// an infinite one. Needs -ffp-contract=off. Read next: cartpole_dynamics.hpp.

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>

#include "envs/environment.hpp"

namespace envs {

struct SinCos {
  Scalar sine, cosine;
};

namespace detail {

constexpr bool is_double = std::is_same_v<Scalar, double>;
using Bits = std::conditional_t<is_double, std::uint64_t, std::uint32_t>;

/// An angle as k quarter turns and a rest: x = k pi/2 + r, |r| <= pi/4. Only k mod 4 matters.
struct ReducedAngle {
  Scalar r;
  Bits k;
};

/// Up to this size three parts of pi/2 are enough; beyond, reduce_large multiplies by 2/pi with 192 bits.
constexpr Scalar small_limit = 200;
ReducedAngle reduce_large(Scalar x);

inline ReducedAngle reduce_small(Scalar x) {
  // Adding this number rounds to an integer, which then stands in the lowest bits.
  constexpr Scalar to_integer = Scalar(3) * Scalar(Bits(1) << (std::numeric_limits<Scalar>::digits - 2));
  // pi/2 in three parts; the products of the first two with k <= 128 are exact.
  constexpr Scalar high = is_double ? Scalar(0x1.921fb54442d00p+0) : Scalar(0x1.921f00p+0);
  constexpr Scalar middle = is_double ? Scalar(0x1.8469898cc5100p-48) : Scalar(0x1.6a88p-17);
  constexpr Scalar low = is_double ? Scalar(0x1.c06e0e6894812p-94) : Scalar(0x1.0b4612p-34);
  const Scalar shifted = x * Scalar(0.63661977236758134) + to_integer;  // 2 / pi
  const Scalar k = shifted - to_integer;
  const Scalar most = x - k * high;
  const Scalar rounded = most - k * middle;
  const Scalar lost = k * middle - (most - rounded);  // what that rounding lost, exactly
  return {rounded - (lost + k * low), std::bit_cast<Bits>(shifted)};
}

/// Taylor polynomials on |r| <= pi/4, whose next terms are below a quarter of a unit in the last place; then the
/// quarter turns swap the two and change signs.
inline SinCos sin_cos_of(ReducedAngle angle) {
  const auto [r, k] = angle;
  const Scalar z = r * r, half = z * Scalar(0.5);
  Scalar s, c;  // the series behind r and behind 1 - z/2
  if constexpr (is_double) {
    constexpr Scalar s3 = Scalar(-1. / 6), s5 = Scalar(1. / 120), s7 = Scalar(-1. / 5040), s9 = Scalar(1. / 362880),
                     s11 = Scalar(-1. / 39916800), s13 = Scalar(1. / 6227020800), s15 = Scalar(-1. / 1307674368000),
                     s17 = Scalar(1. / 355687428096000);
    constexpr Scalar c4 = Scalar(1. / 24), c6 = Scalar(-1. / 720), c8 = Scalar(1. / 40320), c10 = Scalar(-1. / 3628800),
                     c12 = Scalar(1. / 479001600), c14 = Scalar(-1. / 87178291200), c16 = Scalar(1. / 20922789888000);
    s = z * (s3 + z * (s5 + z * (s7 + z * (s9 + z * (s11 + z * (s13 + z * (s15 + z * s17)))))));
    c = z * z * (c4 + z * (c6 + z * (c8 + z * (c10 + z * (c12 + z * (c14 + z * c16))))));
  } else {
    constexpr Scalar s3 = Scalar(-1. / 6), s5 = Scalar(1. / 120), s7 = Scalar(-1. / 5040), s9 = Scalar(1. / 362880);
    constexpr Scalar c4 = Scalar(1. / 24), c6 = Scalar(-1. / 720), c8 = Scalar(1. / 40320), c10 = Scalar(-1. / 3628800);
    s = z * (s3 + z * (s5 + z * (s7 + z * s9)));
    c = z * z * (c4 + z * (c6 + z * (c8 + z * c10)));
  }
  const Scalar sine = r == 0 ? r : r + r * s;  // keeps the sign of -0
  const Scalar one_minus_half = Scalar(1) - half;
  const Scalar cosine = one_minus_half + (((Scalar(1) - one_minus_half) - half) + c);  // gives back what 1 - half lost

  constexpr int sign_shift = static_cast<int>(8 * sizeof(Bits)) - 2;  // moves bit 1 to the sign
  const bool swap = (k & 1) != 0;
  const Scalar first = swap ? cosine : sine, second = swap ? sine : cosine;
  return {std::bit_cast<Scalar>(std::bit_cast<Bits>(first) ^ ((k & 2) << sign_shift)),
          std::bit_cast<Scalar>(std::bit_cast<Bits>(second) ^ (((k + 1) & 2) << sign_shift))};
}

}  // namespace detail

/// sin x and cos x of one angle in radians.
inline SinCos sin_cos(Scalar x) {
  const bool small = !(x > detail::small_limit || x < -detail::small_limit);  // NaN goes through the arithmetic
  return detail::sin_cos_of(small ? detail::reduce_small(x) : detail::reduce_large(x));
}

constexpr double pi = 3.141592653589793;

/// The same angle in [-pi, pi], by whole turns; one that lies there stays as it is, pi and -pi too.
inline Scalar wrap_angle(Scalar x) {
  constexpr Scalar half = Scalar(pi), turn = Scalar(2 * pi);
  const Scalar turns = std::ceil((std::abs(x) - half) / turn);
  return x - (x < 0 ? -turns : turns) * turn;
}

/// sin_cos as a function to hand over, for any angle.
struct AnyAngle {
  SinCos operator()(Scalar x) const { return sin_cos(x); }
};

/// The same for a loop over environments: no branch, so it vectorises, and the same bits up to small_limit. Beyond, the
/// result is worthless and `large` becomes 1: then that one is done again with AnyAngle. NaN stays NaN.
struct SmallAngles {
  int large = 0;
  SinCos operator()(Scalar x) {
    large |= int(x > detail::small_limit) | int(x < -detail::small_limit);
    return detail::sin_cos_of(detail::reduce_small(x));
  }
};

}  // namespace envs
