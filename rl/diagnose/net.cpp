/// Reads a folder of matrices, and turns each the way the others need it.

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>

#include "rl/diagnose/backward.hpp"

namespace rl {
namespace {

std::string shape(const Grid& m) {
  return fmt::format("{} x {}", m.rows, m.cols);
}

using TextOf = std::function<std::optional<std::string>(const std::string& stem)>;

/// A mask is 0 or 1 / (1 - rate), and rates have two digits at most: beside numbers of 17 digits, 1.25 is just that.
bool is_plain_mask(const Text& text) {
  return std::ranges::all_of(text.columns, [](const std::vector<double>& column) {
    return std::ranges::all_of(column, [](double x) {
      const double kept = 100 / x;  // percent
      return x == 0 || std::abs(kept - std::round(kept)) < 1e-9;
    });
  });
}

class Folder {
 public:
  Folder(std::string name, const TextOf& text_of, bool rounded)
      : name_(std::move(name)), text_of_(text_of), rounded_(rounded) {}
  bool has(const std::string& stem) const { return text_of_(stem).has_value(); }

  Grid matrix(const std::string& stem, bool needed) {
    const auto content = text_of_(stem);
    if (!content && needed)
      throw std::runtime_error(fmt::format("{}: expected a file {}.csv or {}.txt", name_, stem, stem));
    if (!content) return {};
    const std::string where = name_ + "/" + stem;
    const Text text = read_text(*content, where);
    if (const auto key = text.keys.find("activation"); key != text.keys.end()) activation = key->second;
    if (const auto key = text.keys.find("sign"); key != text.keys.end()) {
      if (key->second != "ascent" && key->second != "descent")
        throw std::runtime_error(fmt::format("{}: sign: expected ascent or descent, got '{}'", where, key->second));
      sign = key->second == "ascent" ? 1 : -1;
    }
    Text::Printed all;
    for (const auto& one : text.printed) all.add(one);
    whole_.add(all);
    Text::Printed whole = stem.starts_with("mask") && is_plain_mask(text) ? whole_ : all;
    for (Text::Printed* printed : {&all, &whole})
      if (rounded_) printed->significant = printed->needed_significant, printed->decimals = printed->needed_decimals;
    Grid result(text.lines.size(), text.columns.size());
    for (std::size_t c = 0; c < result.cols; ++c) {
      const auto numbers = with_errors(text.columns[c], all, whole, 0x1p-53);
      for (std::size_t r = 0; r < result.rows; ++r) {
        if (!std::isfinite(numbers[r].value) && !stem.starts_with('d'))
          throw std::runtime_error(fmt::format("{}: line {}, column {}: expected a finite number, got {}", where,
                                               text.lines[r], c + 1, numbers[r].value));
        result(r, c) = numbers[r];
      }
    }
    return result;
  }
  /// A file of one row or one column.
  Series row(const std::string& stem, std::size_t length) {
    Grid m = matrix(stem, false);
    if (m.empty()) return {};
    if (std::min(m.rows, m.cols) != 1 || m.cells.size() != length)
      throw std::runtime_error(
          fmt::format("{}: {}: expected {} numbers in one row or column, got {}", name_, stem, length, shape(m)));
    return std::move(m.cells);
  }
  /// m as rows x cols, turned if it must be; otherwise one line that says so.
  Grid oriented(const std::string& stem, Grid m, std::size_t rows, std::size_t cols,
                std::vector<std::string>& remarks) {
    if (m.rows == rows && m.cols == cols) return m;
    if (m.rows != cols || m.cols != rows)
      throw std::runtime_error(fmt::format("{}: {}: expected {} x {}, got {}", name_, stem, rows, cols, shape(m)));
    if (std::min(rows, cols) > 1) remarks.push_back(stem + " is the transpose, inputs x outputs");
    return turned(m);
  }
  const Text::Printed& whole() const { return whole_; }
  std::string activation;
  std::optional<double> sign;

 private:
  std::string name_;
  const TextOf& text_of_;
  bool rounded_;
  Text::Printed whole_;
};

}  // namespace

Grid turned(const Grid& m) {
  Grid result(m.cols, m.rows);
  for (std::size_t r = 0; r < m.rows; ++r)
    for (std::size_t c = 0; c < m.cols; ++c) result(c, r) = m(r, c);
  return result;
}

namespace {

/// Every W one way, or every W the other: the widths must chain from x to dout.
bool chains(const LearnerNet& net, const std::vector<Grid>& W, bool transposed) {
  std::size_t width = net.x.cols;
  for (const Grid& m : W) {
    if ((transposed ? m.rows : m.cols) != width) return false;
    width = transposed ? m.cols : m.rows;
  }
  return width == net.dout.cols;
}

void read_layer(Folder& folder, const std::string& name, std::size_t l, bool straight, LearnerNet& net) {
  const std::size_t outputs = net.W[l].rows, inputs = net.W[l].cols;
  const auto stem = [l](const char* letters) { return letters + std::to_string(l); };
  net.mask.push_back(folder.matrix(stem("mask"), false));
  if (const Grid& m = net.mask.back(); !m.empty() && (m.rows != net.x.rows || m.cols != outputs))
    throw std::runtime_error(
        fmt::format("{}: {}: expected {} x {}, got {}", name, stem("mask"), net.x.rows, outputs, shape(m)));
  net.b.push_back(folder.row(stem("b"), outputs));
  Grid dW = folder.matrix(stem("dW"), false);
  if (!dW.empty()) {
    if (!straight && dW.rows == inputs && dW.cols == outputs)
      dW = turned(dW);
    else
      dW = folder.oriented(stem("dW"), std::move(dW), outputs, inputs, net.remarks);
  }
  net.dW.push_back(std::move(dW));
  net.db.push_back(folder.row(stem("db"), outputs));
}

void read_activation(const Folder& folder, const std::string& name, LearnerNet& net) {
  net.activation = folder.activation;
  if (net.W.size() > 1 && net.activation.empty())
    throw std::runtime_error(name +
                             ": expected a line '# activation: tanh' (or relu, sigmoid, identity) in one of the files");
  if (net.activation.empty()) net.activation = "identity";
  if (std::ranges::find(activations(), net.activation, &Activation::name) != activations().end()) return;
  std::string known;
  for (const Activation& a : activations()) known += fmt::format("{}{}", known.empty() ? "" : ", ", a.name);
  throw std::runtime_error(fmt::format("{}: activation: expected one of {}, got '{}'", name, known, net.activation));
}

LearnerNet read(const std::string& name, const TextOf& text_of, bool rounded) {
  Folder folder(name, text_of, rounded);
  LearnerNet net;
  net.x = folder.matrix("x", true);
  net.dout = folder.matrix("dout", true);
  std::vector<Grid> W;
  while (folder.has(fmt::format("W{}", W.size()))) W.push_back(folder.matrix(fmt::format("W{}", W.size()), true));
  if (W.empty()) throw std::runtime_error(name + ": expected a file W0.csv or W0.txt");
  if (net.x.rows != net.dout.rows)
    throw std::runtime_error(fmt::format("{}: expected as many rows in x as in dout, one per sample: {}, got {}", name,
                                         net.dout.rows, net.x.rows));
  const bool straight = chains(net, W, false), other_way = chains(net, W, true);
  net.either_way = straight && other_way;
  if (!straight && !other_way) {
    std::string shapes;
    for (const Grid& m : W) shapes += (shapes.empty() ? "" : ", ") + shape(m);
    throw std::runtime_error(fmt::format("{}: expected weights that lead from {} inputs to {} outputs, got {}", name,
                                         net.x.cols, net.dout.cols, shapes));
  }
  bool gradients = false;
  std::string no_biases;
  for (std::size_t l = 0; l < W.size(); ++l) {
    net.W.push_back(straight ? W[l] : turned(W[l]));
    read_layer(folder, name, l, straight, net);
    if (net.b[l].empty()) no_biases += fmt::format("{}b{}", no_biases.empty() ? "" : ", ", l);
    gradients |= !net.dW[l].empty() || !net.db[l].empty();
  }
  if (!straight) net.remarks.push_back("W is inputs x outputs");
  if (!no_biases.empty()) net.remarks.push_back("no file " + no_biases + ": these biases are taken to be 0");
  if (!gradients) throw std::runtime_error(name + ": expected gradients: dW0.csv, db0.csv, ...");
  read_activation(folder, name, net);
  net.sign = folder.sign;
  if (folder.whole().all_floats) net.rounding = 0x1p-24;
  if (rounded)
    net.remarks.push_back("assumed: the numbers were rounded before they were printed");
  else if (folder.whole().rounded_before())
    net.other_readings.push_back(read(name, text_of, true));
  return net;
}

}  // namespace

LearnerNet read_net(const std::string& name, const TextOf& text_of) {
  return read(name, text_of, false);
}

}  // namespace rl
