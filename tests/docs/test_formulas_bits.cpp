/// The formulas of docs/14-same-seed-same-bits.md, one by one.
#include <doctest/doctest.h>

#include <cmath>

#include "nn/arithmetic/elementary.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "nn/random.hpp"
#include "tests/support.hpp"

namespace test_formulas_bits {

using namespace nn;

namespace {

/// x + y exactly, as a rounded sum and what rounding took away (Knuth).
std::pair<double, double> two_sum(double x, double y) {
  const double s = x + y, z = s - x;
  return {s, (x - (s - z)) + (y - z)};
}

}  // namespace

// Eq. (14.1), (14.2)
TEST_CASE(
    "an addition rounds by half a unit at most, and 16 partial sums bound the error of a sum sixteen times tighter") {
  Random rng(101);
  double worst = 0;
  for (int i = 0; i < 1000; ++i) {
    const double x = rng.uniform(-1, 1), y = rng.uniform(-1, 1) * 1e-3;
    const auto [sum, lost] = two_sum(x, y);
    worst = std::max(worst, std::abs(lost) / std::abs(sum));
    worst = std::max(worst, std::abs(std::fma(x, y, -(x * y))) / std::abs(x * y));  // what a product loses
  }
  CHECK(worst > 0x1p-55);
  CHECK(worst <= 0x1p-53);
  for (const std::size_t n : {100u, 1000u, 30'000u}) {
    const Vector x = tests::random_vector(n, rng);
    double exact = 0, lost = 0, forwards = 0, size = 0;
    for (const Scalar value : x) {
      const auto [next, error] = two_sum(exact, double(value));
      exact = next, lost += error, forwards += double(value), size += std::abs(double(value));
    }
    const double truth = exact + lost, unit = 0x1p-53 * size;
    CHECK(std::abs(double(sum(x)) - truth) <= (double(n) / 16 + 4) * unit);
    CHECK(std::abs(forwards - truth) <= double(n - 1) * unit);
  }
}

TEST_CASE("e^x is a power of two times a short series, and tanh goes the same way") {  // Eq. (14.3), (14.4), (14.5)
  const double ln2 = std::log(2.);
  double worst_exp = 0, worst_tanh = 0, remainder = 0, largest_r = 0;
  for (int i = -300; i <= 300; ++i) {
    const double x = i / 30., k = std::round(x / ln2), r = x - k * ln2;
    double series = 0, term = 1;
    for (int j = 0; j <= 13; ++j) series += term, term *= r / (j + 1);
    largest_r = std::max(largest_r, std::abs(r));
    remainder = std::max(remainder, std::abs(term) / (1 - std::abs(r)));  // the terms that follow, and more
    worst_exp = std::max(worst_exp, std::abs(std::ldexp(series, int(k)) / double(nn::exp(Scalar(x))) - 1));
  }
  for (int n = -600; n <= 600; ++n) {
    const double x = n / 30., k = std::round(2 * x / ln2), t = std::tanh(x - k * ln2 / 2);
    const double i = std::exp2(-k), b = 1 - i, fraction = ((1 - i) + (1 + i) * t) / ((1 + i) + (1 - i) * t);
    const double apart = b + i * ((2 + b) * t - b) / ((1 + i) + b * t);
    CHECK(std::abs((1 - i) / (1 + i) - std::tanh(k * ln2 / 2)) < 1e-15);
    CHECK(std::abs(fraction - std::tanh(x)) < 1e-15);
    if (x >= 0) worst_tanh = std::max(worst_tanh, std::abs(apart - double(nn::tanh(Scalar(x)))));
  }
  CHECK(largest_r <= ln2 / 2 + 1e-12);
  CHECK(largest_r > 0.9 * ln2 / 2);
  CHECK(remainder < 0x1p-56);
  CHECK(worst_exp < 2e-15);  // r itself is rounded here
  CHECK(worst_tanh < 1e-15);
}

TEST_CASE("a uniform number is the upper 53 of 64 random bits") {  // Eq. (14.6)
  Random bits(102), uniform(102);
  bool equal = true;
  for (int i = 0; i < 1000; ++i) equal = equal && std::floor(double(bits.bits() >> 11)) * 0x1p-53 == uniform.uniform();
  CHECK(equal);
}

}  // namespace test_formulas_bits
