#pragma once
/// Reference numbers that Gymnasium and PyTorch computed: a reader of the files in tests/golden, and what compares
/// with them. tests/golden/README.md says where the numbers come from.
///
/// Whatever is malformed throws std::runtime_error with its place: PATH:LINE:COLUMN: expected a number, got 'x'.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "nn/arithmetic/matrix.hpp"
#include "nn/network.hpp"

namespace tests {

/// The folder of the reference numbers: the environment variable GOLDEN, or tests/golden.
std::filesystem::path golden_folder();
/// The files gradients/PREFIX*.csv in it, by name. Throws std::runtime_error when there is none.
std::vector<std::filesystem::path> golden_files(const std::string& prefix);

/// Lines `# key: value`, a header of column names, then rows of as many fields, separated by commas.
class Table {
 public:
  explicit Table(std::filesystem::path path);

  std::size_t rows() const { return fields_.size() / header_.size(); }
  const std::filesystem::path& path() const { return path_; }
  const std::string& key(std::string_view name) const;
  double key_number(std::string_view name) const;
  /// Of a key `settings`: lr=0.186 momentum=0.9 nesterov. The number behind NAME=, also behind more of them
  /// (betas=0.8 0.95 has two); `otherwise` when there is no such name.
  double setting(std::string_view name, double otherwise, std::size_t which = 0) const;
  bool has_setting(std::string_view word) const;
  std::vector<std::string> texts(std::string_view column) const;
  std::vector<double> numbers(std::string_view column) const;
  std::vector<std::size_t> lines() const;  // of the rows, in the file
  bool has_column(std::string_view name) const;
  std::vector<std::uint64_t> integers(std::string_view column) const;  // for those that a double cannot hold

 protected:
  struct Place {
    std::size_t line = 1, column = 1;
  };
  struct Field {
    std::string text;
    Place place;  // of its first character
  };
  struct Key {
    std::string name;
    Field value;
  };
  const std::vector<Key>& keys() const { return keys_; }
  const Field& field(std::size_t row, std::size_t column) const { return fields_[row * header_.size() + column]; }
  std::size_t column(std::string_view name) const;
  double number(const Field& field) const;
  std::uint64_t integer(const Field& field) const;
  [[noreturn]] void fail(Place place, const std::string& expected, const std::string& got) const;
  [[noreturn]] void refuse(const Field& field, const std::string& expected) const;

 private:
  std::filesystem::path path_;
  std::vector<Key> keys_;
  std::vector<Field> header_, fields_;
};

/// What PyTorch computed: a matrix of doubles, whatever a Scalar is here.
struct Reference {
  std::size_t rows = 0, cols = 0;
  std::vector<double> numbers;           // row by row
  std::vector<std::string> places = {};  // PATH:LINE of each, where it came from a file
  double operator()(std::size_t r, std::size_t c) const { return numbers[r * cols + c]; }
};

/// A table `tensor,row,col,value` in which a line `# tensor: NAME ROWS COLS` announces each tensor.
class Sheet : public Table {
 public:
  explicit Sheet(std::filesystem::path path);

  bool has(const std::string& name) const { return tensors_.count(name) > 0; }
  const Reference& operator[](const std::string& name) const;
  std::vector<std::string> tensors() const;  // their names

 private:
  void announce(const Key& key);

  std::map<std::string, Reference> tensors_;
};

/// The reference files have one sample per row; our batches have one per column.
nn::Matrix batch(const Reference& samples);
nn::Vector vector(const Reference& numbers);
std::vector<int> labels(const Reference& numbers);
Reference transposed(const Reference& reference);

/// The network a sheet describes (`layers`, `hidden_activation`), with its weights W0, b0, W1, ...
nn::Network network(const Sheet& sheet);

/// The largest difference, relative to the largest entry of the reference (to 1 when all are 0); infinite when the
/// shapes differ. NaN counts as infinite.
double error(nn::ConstMatrixView got, const Reference& expected);
double error(nn::ConstVectorView got, const Reference& expected);

/// "" where the error is below the tolerance; otherwise the worst entry: PATH:LINE: expected 1, got 2.
std::string disagreement(nn::ConstMatrixView got, const Reference& expected, double tolerance);
std::string disagreement(nn::ConstVectorView got, const Reference& expected, double tolerance);
/// The same of a network's parameters, or gradients, given in one row: of the tensors PREFIX + W0, b0, W1, ... +
/// SUFFIX.
std::string disagreement(const nn::Network& network, nn::ConstVectorView flat, const Sheet& sheet,
                         const std::string& prefix, const std::string& suffix, double tolerance);
/// The column of a table as a reference, from row `first` on.
Reference reference(const Table& table, std::string_view column, std::size_t first, std::size_t count);

}  // namespace tests
