#pragma once
/// exp, log and tanh as plain arithmetic: the same bits from every compiler and on every machine, and a loop over a
/// row of them vectorises. At most 2 units in the last place from the true value, for every argument, in both
/// precisions; right at 0, at the infinities and for NaN. Needs -ffp-contract=off.
///
/// Every coefficient is a fraction of small integers, so nothing here has to be believed.
/// Read next: activation.hpp, softmax.hpp.

#include <bit>
#include <limits>

#include "nn/arithmetic/scalar.hpp"

namespace nn {

/// c0 + x (c1 + x (c2 + ...)): Horner's rule.
template <class First, class... Rest>
constexpr Scalar polynomial(Scalar x, First c0, Rest... rest) {
  if constexpr (sizeof...(rest) == 0)
    return static_cast<Scalar>(c0);
  else
    return static_cast<Scalar>(c0) + x * polynomial(x, rest...);
}

namespace detail {

constexpr int mantissa_bits = std::numeric_limits<Scalar>::digits - 1;
constexpr Bits exponent_bias = std::numeric_limits<Scalar>::max_exponent - 1;
constexpr Scalar infinity = std::numeric_limits<Scalar>::infinity();
constexpr Scalar not_a_number = std::numeric_limits<Scalar>::quiet_NaN();

/// Adding this number leaves no bits after the point: the sum is rounded to an integer, whose value then also
/// stands in its lowest bits.
constexpr Scalar to_integer = Scalar(3) * Scalar(Bits(1) << (mantissa_bits - 1));

/// ln 2 in two parts; the product of the high part and an exponent is exact.
constexpr Scalar ln2_high = is_double ? Scalar(0x1.62e42fefa3800p-1) : Scalar(0x1.62e4p-1);
constexpr Scalar ln2_low = is_double ? Scalar(0x1.ef35793c7673p-45) : Scalar(0x1.7f7d1cp-20);

constexpr Scalar power_of_two(Bits k) {
  return std::bit_cast<Scalar>((k + exponent_bias) << mantissa_bits);
}

/// x = k ln 2 + r with |r| <= ln 2 / 2, and e^r as its Taylor polynomial: the next term of each series is below a
/// quarter of a unit in the last place.
struct ReducedExponential {
  Scalar e_r;
  Bits k;
};
inline ReducedExponential reduce_exponential(Scalar x) {
  const Scalar shifted = x * Scalar(1.4426950408889634) + to_integer;  // 1 / ln 2
  const Scalar k = shifted - to_integer;
  const Scalar r = (x - k * ln2_high) - k * ln2_low;
  Scalar tail;  // (e^r - 1) / r - 1
  if constexpr (is_double)
    tail = r * polynomial(r, 1. / 2, 1. / 6, 1. / 24, 1. / 120, 1. / 720, 1. / 5040, 1. / 40320, 1. / 362880,
                          1. / 3628800, 1. / 39916800, 1. / 479001600, 1. / 6227020800);
  else
    tail = r * polynomial(r, 1. / 2, 1. / 6, 1. / 24, 1. / 120, 1. / 720, 1. / 5040);
  return {Scalar(1) + (r + r * tail), std::bit_cast<Bits>(shifted) - std::bit_cast<Bits>(to_integer)};
}

}  // namespace detail

// #region exp
/// e^x = 2^k e^r with r = x - k ln 2.
inline Scalar exp(Scalar x) {
  using namespace detail;
  constexpr Scalar highest = is_double ? 710 : 89;    // e^highest overflows
  constexpr Scalar lowest = is_double ? -746 : -104;  // e^lowest rounds to 0
  x = x < lowest ? lowest : x;                        // written so that NaN stays NaN
  x = x > highest ? highest : x;
  const auto [e_r, k] = reduce_exponential(x);
  // 2^k in two factors: each is a normal number even where the result is infinite or subnormal.
  const Bits half = ((k + 4096) >> 1) - 2048;  // k / 2 without the shift of a negative number
  return e_r * power_of_two(half) * power_of_two(k - half);
}
// #endregion exp

/// log x = k ln 2 + log m with x = 2^k m, sqrt(1/2) <= m < sqrt(2); with f = m - 1 and s = f / (2 + f),
/// log m = 2 artanh s = 2 s + 2 s^3/3 + 2 s^5/5 + ...
inline Scalar log(Scalar x) {
  using namespace detail;
  const bool tiny = x < std::numeric_limits<Scalar>::min();  // subnormal: make it normal first
  const Scalar normal = tiny ? x * power_of_two(mantissa_bits + 2) : x;
  constexpr Bits sqrt_half = std::bit_cast<Bits>(is_double ? Scalar(0x1.6a09e667f3bcdp-1) : Scalar(0x1.6a09e6p-1));

  // The exponent is counted from sqrt(1/2), so that m lies on both sides of 1.
  constexpr Bits bias = exponent_bias + 1;
  const Bits biased_k = (std::bit_cast<Bits>(normal) - sqrt_half + (bias << mantissa_bits)) >> mantissa_bits;
  const Scalar m = std::bit_cast<Scalar>(std::bit_cast<Bits>(normal) - ((biased_k - bias) << mantissa_bits));
  const Scalar k = std::bit_cast<Scalar>(std::bit_cast<Bits>(to_integer) + biased_k) -
                   (to_integer + Scalar(bias) + (tiny ? Scalar(mantissa_bits + 2) : Scalar(0)));

  const Scalar f = m - Scalar(1);  // exact
  const Scalar s = f / (Scalar(2) + f);
  const Scalar z = s * s;
  Scalar series;
  if constexpr (is_double)
    series = z * polynomial(z, 2. / 3, 2. / 5, 2. / 7, 2. / 9, 2. / 11, 2. / 13, 2. / 15, 2. / 17, 2. / 19, 2. / 21);
  else
    series = z * polynomial(z, 2. / 3, 2. / 5, 2. / 7, 2. / 9);
  const Scalar half_square = Scalar(0.5) * f * f;  // 2 s = f - s f and s f = f^2/2 - s f^2/2: no digit is lost
  const Scalar result = k * ln2_high - ((half_square - (s * (half_square + series) + k * ln2_low)) - f);

  return x > 0 ? (x == infinity ? infinity : result) : x == 0 ? -infinity : not_a_number;
}

/// log(1 + x), with all its digits also where 1 + x rounds them away. For x >= 0.
inline Scalar log1p(Scalar x) {
  const Scalar sum = Scalar(1) + x, kept = sum - Scalar(1);  // what of x arrived in the sum
  return kept > 0 ? log(sum) * (x / kept) : x;
}

/// With s = 2^k, y = |x| = k ln 2 / 2 + r and t = tanh r, a Taylor polynomial: tanh(k ln 2 / 2) = (s - 1) / (s + 1),
/// and by the addition theorem tanh y = ((s - 1) + (s + 1) t) / ((s + 1) + (s - 1) t). With i = 1/s the same is
///   b + i ((2 + b) t - b) / ((1 + i) + b t),   b = 1 - i,
/// which loses no digits: b is exact, and what is added to it is small. k is such that r lies between -0.09 and 0.26:
/// then k = 0, where this is t itself, for all y at which a sum with b would lose some.
inline Scalar tanh(Scalar x) {
  using namespace detail;
  constexpr Bits sign_bit = Bits(1) << (8 * sizeof(Bits) - 1);
  constexpr Scalar shift = to_integer + Scalar(exponent_bias);
  const Scalar y = std::bit_cast<Scalar>(std::bit_cast<Bits>(x) & ~sign_bit);
  const Scalar rounded =
      (Scalar(0.25) - y * Scalar(2.8853900817779268)) + shift;           // 2 / ln 2; its lowest bits: bias - k
  const Scalar r = y + (rounded - shift) * Scalar(0.34657359027997265);  // y - k ln 2 / 2
  const Scalar z = r * r;
  Scalar tail;  // (t / r - 1) / z
  if constexpr (is_double)
    tail =
        polynomial(z, -1. / 3, 2. / 15, -17. / 315, 62. / 2835, -1382. / 155925, 21844. / 6081075, -929569. / 638512875,
                   6404582. / 10854718875, -443861162. / 1856156927625, 18888466084. / 194896477400625);
  else
    tail = polynomial(z, -1. / 3, 2. / 15, -17. / 315, 62. / 2835);
  const Scalar t = r + (r * z) * tail;
  const Scalar i = std::bit_cast<Scalar>(std::bit_cast<Bits>(rounded) << mantissa_bits);  // the other bits fall off
  const Scalar b = Scalar(1) - i;
  const Scalar size = y > 20 ? Scalar(1) : b + (i * ((Scalar(2) + b) * t - b)) / ((Scalar(1) + i) + b * t);
  return std::bit_cast<Scalar>(std::bit_cast<Bits>(size) | (std::bit_cast<Bits>(x) & sign_bit));
}

/// 1 / (1 + e^-x): the probability of one of two, at the logit x. As accurate where it is nearly 0.
inline Scalar sigmoid(Scalar x) {
  return Scalar(1) / (Scalar(1) + exp(-x));
}

/// log sigmoid(x) = min(x, 0) - log(1 + e^-|x|), finite where sigmoid rounds to 0. For a small y, 1 + y has lost digits
/// of y; log(1 + y) / ((1 + y) - 1) loses as many, and their ratio is right (W. Kahan).
inline Scalar log_sigmoid(Scalar x) {
  return (x < 0 ? x : Scalar(0)) - log1p(exp(x < 0 ? x : -x));
}

}  // namespace nn
