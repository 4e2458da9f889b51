#include "nn/random.hpp"

#include <array>
#include <bit>
#include <vector>

namespace nn {
namespace {

/// NumPy's SeedSequence: any list of numbers becomes a well-mixed pool of 128 bits, read off as 64-bit words.
/// After M. O'Neill, "Developing a seed_seq alternative" (2015); the constants are NumPy's.
class SeedSequence {
 public:
  explicit SeedSequence(std::span<const std::uint64_t> seeds) {
    std::vector<std::uint32_t> words;  // each number as few 32-bit words as it needs, lowest first
    for (const std::uint64_t seed : seeds) {
      words.push_back(static_cast<std::uint32_t>(seed));
      if (seed >> 32) words.push_back(static_cast<std::uint32_t>(seed >> 32));
    }
    for (std::size_t i = 0; i < pool_.size(); ++i) pool_[i] = hash(i < words.size() ? words[i] : 0);
    for (std::size_t from = 0; from < pool_.size(); ++from)
      for (std::size_t to = 0; to < pool_.size(); ++to)
        if (from != to) pool_[to] = mix(pool_[to], hash(pool_[from]));
    for (std::size_t i = pool_.size(); i < words.size(); ++i)
      for (std::uint32_t& entry : pool_) entry = mix(entry, hash(words[i]));
  }

  /// SeedSequence.generate_state(4, uint64)
  std::array<std::uint64_t, 4> generate() const {
    std::array<std::uint64_t, 4> state{};
    std::uint32_t constant = 0x8b51f9dd;
    for (std::size_t i = 0; i < 8; ++i) {
      std::uint32_t word = pool_[i % pool_.size()] ^ constant;
      constant *= 0x58f38ded;
      word *= constant;
      word ^= word >> 16;
      state[i / 2] |= std::uint64_t(word) << (32 * (i % 2));
    }
    return state;
  }

 private:
  std::uint32_t hash(std::uint32_t value) {
    value ^= constant_;
    constant_ *= 0x931e8875;
    value *= constant_;
    return value ^ (value >> 16);
  }
  static std::uint32_t mix(std::uint32_t x, std::uint32_t y) {
    const std::uint32_t value = 0xca01f9dd * x - 0x4973f715 * y;
    return value ^ (value >> 16);
  }

  std::uint32_t constant_ = 0x43b0d7e5;
  std::array<std::uint32_t, 4> pool_{};
};

}  // namespace

Random::Random(std::span<const std::uint64_t> seeds) {
  const auto word = SeedSequence(seeds).generate();
  increment_ = ((Word128(word[2]) << 64 | word[3]) << 1) | 1;
  bits();
  state_ += Word128(word[0]) << 64 | word[1];
  bits();
}

std::uint64_t Random::bits() {
  constexpr Word128 multiplier = Word128(0x2360ed051fc65da4) << 64 | 0x4385df649fccf645;
  state_ = state_ * multiplier + increment_;
  const auto folded = static_cast<std::uint64_t>(state_ >> 64) ^ static_cast<std::uint64_t>(state_);
  return std::rotr(folded, static_cast<int>(state_ >> 122));
}

}  // namespace nn
