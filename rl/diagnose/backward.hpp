#pragma once
/// A learner's network, forwards and backwards, with or without a mistake.            docs/02-backward.md, section 4
///
/// Every known mistake is a whole backward pass with one line changed (mistakes_layers.cpp). Samples are rows here, as
/// they are in the learner's files.                                              Read next: layers.cpp.

#include <cmath>
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
/// Units of a hidden layer that see, and are seen, alike stay alike for ever.
bool clones(const LearnerNet& net, std::size_t layer);

struct Activation {
  std::string_view name;
  Number (*value)(Number u);
  Number (*derivative)(Number u, Number h);  // of the sum u, whose value is h
  Number (*of_output)(Number h);             // the same from h alone; `impossible` where that does not say it
};
std::span<const Activation> activations();
Number activate(const std::string& activation, Number u);
Number derivative(const std::string& activation, Number u, Number h);
Number derivative_of_output(const std::string& activation, Number h);

/// dW += delta^T h, db += delta, over the rows from `first` on; row r meets the input of row r, or each that of row
/// `input`.
void accumulate(const Grid& delta, const Grid& h, Grid& dW, Series& db, std::size_t first = 0,
                std::optional<std::size_t> input = {});

Number right_derivative(const std::string& activation, Number u, Number h);
void right_gradient(const Grid& delta, const Forward& f, std::size_t layer, Grid& dW, Series& db);

/// A backward pass. A mistake changes one of its lines.
struct Pass {
  std::string_view formula;
  Number (*derivative_of)(const std::string& activation, Number u, Number h) = right_derivative;
  bool derivative_of_the_layer_below = false, W_of_the_layer_below = false;  // layers of one width only
  bool W_as_it_is = false;                                                   // square layers only
  bool mask_forgotten = false;                                               // with dropout
  double bound = HUGE_VAL;                                                   // of every delta below the output
  void (*gradient)(const Grid& delta, const Forward& f, std::size_t layer, Grid& dW, Series& db) = right_gradient;
  void (*at_the_output)(const std::string& activation, const Grid& outputs, Grid& delta) = nullptr;
  std::string_view name = {};
};
inline constexpr Pass right_pass{.formula = ""};

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
