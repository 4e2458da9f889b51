#include <doctest/doctest.h>

#include <cmath>

#include "nn/random.hpp"

namespace test_random {

TEST_CASE("Random(seed) gives the numbers of numpy.random.default_rng(seed)") {
  nn::Random zero(0);
  for (const double expected : {0.6369616873214543, 0.2697867137638703, 0.04097352393619469, 0.016527635528529094})
    CHECK(zero.uniform() == expected);
  nn::Random other(12345);
  for (const double expected : {0.22733602246716966, 0.31675833970975287, 0.7973654573327341, 0.6762546707509746})
    CHECK(other.uniform() == expected);
  nn::Random wide((1ull << 63) + 12345);
  CHECK(wide.uniform() == 0.4941863433683745);
  nn::Random seven(7);
  CHECK(seven.uniform(-2, 3) == 1.1254773330233347);
}

TEST_CASE("a list of seeds gives the numbers of default_rng([...]), through SeedSequence") {
  nn::Random three({1, 2, 3});
  for (const double expected : {0.6704722626516632, 0.1110146366693816, 0.5115090823948739})
    CHECK(three.uniform() == expected);
  nn::Random five({7, (1ull << 40) + 5, 9, 11, 13});  // more than 128 bits of seed
  for (const double expected : {0.39792196066105223, 0.10153848912689245, 0.6313739708514015})
    CHECK(five.uniform() == expected);
}

TEST_CASE("uniform numbers lie in [0, 1) and have the mean and variance they should, over 200,000 draws") {
  nn::Random rng(99);
  double total = 0, squares = 0, low = 1, high = 0;
  constexpr int count = 200'000;
  for (int i = 0; i < count; ++i) {
    const double u = rng.uniform();
    total += u, squares += u * u, low = std::min(low, u), high = std::max(high, u);
  }
  CHECK(low >= 0);
  CHECK(high < 1);
  CHECK(std::abs(total / count - 1. / 2) < 5 * std::sqrt(1. / 12 / count));  // five standard errors
  CHECK(std::abs(squares / count - 1. / 3) < 5 * std::sqrt(4. / 45 / count));
}

}  // namespace test_random
