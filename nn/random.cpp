#include "nn/random.hpp"

#include <array>

namespace nn {
namespace {

/// NumPy's SeedSequence: any list of numbers becomes a well-mixed pool of 128 bits, read off as 64-bit words.
/// After M. O'Neill, "Developing a seed_seq alternative" (2015); the constants are NumPy's.
class SeedSequence {
 public:
  explicit SeedSequence(std::span<const std::uint64_t> seeds) {
    std::size_t count = 0;
    for_words(seeds, [&](std::uint32_t word) {
      if (count++ < pool_.size()) pool_[count - 1] = hash(word);
    });
    for (std::size_t i = count; i < pool_.size(); ++i) pool_[i] = hash(0);
    for (std::size_t from = 0; from < pool_.size(); ++from)
      for (std::size_t to = 0; to < pool_.size(); ++to)
        if (from != to) pool_[to] = mix(pool_[to], hash(pool_[from]));
    count = 0;
    for_words(seeds, [&](std::uint32_t word) {
      if (count++ < pool_.size()) return;
      for (std::uint32_t& entry : pool_) entry = mix(entry, hash(word));
    });
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
  /// Each number as few 32-bit words as it needs, lowest first.
  static void for_words(std::span<const std::uint64_t> seeds, auto body) {
    for (const std::uint64_t seed : seeds) {
      body(static_cast<std::uint32_t>(seed));
      if (seed >> 32) body(static_cast<std::uint32_t>(seed >> 32));
    }
  }
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

}  // namespace nn
