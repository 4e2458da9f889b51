#pragma once
/// A learner's network, forwards and backwards, with or without a mistake.            docs/02-backward.md, section 4
///
/// Every known mistake is a whole backward pass with one line changed (diagnose_passes.cpp). Samples are rows here, as
/// they are in the learner's files.                                              Read next: diagnose_layers.cpp.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rl/diagnose/reader.hpp"

namespace rl {

/// One sample per row. h[0] is x, u[l] the sums of layer l, h[l + 1] what its activation makes of them.
struct Forward {
  std::vector<Grid> u, h;
};
Forward forward(const LearnerNet& net);

Number activate(const std::string& activation, Number u);
/// The derivative of the activation, written in terms of its output h.
Number slope(const std::string& activation, Number h);

/// dW += delta^T h, db += delta, over the rows from `first` on; row r meets the input of row r, or each that of row
/// `input`.
void accumulate(const Grid& delta, const Grid& h, Grid& dW, Series& db, std::size_t first = 0,
                std::optional<std::size_t> input = {});

Number right_slope(const std::string& activation, Number u, Number h);
void right_gradient(const Grid& delta, const Forward& f, std::size_t layer, Grid& dW, Series& db);

/// A backward pass: the factor of the activation, W transposed, the gradient of one layer, and what happens to delta
/// at the output before all that. A mistake changes one of the four.
struct Pass {
  std::string_view name, formula;
  Number (*slope_of)(const std::string& activation, Number u, Number h) = right_slope;
  bool W_as_it_is = false;  // square layers only
  void (*gradient)(const Grid& delta, const Forward& f, std::size_t layer, Grid& dW, Series& db) = right_gradient;
  void (*at_the_output)(const std::string& activation, const Grid& outputs, Grid& delta) = nullptr;
};
inline constexpr Pass right_pass{.name = "", .formula = ""};
std::span<const Pass> wrong_passes();

/// dW and db of every layer, as far as the learner has them.
struct Gradients {
  std::vector<std::string> names;
  std::vector<Series> arrays;
  std::vector<std::size_t> widths;  // numbers in a row of the array, to name an entry
  void add(std::string name, Series numbers, std::size_t width);
  /// "dW0[2][1]", the number i of array a.
  std::string entry(std::size_t a, std::size_t i) const;
  /// One array a row, filled up with zeros.
  Grid grid() const;
};
Gradients gradients_of_the_learner(const LearnerNet& net);
/// What the pass makes of dout. `W` may differ from the net's: it is what delta passes through.
Gradients backward(const LearnerNet& net, const Forward& f, const Pass& pass, const std::vector<Grid>& W);

}  // namespace rl
