/// The program of docs/09-cartpole.md, in both languages: run_textbook reaches 475, and asker.py prints the same
/// numbers. tests/run.sh sets PYTHON_WITH_NUMPY when there is one; otherwise the last three cases are skipped.
#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

#include "tests/support.hpp"

namespace test_textbook {

namespace {

const std::string textbook = tests::program("run_textbook") + " ";

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n') + 1);
}
std::string last_line(const std::string& text) {
  return text.substr(text.rfind('\n', text.size() - 2) + 1);
}

/// What a Python program says for a seed.
tests::Ran python(const std::string& program, const std::string& seed) {
  return tests::run(std::getenv("PYTHON_WITH_NUMPY") + (" " + program + " " + seed));
}

}  // namespace

TEST_CASE("the textbook program solves CartPole from each of five seeds") {
  for (const std::string seed : {"0", "1", "2", "3", "4"}) {
    const auto ran = tests::run(textbook + seed);
    const std::string last = last_line(ran.output);
    CAPTURE(seed);
    CAPTURE(last);
    CHECK(ran.status == 0);
    REQUIRE(last.starts_with("solved after "));
    CHECK(std::stod(last.substr(last.rfind(' '))) >= 475);
  }
}

TEST_CASE("the textbook program takes one seed, and says so") {
  CHECK(tests::run(textbook + "--seed 3").output == tests::run(textbook + "3").output);
  CHECK(tests::run(textbook).output == tests::run(textbook + "0").output);
  for (const std::string seed : {"x", "-1", "''", "--help", "18446744073709551616"}) {
    const auto ran = tests::run(textbook + seed);
    CAPTURE(seed);
    CHECK(ran.status == 2);
    CHECK(ran.output == "");
    CHECK(ran.errors.starts_with("run_textbook: expected a seed, a whole number of at most 19 digits, got '"));
  }
}

const bool no_numpy = std::getenv("PYTHON_WITH_NUMPY") == nullptr;

// With NumPy's own sine and cosine: the first update, before their last bits have grown.
TEST_CASE("the textbook programs in Python and C++ print the same first update" * doctest::skip(no_numpy)) {
  const auto ran = python("docs/programs/asker.py", "4");
  REQUIRE_MESSAGE(ran.status == 0, ran.errors);
  CHECK(first_line(ran.output) == first_line(tests::run(textbook + "4").output));
  CHECK(last_line(ran.output).starts_with("solved after "));
}

TEST_CASE("the textbook programs in Python and C++ print the same to the end, given the same sine and cosine" *
          doctest::skip(no_numpy)) {
  for (const std::string seed : {"1", "4"}) {
    const auto ran = python("tests/docs/textbook.py", seed);
    REQUIRE_MESSAGE(ran.status == 0, ran.errors);
    CHECK(ran.output == tests::run(textbook + seed).output);
  }
}

TEST_CASE("the lines of NumPy under the short answer do what the page says" * doctest::skip(no_numpy)) {
  const auto ran = python("tests/docs/short_answer.py", "");
  CHECK_MESSAGE(ran.status == 0, ran.errors);
}

}  // namespace test_textbook
