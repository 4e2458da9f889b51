#include <doctest/doctest.h>

#include <cstdlib>
#include <limits>

#include "nn/io/file.hpp"
#include "tests/golden.hpp"
#include "tests/support.hpp"

namespace test_golden {

namespace {

/// What the reader says of a file with this content, behind the file's name.
template <class Read>
std::string complaint(const std::string& content, Read read) {
  const tests::TemporaryFolder folder;
  const auto path = folder.path() / "bad.csv";
  nn::write_file(path, content);
  try {
    read(path);
  } catch (const std::runtime_error& error) {
    const std::string what = error.what();
    return what.starts_with(path.string()) ? what.substr(path.string().size()) : what;
  }
  return "no complaint";
}

std::string of_table(const std::string& content) {
  return complaint(content, [](const auto& path) {
    const tests::Table table(path);
    table.key("kind");
    table.numbers("a");
    table.integers("b");
  });
}

std::string of_sheet(const std::string& content) {
  return complaint(content, [](const auto& path) { tests::Sheet{path}["W"]; });
}

}  // namespace

TEST_CASE("the golden reader reads a table back") {
  const tests::TemporaryFolder folder;
  const auto path = folder.path() / "good.csv";
  nn::write_file(path, "# kind: a: b, c\nname,a,b\nfirst,-1.5e-3,0\n,inf,18446744073709551615\n");
  const tests::Table table(path);
  CHECK(table.rows() == 2);
  CHECK(table.key("kind") == "a: b, c");
  CHECK(table.texts("name") == std::vector<std::string>{"first", ""});
  CHECK(table.numbers("a") == std::vector<double>{-1.5e-3, std::numeric_limits<double>::infinity()});
  CHECK(table.integers("b") == std::vector<std::uint64_t>{0, 18446744073709551615u});
}

TEST_CASE("the golden reader reads a sheet back, in whatever order its entries come") {
  const tests::TemporaryFolder folder;
  const auto path = folder.path() / "good.csv";
  nn::write_file(path, "# tensor: W 2 1\n# tensor: b 1 1\ntensor,row,col,value\nW,1,0,4\nb,0,0,5\nW,0,0,3");
  const tests::Sheet sheet(path);
  CHECK(sheet["W"].rows == 2);
  CHECK(sheet["W"].numbers == std::vector<double>{3, 4});
  CHECK(sheet["b"](0, 0) == 5);
  CHECK(sheet.has("b"));
  CHECK_FALSE(sheet.has("c"));
}

TEST_CASE("a malformed table is refused with file, line and column") {
  CHECK(of_table("# kind: k\na,b\n1,2\n") == "no complaint");
  CHECK(of_table("# kind: k\na,b\n1,2\nx,2\n") == ":4:1: expected a number, got 'x'");
  CHECK(of_table("# kind: k\nc,a,b\n1,2.5,3\n1,,3\n") == ":4:3: expected a number, got ''");
  CHECK(of_table("# kind: k\na,b\n 1,2\n") == ":3:1: expected a number, got ' 1'");
  CHECK(of_table("# kind: k\na,b\n1,2.0\n") == ":3:3: expected a whole number below 2^64, got '2.0'");
  CHECK(of_table("# kind: k\na,b\n1,18446744073709551616\n") ==
        ":3:3: expected a whole number below 2^64, got '18446744073709551616'");
  CHECK(of_table("# kind: k\na,b\n1,2,3\n") == ":3:1: expected 2 fields, got 3");
  CHECK(of_table("# kind: k\na,b\n1,2\n\n1,2\n") == ":4:1: expected 2 fields, got 1");
  CHECK(of_table("# kind: k\na,c\n1,2\n") == ":2:1: expected a column 'b', got none");
  CHECK(of_table("# kind: k\na,b,a\n1,2,3\n") == ":2:5: expected columns of different names, got 'a'");
  CHECK(of_table("# kind: k\na,,b\n1,2,3\n") == ":2:3: expected the name of a column, got ''");
  CHECK(of_table("# kind\na,b\n1,2\n") == ":1:1: expected '# key: value', got '# kind'");
  CHECK(of_table("a,b\n1,2\n") == ":1:1: expected a line '# kind: value', got none");
  CHECK(of_table("# kind: k\n") == ":2:1: expected a header, got the end of the file");
}

TEST_CASE("a malformed sheet is refused with file, line and column") {
  const std::string distribution = "# tensor: W 1 2\ntensor,row,col,value\n";
  CHECK(of_sheet(distribution + "W,0,0,1\nW,0,1,2\n") == "no complaint");
  CHECK(of_sheet(distribution + "W,0,0,1\nW,1,0,2\n") == ":4:3: expected a row below 1, got '1'");
  CHECK(of_sheet(distribution + "W,0,0,1\nW,0,2,2\n") == ":4:5: expected a column below 2, got '2'");
  CHECK(of_sheet(distribution + "W,0,0,1\nW,0,-1,2\n") == ":4:5: expected a whole number below 2^64, got '-1'");
  CHECK(of_sheet(distribution + "W,0,0,1\n") == ":1:11: expected a line for W,0,1, got none");
  CHECK(of_sheet(distribution + "W,0,0,1\nW,0,0,1\n") == ":4:1: expected one line per entry, got 'W'");
  CHECK(of_sheet(distribution + "V,0,0,1\n") == ":3:1: expected a tensor that was announced, got 'V'");
  CHECK(of_sheet(distribution + "W,0,0,1\nW,0,1,2e\n") == ":4:7: expected a number, got '2e'");
  CHECK(of_sheet("# tensor: V 0 0\ntensor,row,col,value\n") == ":1:1: expected a tensor 'W', got none");
  CHECK(of_sheet("# tensor: W 1 2\n# tensor: W 1 2\ntensor,row,col,value\n") ==
        ":2:11: expected tensors of different names, got 'W 1 2'");
  CHECK(of_sheet("# tensor: W 1\ntensor,row,col,value\n") == ":1:11: expected NAME ROWS COLS, got 'W 1'");
  CHECK(of_sheet("# tensor: W 1 x\ntensor,row,col,value\n") == ":1:15: expected a whole number below 2^64, got 'x'");
  CHECK(of_sheet("# tensor: W 1 2\ntensor,row,value\nW,0,1\n") == ":2:1: expected a column 'col', got none");
}

TEST_CASE("a golden file that cannot be read is named") {
  const tests::TemporaryFolder folder;
  const auto path = folder.path() / "absent.csv";
  CHECK_THROWS_WITH_AS(tests::Table{path}, (path.string() + ": cannot read: No such file or directory").c_str(),
                       std::runtime_error);
}

TEST_CASE("the distance to a reference counts NaN and a wrong shape as infinite") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const tests::Reference reference{2, 1, {4, -8}};
  nn::Vector got = {4, -7};
  CHECK(tests::error(got, reference) == 0.125);
  got[0] = std::numeric_limits<nn::Scalar>::quiet_NaN();
  CHECK(tests::error(got, reference) == infinity);
  CHECK(tests::error(nn::Vector{4}, reference) == infinity);
  CHECK(tests::error(nn::Matrix(1, 2), reference) == infinity);
  CHECK(tests::error(nn::Vector{0.5}, {1, 1, {0}}) == 0.5);
}

}  // namespace test_golden
