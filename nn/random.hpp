#pragma once
/// Random numbers as NumPy makes them: Random(7) gives the numbers of numpy.random.default_rng(7).
///
/// The generator is PCG64 (O'Neill 2014, XSL RR 128/64), seeded through NumPy's SeedSequence. Random({seed, episode})
/// is default_rng([seed, episode]): each list of numbers names a stream of its own, and streams do not overlap.
/// Trailing zeros do not change a list of up to four numbers.

#include <bit>
#include <cstdint>
#include <initializer_list>
#include <span>

#ifndef __SIZEOF_INT128__
#error "onehot: expected a compiler with 128-bit integers, as those for 64-bit machines have; got one without"
#endif

namespace nn {

class Random {
 public:
  explicit Random(std::uint64_t seed) : Random(std::span(&seed, 1)) {}
  Random(std::initializer_list<std::uint64_t> seeds) : Random(std::span(seeds.begin(), seeds.size())) {}
  explicit Random(std::span<const std::uint64_t> seeds);

  /// 64 random bits.
  std::uint64_t bits() {
    constexpr Word128 multiplier = Word128(0x2360ed051fc65da4) << 64 | 0x4385df649fccf645;
    state_ = state_ * multiplier + increment_;
    const auto folded = static_cast<std::uint64_t>(state_ >> 64) ^ static_cast<std::uint64_t>(state_);
    return std::rotr(folded, static_cast<int>(state_ >> 122));
  }
  /// A number in [0, 1): Generator.random(), a multiple of 2^-53.
  double uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }
  /// A number in [low, high): Generator.uniform(low, high).
  double uniform(double low, double high) { return low + (high - low) * uniform(); }

 private:
  __extension__ using Word128 = unsigned __int128;  // the state is a 128-bit number
  Word128 state_ = 0, increment_ = 0;
};

}  // namespace nn
