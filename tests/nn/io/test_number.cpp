/// nn/io/number.hpp against the standard library, where it has what a browser's has not.
#include <doctest/doctest.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "nn/io/number.hpp"
#include "nn/random.hpp"

#if defined(__cpp_lib_to_chars)

namespace test_number {
namespace {

/// Parsed by the standard library and by strtod: the same end, the same error, the same bits.
void check_like_the_standard(const std::string& text) {
  CAPTURE(text);
  double theirs = 7, ours = 7;
  const char *first = text.data(), *last = first + text.size();
  const auto expected = std::from_chars(first, last, theirs);
  const auto got = nn::portable::from_chars(first, last, ours);
  CHECK(got.ec == expected.ec);
  CHECK(got.ptr - first == expected.ptr - first);
  if (expected.ec == std::errc())
    CHECK((std::isnan(theirs) ? std::isnan(ours)
                              : std::bit_cast<std::uint64_t>(ours) == std::bit_cast<std::uint64_t>(theirs)));
}

double any_double(nn::Random& rng) {
  for (;;)
    if (const double x = std::bit_cast<double>(rng.bits()); std::isfinite(x)) return x;
}
std::string printed(double x, const char* format, int digits) {
  char text[400];
  return {text, static_cast<std::size_t>(std::snprintf(text, sizeof text, format, digits, x))};
}

}  // namespace

TEST_CASE("a number read by strtod is the number that std::from_chars reads, to the last bit, and ends where it ends") {
  for (const char* text : {"",
                           "-",
                           "+1",
                           " 1",
                           "1 ",
                           "0",
                           "-0",
                           ".",
                           ".5",
                           "5.",
                           "-.5e1",
                           "1e",
                           "1e+",
                           "1e5",
                           "1E-5",
                           "1e5x",
                           "1.2.3",
                           "0x1p3",
                           "0x",
                           "inf",
                           "-inf",
                           "INF",
                           "infinity",
                           "-Infinity",
                           "infinit",
                           "nan",
                           "-nan",
                           "NaN",
                           "nano",
                           "in",
                           "na",
                           "--1",
                           "1,5",
                           "1_000",
                           "00012",
                           "1e400",
                           "-1e400",
                           "1e-400",
                           "-1e-400",
                           "4.9e-324",
                           "2e-324",
                           "1e-310",
                           "1.7976931348623157e308",
                           "1.7976931348623159e308",
                           "9007199254740993",
                           "0.1",
                           "123456789012345678901234567890",
                           "1e99999",
                           "0e99999",
                           "e5",
                           "\t1"})
    check_like_the_standard(text);
  nn::Random rng(3);
  for (int i = 0; i < 20000; ++i) {
    const double x = any_double(rng), near_one = rng.uniform() * 200 - 100;
    const int digits = static_cast<int>(rng.bits() % 20);
    check_like_the_standard(printed(x, "%.*e", digits));
    check_like_the_standard(printed(near_one, "%.*f", digits));
    check_like_the_standard(printed(near_one, "%.*g", digits) + "e" +
                            std::to_string(static_cast<int>(rng.bits() % 700) - 350));
  }
  const std::string letters = "0123456789.eE+-infa x";
  for (int i = 0; i < 50000; ++i) {
    std::string text;
    for (std::size_t size = rng.bits() % 9; text.size() < size;) text += letters[rng.bits() % letters.size()];
    check_like_the_standard(text);
  }
}

TEST_CASE("the shortest decimal found by printing is that of std::to_chars") {
  nn::Random rng(4);
  std::vector<double> values = {
      0, -0., 1, 0.1, -0.025, 1e23, 5e-324, 2.5e-310, 9007199254740993., 1e300, 2.2250738585072014e-308};
  for (int i = 0; i < 20000; ++i) {
    values.push_back(any_double(rng));
    values.push_back(
        std::strtod(printed(rng.uniform(), "%.*g", static_cast<int>(1 + rng.bits() % 17)).c_str(), nullptr));
  }
  for (const double x : values) {
    CAPTURE(x);
    CHECK((nn::portable::shortest_decimal(x) == nn::shortest_decimal(x)));
    if (const auto single = static_cast<float>(x); std::isfinite(single))
      CHECK((nn::portable::shortest_decimal(single) == nn::shortest_decimal(single)));
  }
  CHECK((nn::shortest_decimal(0.025) == nn::Decimal{2, -2}));
  CHECK((nn::shortest_decimal(-1250.) == nn::Decimal{3, 3}));
  CHECK((nn::shortest_decimal(0.) == nn::Decimal{1, 0}));
}

}  // namespace test_number

#endif
