/// The arithmetic of a learner's network: forwards, backwards, and its gradients side by side.

#include "rl/diagnose/backward.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace rl {
namespace {

/// m W^T, rows x outputs; m W if not transposed.
Grid times(const Grid& m, const Grid& W, bool transposed) {
  Grid result(m.rows, transposed ? W.rows : W.cols);
  for (std::size_t r = 0; r < m.rows; ++r)
    for (std::size_t c = 0; c < result.cols; ++c)
      for (std::size_t i = 0; i < m.cols; ++i) result(r, c) += m(r, i) * (transposed ? W(c, i) : W(i, c));
  return result;
}

}  // namespace

Forward forward(const LearnerNet& net) {
  Forward f;
  f.h.push_back(net.x);
  for (std::size_t l = 0; l < net.W.size(); ++l) {
    f.u.push_back(times(f.h.back(), net.W[l], true));
    for (std::size_t r = 0; r < f.u[l].rows; ++r)
      for (std::size_t o = 0; o < f.u[l].cols && !net.b[l].empty(); ++o) f.u[l](r, o) += net.b[l][o];
    f.h.push_back(f.u[l]);
    if (l + 1 < net.W.size())
      for (Number& x : f.h.back().cells) x = activate(net.activation, x);
    if (l + 1 < net.W.size() && !net.mask[l].empty())
      for (std::size_t i = 0; i < f.h.back().cells.size(); ++i)
        f.h.back().cells[i] = f.h.back().cells[i] * net.mask[l].cells[i];
  }
  return f;
}

void accumulate(const Grid& delta, const Grid& h, Grid& dW, Series& db, std::size_t first,
                std::optional<std::size_t> input) {
  for (std::size_t r = first; r < delta.rows; ++r)
    for (std::size_t o = 0; o < delta.cols; ++o) {
      db[o] += delta(r, o);
      for (std::size_t i = 0; i < h.cols; ++i) dW(o, i) += delta(r, o) * h(input.value_or(r), i);
    }
}
Number right_derivative(const std::string& activation, Number u, Number h) {
  return derivative(activation, u, h);
}
void right_gradient(const Grid& delta, const Forward& f, std::size_t layer, Grid& dW, Series& db) {
  accumulate(delta, f.h[layer], dW, db);
}

void Gradients::add(std::string name, Series numbers, std::size_t width) {
  names.push_back(std::move(name)), arrays.push_back(std::move(numbers)), widths.push_back(width);
}
std::string Gradients::entry(std::size_t a, std::size_t i) const {
  return fmt::format("{}[{}][{}]", names[a], i / widths[a], i % widths[a]);
}
Grid Gradients::grid() const {
  std::size_t longest = 0;
  for (const Series& a : arrays) longest = std::max(longest, a.size());
  Grid result(arrays.size(), longest);
  for (std::size_t r = 0; r < arrays.size(); ++r)
    std::ranges::copy(arrays[r], result.cells.begin() + static_cast<std::ptrdiff_t>(r * longest));
  return result;
}

bool clones(const LearnerNet& net, std::size_t l) {
  const Grid &in = net.W[l], &out = net.W[l + 1];
  if (in.rows < 2) return false;
  for (std::size_t o = 1; o < in.rows; ++o) {
    for (std::size_t i = 0; i < in.cols; ++i)
      if (in(o, i).value != in(0, i).value) return false;
    for (std::size_t k = 0; k < out.rows; ++k)
      if (out(k, o).value != out(k, 0).value) return false;
    if (!net.b[l].empty() && net.b[l][o].value != net.b[l][0].value) return false;
  }
  return true;
}

Gradients gradients_of_the_learner(const LearnerNet& net) {
  Gradients g;
  for (std::size_t l = 0; l < net.W.size(); ++l) {
    if (!net.dW[l].empty()) g.add(fmt::format("dW{}", l), net.dW[l].cells, net.dW[l].cols);
    if (!net.db[l].empty()) g.add(fmt::format("db{}", l), net.db[l], net.db[l].size());
  }
  return g;
}

namespace {

/// delta behind layer l becomes that of the sums in front of it.
void through_the_activation(const LearnerNet& net, const Forward& f, const Pass& pass, std::size_t l, Grid& delta) {
  const bool masked = !net.mask[l - 1].empty();
  const bool below = pass.derivative_of_the_layer_below && f.h[l - 1].cols == f.h[l].cols;
  for (std::size_t i = 0; i < delta.cells.size(); ++i) {
    const Number u = f.u[l - 1].cells[i], h = masked ? activate(net.activation, u) : f.h[l].cells[i];
    Number& x = delta.cells[i];
    if (masked && !pass.mask_forgotten) x = x * net.mask[l - 1].cells[i];
    x = x * (below ? derivative(net.activation, l > 1 ? f.u[l - 2].cells[i] : f.h[0].cells[i], f.h[l - 1].cells[i])
                   : pass.derivative_of(net.activation, u, h));
    if (std::abs(x.value) > pass.bound) x = x.value > 0 ? pass.bound : -pass.bound;
  }
}

}  // namespace

Gradients backward(const LearnerNet& net, const Forward& f, const Pass& pass, const std::vector<Grid>& W) {
  std::vector<Grid> dW(W.size());
  std::vector<Series> db(W.size());
  Grid delta = net.dout;
  if (pass.at_the_output) pass.at_the_output(net.activation, f.h.back(), delta);
  for (std::size_t l = W.size(); l-- > 0;) {
    dW[l] = Grid(W[l].rows, W[l].cols), db[l] = Series(W[l].rows);
    pass.gradient(delta, f, l, dW[l], db[l]);
    if (l == 0) break;
    const bool below = pass.W_of_the_layer_below && W[l - 1].rows == W[l].rows && W[l - 1].cols == W[l].cols;
    delta = times(delta, W[below ? l - 1 : l], pass.W_as_it_is && W[l].rows == W[l].cols);
    through_the_activation(net, f, pass, l, delta);
  }
  Gradients g;
  for (std::size_t l = 0; l < W.size(); ++l) {
    if (!net.dW[l].empty()) g.add(fmt::format("dW{}", l), dW[l].cells, dW[l].cols);
    if (!net.db[l].empty()) g.add(fmt::format("db{}", l), db[l], db[l].size());
  }
  return g;
}

}  // namespace rl
