#include "tests/golden.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <stdexcept>

#include "nn/io/file.hpp"

namespace tests {
namespace {

/// The pieces of a text between separators, each with where it begins.
std::vector<std::pair<std::size_t, std::string>> split(std::string_view text, char separator) {
  std::vector<std::pair<std::size_t, std::string>> pieces;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    pieces.emplace_back(begin, text.substr(begin, end - begin));
    begin = end + 1;
  }
  return pieces;
}

}  // namespace

std::filesystem::path golden_folder() {
  const char* folder = std::getenv("GOLDEN");
  return folder ? folder : "tests/golden";
}

std::vector<std::filesystem::path> golden_files(const std::string& prefix) {
  const auto folder = golden_folder() / "gradients";
  std::vector<std::filesystem::path> files;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none))
    if (const std::string name = entry.path().filename().string(); name.starts_with(prefix) && name.ends_with(".csv"))
      files.push_back(entry.path());
  if (files.empty())
    throw std::runtime_error(fmt::format("{}: expected files {}*.csv, got none", folder.string(), prefix));
  std::ranges::sort(files);
  return files;
}

Table::Table(std::filesystem::path path) : path_(std::move(path)) {
  std::string content = nn::read_file(path_);
  if (content.ends_with('\n')) content.pop_back();
  std::size_t number = 0;
  for (const auto& [begin, line] : split(content, '\n')) {
    ++number;
    if (header_.empty() && line.starts_with('#')) {
      const std::size_t colon = line.find(": ");
      if (!line.starts_with("# ") || colon == std::string::npos) refuse({line, {number, 1}}, "'# key: value'");
      keys_.push_back({line.substr(2, colon - 2), {line.substr(colon + 2), {number, colon + 3}}});
      continue;
    }
    std::vector<Field> fields;
    for (const auto& [at, text] : split(line, ',')) fields.push_back({text, {number, at + 1}});
    if (header_.empty()) {
      for (auto name = fields.begin(); name != fields.end(); ++name) {
        if (name->text.empty()) refuse(*name, "the name of a column");
        if (std::find_if(fields.begin(), name, [&](const Field& f) { return f.text == name->text; }) != name)
          refuse(*name, "columns of different names");
      }
      header_ = std::move(fields);
    } else {
      if (fields.size() != header_.size())
        fail({number, 1}, fmt::format("{} fields", header_.size()), std::to_string(fields.size()));
      std::ranges::move(fields, std::back_inserter(fields_));
    }
  }
  if (header_.empty()) fail({number + 1, 1}, "a header", "the end of the file");
}

const std::string& Table::key(std::string_view name) const {
  const auto found = std::ranges::find(keys_, name, &Key::name);
  if (found == keys_.end()) fail({}, fmt::format("a line '# {}: value'", name), "none");
  return found->value.text;
}

double Table::key_number(std::string_view name) const {
  const auto found = std::ranges::find(keys_, name, &Key::name);
  key(name);  // throws when it is missing
  return number(found->value);
}

double Table::setting(std::string_view name, double otherwise, std::size_t which) const {
  const std::string words = " " + key("settings") + " ", start = fmt::format(" {}=", name);
  std::size_t at = words.find(start);
  if (at == std::string::npos) return otherwise;
  for (at += start.size(); which > 0; --which) at = words.find(' ', at) + 1;
  const std::string text = words.substr(at, words.find(' ', at) - at);
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0')
    fail({}, fmt::format("a number for {} in '# settings: {}'", name, key("settings")), fmt::format("'{}'", text));
  return value;
}
bool Table::has_setting(std::string_view word) const {
  return (" " + key("settings") + " ").find(fmt::format(" {} ", word)) != std::string::npos;
}

std::vector<std::size_t> Table::lines() const {
  std::vector<std::size_t> result(rows());
  for (std::size_t r = 0; r < rows(); ++r) result[r] = field(r, 0).place.line;
  return result;
}
bool Table::has_column(std::string_view name) const {
  return std::ranges::find(header_, name, &Field::text) != header_.end();
}

std::vector<std::string> Table::texts(std::string_view name) const {
  std::vector<std::string> result(rows());
  for (std::size_t r = 0, c = column(name); r < rows(); ++r) result[r] = field(r, c).text;
  return result;
}
std::vector<double> Table::numbers(std::string_view name) const {
  std::vector<double> result(rows());
  for (std::size_t r = 0, c = column(name); r < rows(); ++r) result[r] = number(field(r, c));
  return result;
}
std::vector<std::uint64_t> Table::integers(std::string_view name) const {
  std::vector<std::uint64_t> result(rows());
  for (std::size_t r = 0, c = column(name); r < rows(); ++r) result[r] = integer(field(r, c));
  return result;
}

std::size_t Table::column(std::string_view name) const {
  const auto found = std::ranges::find(header_, name, &Field::text);
  if (found == header_.end()) fail(header_[0].place, fmt::format("a column '{}'", name), "none");
  return static_cast<std::size_t>(found - header_.begin());
}

double Table::number(const Field& field) const {
  char* end = nullptr;
  const double value = std::strtod(field.text.c_str(), &end);
  const bool blank = field.text.empty() || std::isspace(static_cast<unsigned char>(field.text[0]));
  if (blank || end != field.text.c_str() + field.text.size()) refuse(field, "a number");
  return value;
}

std::uint64_t Table::integer(const Field& field) const {
  std::uint64_t value = 0;
  const char* end = field.text.data() + field.text.size();
  const auto parsed = std::from_chars(field.text.data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end) refuse(field, "a whole number below 2^64");
  return value;
}

void Table::fail(Place place, const std::string& expected, const std::string& got) const {
  throw std::runtime_error(
      fmt::format("{}:{}:{}: expected {}, got {}", path_.string(), place.line, place.column, expected, got));
}
void Table::refuse(const Field& field, const std::string& expected) const {
  fail(field.place, expected, fmt::format("'{}'", field.text));
}

Sheet::Sheet(std::filesystem::path path) : Table(std::move(path)) {
  std::map<std::string, std::vector<bool>> seen;
  for (const auto& [name, value] : keys())
    if (name == "tensor") {
      const auto words = split(value.text, ' ');
      if (words.size() != 3) refuse(value, "NAME ROWS COLS");
      std::size_t size[2];
      for (std::size_t i = 0; i < 2; ++i) {
        const auto& [at, text] = words[i + 1];
        size[i] = integer({text, {value.place.line, value.place.column + at}});
      }
      const auto [tensor, is_new] = tensors_.try_emplace(words[0].second);
      if (!is_new) refuse(value, "tensors of different names");
      tensor->second = {size[0], size[1], std::vector<double>(size[0] * size[1]),
                        std::vector<std::string>(size[0] * size[1])};
      seen[words[0].second].resize(size[0] * size[1]);
    }
  const std::size_t name = column("tensor"), row = column("row"), col = column("col"), value = column("value");
  for (std::size_t i = 0; i < rows(); ++i) {
    const auto tensor = tensors_.find(field(i, name).text);
    if (tensor == tensors_.end()) refuse(field(i, name), "a tensor that was announced");
    Reference& to = tensor->second;
    const std::size_t r = integer(field(i, row)), c = integer(field(i, col));
    if (r >= to.rows) refuse(field(i, row), fmt::format("a row below {}", to.rows));
    if (c >= to.cols) refuse(field(i, col), fmt::format("a column below {}", to.cols));
    auto&& entry = seen[tensor->first][r * to.cols + c];
    if (entry) refuse(field(i, name), "one line per entry");
    entry = true;
    to.numbers[r * to.cols + c] = number(field(i, value));
    to.places[r * to.cols + c] = fmt::format("{}:{}", Table::path().string(), field(i, value).place.line);
  }
  for (const auto& [key, announced] : keys())
    if (key == "tensor") {
      const std::string tensor = announced.text.substr(0, announced.text.find(' '));
      const auto missing = std::ranges::find(seen[tensor], false) - seen[tensor].begin();
      const auto cols = static_cast<std::ptrdiff_t>(tensors_[tensor].cols);
      if (missing < std::ssize(seen[tensor]))
        fail(announced.place, fmt::format("a line for {},{},{}", tensor, missing / cols, missing % cols), "none");
    }
}

const Reference& Sheet::operator[](const std::string& name) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) fail({}, fmt::format("a tensor '{}'", name), "none");
  return found->second;
}

std::vector<std::string> Sheet::tensors() const {
  std::vector<std::string> names;
  for (const auto& [name, tensor] : tensors_) names.push_back(name);
  return names;
}

nn::Matrix batch(const Reference& samples) {
  nn::Matrix X(samples.cols, samples.rows);
  for (std::size_t r = 0; r < samples.rows; ++r)
    for (std::size_t c = 0; c < samples.cols; ++c) X(c, r) = static_cast<nn::Scalar>(samples(r, c));
  return X;
}

nn::Vector vector(const Reference& numbers) {
  nn::Vector x(numbers.numbers.size());
  std::ranges::transform(numbers.numbers, x.begin(), [](double number) { return static_cast<nn::Scalar>(number); });
  return x;
}

std::vector<int> labels(const Reference& numbers) {
  return {numbers.numbers.begin(), numbers.numbers.end()};
}

Reference transposed(const Reference& reference) {
  Reference result{reference.cols, reference.rows, {}, {}};
  for (std::size_t c = 0; c < reference.cols; ++c)
    for (std::size_t r = 0; r < reference.rows; ++r) {
      result.numbers.push_back(reference(r, c));
      if (!reference.places.empty()) result.places.push_back(reference.places[r * reference.cols + c]);
    }
  return result;
}

nn::Network network(const Sheet& sheet) {
  std::vector<std::size_t> sizes;
  for (const auto& [at, size] : split(sheet.key("layers"), '-')) sizes.push_back(std::stoul(size));
  const std::string& hidden = sheet.key("hidden_activation");
  nn::Random rng(0);
  nn::Network network(sizes, nn::activation_from_name(hidden == "none" ? "identity" : hidden), rng);
  for (std::size_t l = 0; l < network.layers(); ++l) {
    std::ranges::copy(vector(sheet[fmt::format("W{}", l)]), network.weight(l).flat().begin());
    std::ranges::copy(vector(sheet[fmt::format("b{}", l)]), network.bias(l).begin());
  }
  return network;
}

double error(nn::ConstMatrixView got, const Reference& expected) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (got.rows() != expected.rows || got.cols() != expected.cols) return infinity;
  double largest = 0, difference = 0;
  for (std::size_t r = 0; r < got.rows(); ++r)
    for (std::size_t c = 0; c < got.cols(); ++c) {
      const double off = std::abs(static_cast<double>(got(r, c)) - expected(r, c));
      difference = std::max(difference, std::isnan(off) ? infinity : off);
      largest = std::max(largest, std::abs(expected(r, c)));
    }
  return difference / (largest > 0 ? largest : 1);
}

double error(nn::ConstVectorView got, const Reference& expected) {
  return error(nn::ConstMatrixView(got.data(), got.size(), 1), expected);
}

std::string disagreement(nn::ConstMatrixView got, const Reference& expected, double tolerance) {
  if (error(got, expected) < tolerance) return "";
  const auto place = [&](std::size_t i) { return i < expected.places.size() ? expected.places[i] : "somewhere"; };
  if (got.rows() != expected.rows || got.cols() != expected.cols)
    return fmt::format("{}: expected {} x {} numbers, got {} x {}", place(0), expected.rows, expected.cols, got.rows(),
                       got.cols());
  std::size_t worst = 0;
  double largest = -1;
  for (std::size_t i = 0; i < expected.numbers.size(); ++i) {
    const double off = std::abs(static_cast<double>(got(i / got.cols(), i % got.cols())) - expected.numbers[i]);
    if (std::isnan(off) || off > largest) worst = i, largest = off;
    if (std::isnan(off)) break;
  }
  return fmt::format("{}: expected {}, got {}", place(worst), expected.numbers[worst],
                     static_cast<double>(got(worst / got.cols(), worst % got.cols())));
}

std::string disagreement(nn::ConstVectorView got, const Reference& expected, double tolerance) {
  return disagreement(nn::ConstMatrixView(got.data(), got.size(), 1), expected, tolerance);
}

std::string disagreement(const nn::Network& network, nn::ConstVectorView flat, const Sheet& sheet,
                         const std::string& prefix, const std::string& suffix, double tolerance) {
  std::string result;
  for (std::size_t l = 0; l < network.layers() && result.empty(); ++l) {
    const std::size_t outputs = network.sizes()[l + 1], inputs = network.sizes()[l];
    const nn::ConstMatrixView W(flat.data(), outputs, inputs);
    result = disagreement(W, sheet[fmt::format("{}W{}{}", prefix, l, suffix)], tolerance);
    if (result.empty())
      result = disagreement(flat.subspan(W.flat().size(), outputs), sheet[fmt::format("{}b{}{}", prefix, l, suffix)],
                            tolerance);
    flat = flat.subspan(outputs * (inputs + 1));
  }
  return result;
}

Reference reference(const Table& table, std::string_view column, std::size_t first, std::size_t count) {
  const auto all = table.numbers(column);
  const auto lines = table.lines();
  Reference result{count, 1, {}, {}};
  for (std::size_t r = first; r < first + count; ++r) {
    result.numbers.push_back(all[r]);
    result.places.push_back(fmt::format("{}:{}", table.path().string(), lines[r]));
  }
  return result;
}

}  // namespace tests
