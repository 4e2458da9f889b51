#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "envs/trigonometry.hpp"
#include "nn/arithmetic/elementary.hpp"
#include "nn/arithmetic/normal.hpp"
#include "nn/random.hpp"

namespace test_elementary {

using nn::Scalar;

namespace {

using Limits = std::numeric_limits<Scalar>;

/// Distance in units of the last place of the true value; one unit is never below the smallest subnormal number.
double ulps(Scalar got, long double want) {
  if (std::isnan(want)) return std::isnan(got) ? 0 : 1e9;
  const long double limit = std::ldexp(1.0L, Limits::max_exponent);
  if (std::abs(want) >= limit) return got == std::copysign(Limits::infinity(), static_cast<Scalar>(want)) ? 0 : 1e9;
  int exponent = 0;
  std::frexp(want, &exponent);
  const int unit = std::max(exponent, Limits::min_exponent) - Limits::digits;
  if (std::isinf(got)) return static_cast<double>((limit - std::abs(want)) / std::ldexp(1.0L, unit));
  return static_cast<double>(std::abs(static_cast<long double>(got) - want) / std::ldexp(1.0L, unit));
}

/// Every exponent and sign, then the ranges where the work is done, then neighbours of awkward points.
template <class Check>
void for_many_arguments(Check check) {
  nn::Random rng({2024, 7});
  for (int i = 0; i < 60'000; ++i) check(std::bit_cast<Scalar>(static_cast<nn::Bits>(rng.bits())));
  for (const double range : {1e-3, 1., 3., 20., 110., 760.})
    for (int i = 0; i < 20'000; ++i) check(static_cast<Scalar>(rng.uniform(-range, range)));
  for (int k = -500; k <= 500; ++k)
    for (const double unit : {0.5, std::log(2.), std::acos(-1.) / 2}) {
      const auto x = static_cast<Scalar>(k * unit);
      for (const Scalar y : {x, std::nextafter(x, Limits::max()), std::nextafter(x, Limits::lowest())}) check(y);
    }
}

template <class Function, class Reference>
double worst_ulps(Function f, Reference reference) {
  double worst = 0;
  for_many_arguments([&](Scalar x) { worst = std::max(worst, ulps(f(x), reference(static_cast<long double>(x)))); });
  return worst;
}

bool same_bits(Scalar a, Scalar b) {
  return std::bit_cast<nn::Bits>(a) == std::bit_cast<nn::Bits>(b);
}

}  // namespace

TEST_CASE("exp, log and tanh are within 2 units in the last place everywhere") {
  CHECK(worst_ulps([](Scalar x) { return nn::exp(x); }, [](long double x) { return std::exp(x); }) <= 2);
  CHECK(worst_ulps([](Scalar x) { return nn::log(x); }, [](long double x) { return std::log(x); }) <= 2);
  CHECK(worst_ulps([](Scalar x) { return nn::tanh(x); }, [](long double x) { return std::tanh(x); }) <= 2);
}

TEST_CASE("log1p is within 3 units in the last place, also where 1 + x is 1") {
  CHECK(worst_ulps([](Scalar x) { return nn::log1p(std::abs(x)); },
                   [](long double x) { return std::log1p(std::abs(x)); }) <= 3);
}

TEST_CASE("sin and cos are within 2 units in the last place up to the largest number") {
  CHECK(worst_ulps([](Scalar x) { return envs::sin_cos(x).sine; }, [](long double x) { return std::sin(x); }) <= 2);
  CHECK(worst_ulps([](Scalar x) { return envs::sin_cos(x).cosine; }, [](long double x) { return std::cos(x); }) <= 2);
}

TEST_CASE("the sine and cosine of large angles have the bits that they have everywhere") {
  struct Row {
    double angle, sine, cosine;
  };
  constexpr Row of_doubles[] = {
      {1e3, 0x1.a75cc150a206cp-1, 0x1.1ff026793f1bbp-1},
      {-12345.678, 0x1.687d5890974a5p-1, 0x1.6b94c3bbe24b8p-1},
      {1e6, -0x1.6664b2568d867p-2, 0x1.df9df9906d32cp-1},
      {7.5e9, 0x1.db1c33410aa32p-1, 0x1.7da69cab54af6p-2},
      {1e15, 0x1.b76f88136cebap-1, -0x1.06c154609d33fp-1},
      {1e22, -0x1.b453ab76bf397p-1, 0x1.0be2cef01c8f4p-1},
      {-3.25e30, -0x1.800b2e4203aadp-1, -0x1.529b4cb25c677p-1},
      {0x1.585fb6694d1d5p+65, 0x1.19e140b5b3aa5p-1, -0x1.ab6b7b16d54cap-1},  // one bit of 2^-128 decides
  };
  constexpr Row of_floats[] = {
      {1e3, 0x1.a75ccp-1, 0x1.1ff026p-1},        {-12345.678, 0x1.689612p-1, 0x1.6b7c3ep-1},
      {1e6, -0x1.6664b4p-2, 0x1.df9dfap-1},      {7.5e9, -0x1.a32896p-2, 0x1.d3240cp-1},
      {1e15, 0x1.fd267ep-1, 0x1.af8c6p-4},       {1e22, -0x1.77d988p-1, 0x1.5badeep-1},
      {-3.25e30, 0x1.fa0178p-3, -0x1.f0205ap-1}, {0x1.585fb6694d1d5p+65, 0x1.b5ab9p-1, -0x1.09af8p-1},
  };
  for (const auto& [angle, sine, cosine] : nn::is_double ? of_doubles : of_floats) {
    const auto got = envs::sin_cos(static_cast<Scalar>(angle));
    CHECK(same_bits(got.sine, static_cast<Scalar>(sine)));
    CHECK(same_bits(got.cosine, static_cast<Scalar>(cosine)));
  }
}

TEST_CASE("the elementary functions are right at zero, at infinity and for NaN") {
  const Scalar inf = Limits::infinity(), nan = Limits::quiet_NaN(), zero = 0;
  CHECK(nn::exp(zero) == 1);
  CHECK(nn::exp(inf) == inf);
  CHECK(same_bits(nn::exp(-inf), zero));
  CHECK(std::isnan(nn::exp(nan)));
  CHECK(nn::exp(Scalar(-1e30)) == 0);
  CHECK(nn::exp(Scalar(1e30)) == inf);

  CHECK(nn::log(Scalar(1)) == 0);
  CHECK(nn::log(zero) == -inf);
  CHECK(nn::log(-zero) == -inf);
  CHECK(nn::log(inf) == inf);
  CHECK(std::isnan(nn::log(Scalar(-1))));
  CHECK(std::isnan(nn::log(nan)));
  CHECK(ulps(nn::log(Limits::denorm_min()), std::log(static_cast<long double>(Limits::denorm_min()))) <= 2);

  CHECK(same_bits(nn::tanh(zero), zero));
  CHECK(same_bits(nn::tanh(-zero), -zero));
  CHECK(nn::tanh(inf) == 1);
  CHECK(nn::tanh(-inf) == -1);
  CHECK(std::isnan(nn::tanh(nan)));
  CHECK(nn::tanh(Limits::denorm_min()) == Limits::denorm_min());

  CHECK(same_bits(envs::sin_cos(-zero).sine, -zero));
  CHECK(envs::sin_cos(zero).cosine == 1);
  CHECK(std::isnan(envs::sin_cos(inf).sine));
  CHECK(std::isnan(envs::sin_cos(-inf).cosine));
  CHECK(std::isnan(envs::sin_cos(nan).sine));
}

TEST_CASE("sin_cos for loops has the same bits up to its limit, and says so of every angle beyond it") {
  std::size_t wrong = 0, large = 0;
  for_many_arguments([&](Scalar x) {
    envs::SmallAngles sin_cos;
    const auto quick = sin_cos(x), one = envs::sin_cos(x);
    if (sin_cos.large) return void(++large);
    wrong += !std::isnan(x) && (!same_bits(one.sine, quick.sine) || !same_bits(one.cosine, quick.cosine));
    wrong += std::isnan(x) && !std::isnan(quick.sine);
    wrong += std::abs(x) > 200;
  });
  CHECK(wrong == 0);
  CHECK(large > 10'000);
}

TEST_CASE("wrap_angle goes whole turns, into [-pi, pi], and leaves alone what lies there") {
  nn::Random rng(3);
  double off = 0;
  for (int i = 0; i < 10'000; ++i) {
    const auto x = static_cast<Scalar>(rng.uniform(-40, 40)), y = envs::wrap_angle(x);
    if (std::abs(x) <= Scalar(envs::pi)) off = std::max(off, x == y ? 0. : 1.);
    const double turns = double(x - y) / (2 * envs::pi);
    off = std::max({off, std::abs(turns - std::round(turns)), std::abs(double(y)) - envs::pi});
  }
  CHECK(off < (nn::is_double ? 1e-14 : 2e-6));
  for (const Scalar x : {Scalar(envs::pi), Scalar(-envs::pi), Scalar(0)}) CHECK(envs::wrap_angle(x) == x);
}

TEST_CASE("the normal quantile inverts the normal distribution function, to 6 units in the last place") {
  // x with erfc(-x / sqrt 2) / 2 = u + 2^-54, by Newton's method in long double, in the nearer tail.
  const auto reference = [](double u) {
    const long double p = static_cast<long double>(u) + 0x1p-54L, tail = p > 0.5L ? 1 - p : p;
    long double x = std::abs(static_cast<long double>(nn::normal_quantile(u)));
    for (int i = 0; i < 4; ++i)
      x += (std::erfc(x / std::sqrt(2.L)) / 2 - tail) * std::sqrt(2 * std::acos(-1.L)) * std::exp(x * x / 2);
    return p > 0.5L ? x : -x;
  };
  nn::Random rng({2024, 8});
  double worst = 0;
  bool mirrored = true;
  const auto check = [&](double u) {
    worst = std::max(worst, ulps(nn::normal_quantile(u), reference(u)));
    mirrored = mirrored && nn::normal_quantile(1 - 0x1p-53 - u) == -nn::normal_quantile(u);
  };
  for (int i = 0; i < 20'000; ++i) check(rng.uniform());
  for (int k = 1; k < 40; ++k)  // every size of tail; the middle itself, where x is near 0, is in units of its own
    for (int i = 0; i < 200; ++i) check(std::floor(std::ldexp(rng.uniform(), 53 - k)) * 0x1p-53);
  for (const double u : {0., 0x1p-53, 0.075, 0.925, 1.3887943864964021e-11}) check(std::floor(u * 0x1p53) * 0x1p-53);
  CHECK(worst <= 6);
  CHECK(mirrored);
  CHECK(static_cast<double>(nn::normal_quantile(0)) == doctest::Approx(-8.2923611).epsilon(1e-7));
  CHECK(static_cast<double>(nn::normal_quantile(0.5)) == doctest::Approx(0x1p-54 * std::sqrt(2 * std::acos(-1.))));
}

TEST_CASE("sigmoid and its logarithm are right in both tails") {
  double worst = 0;
  nn::Random rng({2024, 9});
  for (const double range : {1., 40., 80.})
    for (int i = 0; i < 20'000; ++i) {
      const auto x = static_cast<Scalar>(rng.uniform(-range, range));
      const auto exact = static_cast<long double>(x);
      worst = std::max(worst, ulps(nn::sigmoid(x), 1 / (1 + std::exp(-exact))));
      worst = std::max(worst, ulps(nn::log_sigmoid(x), -std::log1p(std::exp(-exact))));
    }
  CHECK(worst <= 4);
  CHECK(nn::sigmoid(Scalar(-1e30)) == 0);
  CHECK(nn::sigmoid(Scalar(1e30)) == 1);
  CHECK(nn::log_sigmoid(Scalar(-1e30)) == Scalar(-1e30));
  CHECK(nn::log_sigmoid(Scalar(1e30)) == 0);
}

}  // namespace test_elementary
