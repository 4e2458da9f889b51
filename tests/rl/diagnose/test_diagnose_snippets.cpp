/// The few lines with which docs/diagnose.md dumps a learner's numbers, run as they stand: what they write is read, and
/// is told right.
#include <doctest/doctest.h>
#include <fmt/core.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "tests/support.hpp"

namespace test_diagnose_snippets {

namespace {

std::string answer(const std::filesystem::path& path) {
  return tests::run(tests::program("diagnose") + " " + path.string()).output;
}
bool says(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("the C++ of docs/diagnose.md writes a table that is told right") {
  constexpr std::size_t T = 6;
  const int episode[T] = {0, 0, 0, 1, 1, 1}, action[T] = {0, 1, 1, 0, 0, 1};
  const double reward[T] = {0.5, -1, 2, 0.25, 1, -0.75};
  double p[T][2], d[T][2], weight[T];
  for (std::size_t t = T; t-- > 0;) {
    weight[t] = reward[t] + (t + 1 < T && episode[t + 1] == episode[t] ? 0.9 * weight[t + 1] : 0);
    p[t][0] = 1 / (1 + std::exp(std::sin(static_cast<double>(t)))), p[t][1] = 1 - p[t][0];
    for (int k = 0; k < 2; ++k) d[t][k] = ((k == action[t] ? 1 : 0) - p[t][k]) * weight[t];
  }
  const tests::TemporaryFolder folder;
  const std::string path = (folder.path() / "my.csv").string();
  std::FILE* file = std::fopen(path.c_str(), "w");
  REQUIRE(file);
  // clang-format off
  // #region dump
  std::fprintf(file, "action,p0,p1,d0,d1,weight,reward,episode\n");
  for (std::size_t t = 0; t < T; ++t)
    std::fprintf(file, "%d,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g,%d\n", action[t], p[t][0], p[t][1], d[t][0], d[t][1],
                 weight[t], reward[t], episode[t]);
  // #endregion dump
  // clang-format on
  std::fclose(file);
  const std::string told = answer(path);
  CHECK(says(told, "weights: the reward-to-go, gamma = 0.9"));
  CHECK(told.ends_with("\nverdict: correct\n"));
}

TEST_CASE("the Python of docs/diagnose.md writes tables and matrices that are told right" *
          doctest::skip(std::getenv("PYTHON_WITH_TORCH") == nullptr)) {
  const tests::TemporaryFolder folder;
  const auto ran =
      tests::run(std::getenv("PYTHON_WITH_TORCH") + (" tests/rl/diagnose/snippets.py " + folder.path().string()));
  REQUIRE_MESSAGE(ran.status == 0, ran.errors);
  for (const auto& [name, sign] :
       {std::pair("numpy", "for ascent"), {"torch", "for descent"}, {"jax", "for descent"}}) {
    const std::string told = answer(folder.path() / name / "my.csv");
    CAPTURE(told);
    CHECK(says(told, "16 steps, 3 actions, weights given, rewards given, 3 episodes"));
    CHECK(says(told, "output: right in 16 of 16 rows"));
    CHECK(says(told, std::string("sign: ") + sign));
    CHECK(says(told, "weights: the reward-to-go, gamma = 0.9"));
    CHECK(told.ends_with("\nverdict: correct\n"));
  }
  const std::string layers = answer(folder.path() / "layers");
  CHECK(says(layers, "a 4-5-3 net, tanh, 16 samples\nlayers: every gradient is right\n"));
}

}  // namespace test_diagnose_snippets
