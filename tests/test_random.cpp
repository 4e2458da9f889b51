#include <doctest/doctest.h>

#include <cstdint>

#include "nn/random.hpp"

TEST_CASE("Random(0) and Random(12345) give the numbers of numpy.random.default_rng") {
  nn::Random zero(0);
  CHECK(zero.uniform() == 0.6369616873214543);
  CHECK(zero.uniform() == 0.2697867137638703);
  CHECK(zero.uniform() == 0.04097352393619469);
  CHECK(zero.uniform() == 0.016527635528529094);
  nn::Random other(12345);
  CHECK(other.uniform() == 0.22733602246716966);
  CHECK(other.uniform() == 0.31675833970975287);
  CHECK(other.uniform() == 0.7973654573327341);
}
