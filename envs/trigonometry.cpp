#include "envs/trigonometry.hpp"

#include <cmath>

#ifndef __SIZEOF_INT128__
#error "onehot: expected a compiler with 128-bit integers, as those for 64-bit machines have; got one without"
#endif

namespace envs {
namespace detail {

namespace {

__extension__ using Word128 = unsigned __int128;

constexpr std::uint64_t two_over_pi[] = {  // a word of zeros, then 1280 binary digits of 2/pi
    0,
    0xa2f9836e4e441529,
    0xfc2757d1f534ddc0,
    0xdb6295993c439041,
    0xfe5163abdebbc561,
    0xb7246e3a424dd2e0,
    0x06492eea09d1921c,
    0xfe1deb1cb129a73e,
    0xe88235f52ebb4484,
    0xe99c7026b45f7e41,
    0x3991d639835339f4,
    0x9c845f8bbdf9283b,
    0x1ff897ffde05980f,
    0xef2f118b5a0a6d1f,
    0x6d367ecf27cb09b7,
    0x4f463f669e5fea2d,
    0x7527bac7ebe5f17b,
    0x3d0739f78a5292ea,
    0x6bfb5fb11f8d5d08,
    0x56033046fc7b6bab,
    0xf0cfbc209af4361d};
constexpr std::uint64_t half_pi = 0xc90fdaa22168c235;  // pi/2 2^63

/// x = m 2^e: the quarter turns in it, k, and what is left of one, in units of 2^-128.
struct QuarterTurns {
  Bits k;
  Word128 fraction;
};

QuarterTurns quarter_turns(std::uint64_t m, int exponent) {
  const int first = 64 + exponent - 2;  // the bit of the table with weight 2 after multiplication
  const auto window = [&](std::size_t word) {
    const std::size_t index = static_cast<std::size_t>(first / 64) + word;
    const int shift = first % 64;
    return shift == 0 ? two_over_pi[index] : two_over_pi[index] << shift | two_over_pi[index + 1] >> (64 - shift);
  };
  const Word128 low = Word128(m) * window(2);
  const Word128 middle = Word128(m) * window(1) + (low >> 64);
  const std::uint64_t high = m * window(0) + static_cast<std::uint64_t>(middle >> 64);
  return {static_cast<Bits>(high >> 62), Word128(high) << 66 | Word128(static_cast<std::uint64_t>(middle)) << 2 |
                                             static_cast<std::uint64_t>(low) >> 62};
}

/// fraction pi/2, in radians.
Scalar angle_of(Word128 fraction) {
  int zeros = std::countl_zero(static_cast<std::uint64_t>(fraction >> 64));
  if (zeros == 64) zeros += std::countl_zero(static_cast<std::uint64_t>(fraction));
  const Word128 product = Word128(static_cast<std::uint64_t>((fraction << zeros) >> 64)) * half_pi;
  const std::uint64_t rounded = static_cast<std::uint64_t>(product >> 64) | (static_cast<std::uint64_t>(product) != 0);
  return std::ldexp(static_cast<Scalar>(rounded), -63 - zeros);
}

}  // namespace

/// x = m 2^e with an integer m, so x 2/pi = m (2/pi 2^e). Of the binary digits of 2/pi, those that stand for whole
/// turns are skipped, and the next 192 decide: two of them are k, the rest is the fraction of a quarter turn.
/// (Payne & Hanek 1983.)
ReducedAngle reduce_large(Scalar x) {
  if (!std::isfinite(x)) return {std::numeric_limits<Scalar>::quiet_NaN(), 0};
  constexpr int digits = std::numeric_limits<Scalar>::digits;
  int exponent = 0;
  const Scalar mantissa = std::frexp(std::abs(x), &exponent);
  auto [k, fraction] = quarter_turns(static_cast<std::uint64_t>(std::ldexp(mantissa, digits)), exponent - digits);
  const bool upper_half = (fraction >> 127) != 0;
  if (upper_half) fraction = -fraction, ++k;  // go back from the next quarter turn instead
  const Scalar r = angle_of(fraction);
  return x < 0 ? ReducedAngle{upper_half ? r : -r, Bits(0) - k} : ReducedAngle{upper_half ? -r : r, k};
}

}  // namespace detail
}  // namespace envs
