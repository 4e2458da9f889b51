/// The gradients of the layers, given what was injected: which line of the backward pass is wrong?
///                                                         docs/00-the-question.md, section 5
/// Every known mistake is a whole backward pass with one line changed. Each is run on the learner's own weights and
/// inputs, and compared with all gradients at once.

#include <fmt/core.h>

#include <algorithm>

#include "rl/diagnose_hypotheses.hpp"

namespace rl {
namespace {

/// One sample per row. h[0] is x, u[l] the sums of layer l, h[l + 1] what its activation makes of them.
struct Forward {
  std::vector<Grid> u, h;
};

Number tanh(Number x) {
  const double y = std::tanh(x.value);
  return rounded(y, (1 - y * y + 2 * x.error) * x.error);
}
Number sigmoid(Number x) {
  return 1 / (1 + exp(-x));
}

Number activate(const std::string& name, Number u) {
  if (name == "tanh") return tanh(u);
  if (name == "sigmoid") return sigmoid(u);
  if (name == "relu") return u.value > 0 ? u : Number(0, std::max(0., u.value + u.error));
  return u;
}
/// The derivative, written in terms of the output h.
Number slope(const std::string& name, Number h) {
  if (name == "tanh") return 1 - h * h;
  if (name == "sigmoid") return h * (1 - h);
  if (name != "relu") return 1;
  if (std::abs(h.value) < h.error) return {0.5, 0.5};  // at the kink, as far as the digits tell
  return h.value > 0 ? 1 : 0;
}

/// m W^T, rows x outputs; m W if not transposed.
Grid times(const Grid& m, const Grid& W, bool transposed) {
  Grid result(m.rows, transposed ? W.rows : W.cols);
  for (std::size_t r = 0; r < m.rows; ++r)
    for (std::size_t c = 0; c < result.cols; ++c)
      for (std::size_t i = 0; i < m.cols; ++i) result(r, c) += m(r, i) * (transposed ? W(c, i) : W(i, c));
  return result;
}

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
  }
  return f;
}

/// dW += delta^T h, db += delta over the rows from `first` on; row r meets the input of row input(r).
template <class Input>
void accumulate(const Grid& delta, const Grid& h, Grid& dW, Series& db, std::size_t first, Input input) {
  for (std::size_t r = first; r < delta.rows; ++r)
    for (std::size_t o = 0; o < delta.cols; ++o) {
      db[o] += delta(r, o);
      for (std::size_t i = 0; i < h.cols; ++i) dW(o, i) += delta(r, o) * h(input(r), i);
    }
}
std::size_t same_row(std::size_t r) {
  return r;
}
Number right_slope(const std::string& activation, Number, Number h) {
  return slope(activation, h);
}
void right_gradient(const Grid& delta, const Forward& f, std::size_t l, Grid& dW, Series& db) {
  accumulate(delta, f.h[l], dW, db, 0, same_row);
}

/// A backward pass: the factor of the activation, W transposed, the gradient of one layer, and what happens to delta
/// at the output before all that. A mistake changes one of the four.
struct Pass {
  std::string_view name, formula;
  Number (*slope_of)(const std::string& activation, Number u, Number h) = right_slope;
  bool W_as_it_is = false;  // square layers only
  void (*gradient)(const Grid& delta, const Forward& f, std::size_t layer, Grid& dW, Series& db) = right_gradient;
  void (*at_the_output)(const std::string& activation, const Grid& outputs, Grid& delta) = nullptr;
};
constexpr Pass right_pass{.name = "", .formula = ""};

constexpr Pass passes[] = {
    {.name = "hidden-derivative-missing",
     .formula = "no factor of the activation",
     .slope_of = [](const std::string&, Number, Number) { return Number(1); }},
    {.name = "relu-always-open",
     .formula = "relu' = 1 wherever the output is >= 0, which is everywhere",
     .slope_of = [](const std::string& a, Number, Number) { return a == "relu" ? Number(1) : impossible; }},
    {.name = "derivative-at-the-activation",
     .formula = "the derivative taken at the output instead of at the sum",
     .slope_of = [](const std::string& a, Number, Number h) { return slope(a, activate(a, h)); }},
    {.name = "derivative-fed-the-sum",
     .formula = "the formula that wants the output, fed the sum",
     .slope_of = [](const std::string& a, Number u, Number) { return slope(a, u); }},
    {.name = "derivative-of-another-function",
     .formula = "h (1 - h), the derivative of the sigmoid",
     .slope_of = [](const std::string&, Number, Number h) { return h * (1 - h); }},
    {.name = "derivative-of-another-function",
     .formula = "1 - h^2, the derivative of tanh",
     .slope_of = [](const std::string&, Number, Number h) { return 1 - h * h; }},
    {.name = "derivative-of-another-function",
     .formula = "1 where h > 0, the derivative of relu",
     .slope_of = [](const std::string&, Number, Number h) { return slope("relu", h); }},
    {.name = "derivative-twice",
     .formula = "the factor of the activation, squared",
     .slope_of = [](const std::string& a, Number, Number h) { return slope(a, h) * slope(a, h); }},
    {.name = "activation-for-its-derivative",
     .formula = "the output of the activation where its derivative belongs",
     .slope_of = [](const std::string&, Number, Number h) { return h; }},
    {.name = "divided-by-the-derivative",
     .formula = "a division by the derivative",
     .slope_of = [](const std::string& a, Number, Number h) { return 1 / slope(a, h); }},
    {.name = "weights-not-transposed", .formula = "W where its transpose belongs", .W_as_it_is = true},
    {.name = "outer-product-transposed",
     .formula = "the outer product of a square layer the wrong way round",
     .gradient =
         [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW, Series& db) {
           right_gradient(delta, f, l, dW, db);
           for (std::size_t o = 0; dW.rows == dW.cols && o < dW.rows; ++o)
             for (std::size_t i = 0; i < o; ++i) std::swap(dW(o, i), dW(i, o));
         }},
    {.name = "bias-gradient-forgotten",
     .formula = "db = 0",
     .gradient =
         [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW, Series& db) {
           right_gradient(delta, f, l, dW, db);
           std::ranges::fill(db, Number(0));
         }},
    {.name = "bias-gradient-times-input",
     .formula = "db = delta times the layer's first input",
     .gradient =
         [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW, Series& db) {
           right_gradient(delta, f, l, dW, db);
           for (std::size_t o = 0; o < db.size(); ++o) db[o] = dW(o, 0);
         }},
    {.name = "bias-gradient-times-output",
     .formula = "db = delta times the layer's output",
     .gradient =
         [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW, Series& db) {
           right_gradient(delta, f, l, dW, db);
           for (std::size_t o = 0; o < db.size(); ++o) {
             db[o] = 0;
             for (std::size_t r = 0; r < delta.rows; ++r) db[o] += delta(r, o) * f.h[l + 1](r, o);
           }
         }},
    {.name = "last-state-for-all",
     .formula = "every delta times the layer's input of the last sample",
     .gradient = [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW,
                    Series& db) { accumulate(delta, f.h[l], dW, db, 0, [&](std::size_t) { return delta.rows - 1; }); }},
    {.name = "gradient-overwritten",
     .formula = "the gradient of the last sample alone",
     .gradient = [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW,
                    Series& db) { accumulate(delta, f.h[l], dW, db, delta.rows - 1, same_row); }},
    {.name = "sums-for-outputs",
     .formula = "delta times the sums of the layer below, before their activation",
     .gradient = [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW,
                    Series& db) { accumulate(delta, l > 0 ? f.u[l - 1] : f.h[0], dW, db, 0, same_row); }},
    {.name = "hidden-layers-frozen",
     .formula = "0 in every layer but the last",
     .gradient =
         [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW, Series& db) {
           if (l + 2 == f.h.size()) right_gradient(delta, f, l, dW, db);
         }},
    {.name = "last-layer-frozen",
     .formula = "0 in the last layer",
     .gradient =
         [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW, Series& db) {
           if (l + 2 < f.h.size()) right_gradient(delta, f, l, dW, db);
         }},
    {.name = "derivative-at-the-output",
     .formula = "the hidden activation's derivative applied to what was injected",
     .at_the_output =
         [](const std::string& a, const Grid& outputs, Grid& delta) {
           for (std::size_t i = 0; i < delta.cells.size(); ++i)
             delta.cells[i] = delta.cells[i] * slope(a, activate(a, outputs.cells[i]));
         }},
    {.name = "derivative-at-the-output",
     .formula = "the hidden activation's formula for outputs, applied to what was injected",
     .at_the_output =
         [](const std::string& a, const Grid& outputs, Grid& delta) {
           for (std::size_t i = 0; i < delta.cells.size(); ++i)
             delta.cells[i] = delta.cells[i] * slope(a, outputs.cells[i]);
         }},
    {.name = "softmax-derivative-at-the-output",
     .formula = "p (1 - p) applied to what was injected",
     .at_the_output =
         [](const std::string&, const Grid& outputs, Grid& delta) {
           for (std::size_t r = 0; r < delta.rows; ++r) {
             double highest = -HUGE_VAL;
             for (std::size_t k = 0; k < delta.cols; ++k) highest = std::max(highest, outputs(r, k).value);
             Number total;
             for (std::size_t k = 0; k < delta.cols; ++k) total += exp(outputs(r, k) - highest);
             for (std::size_t k = 0; k < delta.cols; ++k) {
               const Number p = exp(outputs(r, k) - highest) / total;
               delta(r, k) = delta(r, k) * p * (1 - p);
             }
           }
         }},
};

/// One array a row, filled up with zeros: dW and db of every layer that the learner has.
struct Gradients {
  std::vector<std::string> names;
  std::vector<Series> arrays;
  std::vector<std::size_t> widths;  // numbers in a row of the array, to name an entry
  void add(std::string name, Series numbers, std::size_t width) {
    names.push_back(std::move(name)), arrays.push_back(std::move(numbers)), widths.push_back(width);
  }
  Grid grid() const {
    std::size_t longest = 0;
    for (const Series& a : arrays) longest = std::max(longest, a.size());
    Grid result(arrays.size(), longest);
    for (std::size_t r = 0; r < arrays.size(); ++r)
      std::ranges::copy(arrays[r], result.cells.begin() + static_cast<std::ptrdiff_t>(r * longest));
    return result;
  }
};

Gradients of_the_learner(const LearnerNet& net) {
  Gradients g;
  for (std::size_t l = 0; l < net.W.size(); ++l) {
    if (!net.dW[l].empty()) g.add(fmt::format("dW{}", l), net.dW[l].cells, net.dW[l].cols);
    if (!net.db[l].empty()) g.add(fmt::format("db{}", l), net.db[l], net.db[l].size());
  }
  return g;
}

/// `W` may differ from the net's: it is what delta passes through.
Gradients backward(const LearnerNet& net, const Forward& f, const Pass& pass, const std::vector<Grid>& W) {
  std::vector<Grid> dW(W.size());
  std::vector<Series> db(W.size());
  Grid delta = net.dout;
  if (pass.at_the_output) pass.at_the_output(net.activation, f.h.back(), delta);
  for (std::size_t l = W.size(); l-- > 0;) {
    dW[l] = Grid(W[l].rows, W[l].cols), db[l] = Series(W[l].rows);
    pass.gradient(delta, f, l, dW[l], db[l]);
    if (l == 0) break;
    delta = times(delta, W[l], pass.W_as_it_is && W[l].rows == W[l].cols);
    for (std::size_t i = 0; i < delta.cells.size(); ++i)
      delta.cells[i] = delta.cells[i] * pass.slope_of(net.activation, f.u[l - 1].cells[i], f.h[l].cells[i]);
  }
  Gradients g;
  for (std::size_t l = 0; l < W.size(); ++l) {
    if (!net.dW[l].empty()) g.add(fmt::format("dW{}", l), dW[l].cells, dW[l].cols);
    if (!net.db[l].empty()) g.add(fmt::format("db{}", l), db[l], db[l].size());
  }
  return g;
}

/// Units of a hidden layer that see, and are seen, alike stay alike for ever.
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

/// Array by array against the right ones, each with a constant of its own.
struct ByArray {
  std::string right, wrong;
  bool all_right = true;
};
ByArray by_array(const Gradients& got, const Gradients& right, double rounding) {
  ByArray result;
  for (std::size_t a = 0; a < got.arrays.size(); ++a) {
    const Match m = match(got.arrays[a], right.arrays[a], rounding);
    std::string& list = m.agrees ? result.right : result.wrong;
    result.all_right &= m.agrees;
    list += (list.empty() ? "" : ", ") + got.names[a];
    if (m.agrees && std::abs(m.c.value - 1) > m.c.error + 1e-9) list += fmt::format(" (times {:.6g})", m.c.value);
  }
  return result;
}

/// The layers below went through weights that had already moved by eta dW.
bool moved_too_early(const LearnerNet& net, const Forward& f, const Gradients& got, double rounding,
                     Diagnosis& diagnosis) {
  const std::size_t last = net.W.size() - 1;
  if (last == 0 || net.dW[last].empty() || net.dW[last - 1].empty()) return false;
  std::vector<Grid> moved = net.W;
  moved[last] = net.dW[last];
  const auto find = [&](const Gradients& g) {
    const auto at = std::ranges::find(g.names, fmt::format("dW{}", last - 1)) - g.names.begin();
    return column(g.arrays[static_cast<std::size_t>(at)]);
  };
  const Match2 m =
      match2(find(got), find(backward(net, f, right_pass, net.W)), find(backward(net, f, right_pass, moved)), rounding);
  if (!m.agrees || m.vague || m.c == 0) return false;
  diagnosis.findings.push_back(
      {"layers",
       {"weights-moved-too-early"},
       {fmt::format("dW{} is what W{} + {:.3g} dW{} gives instead of W{}", last - 1, last, m.e / m.c, last, last)}});
  return true;
}

Diagnosis judge(const LearnerNet& net) {
  Diagnosis diagnosis;
  std::string sizes = std::to_string(net.W[0].cols);
  for (const Grid& W : net.W) sizes += fmt::format("-{}", W.rows);
  diagnosis.facts.push_back(fmt::format("a {} net, {}, {} samples", sizes, net.activation, net.x.rows));
  for (const std::string& remark : net.remarks) diagnosis.facts.push_back(remark);
  for (std::size_t l = 0; l + 1 < net.W.size(); ++l)
    if (clones(net, l))
      diagnosis.findings.push_back(
          {"weights",
           {"weights-start-equal"},
           {fmt::format("all {} units of layer {} have the same weights, in and out", net.W[l].rows, l)}});

  const Forward f = forward(net);
  const Gradients got = of_the_learner(net), right = backward(net, f, right_pass, net.W);
  const Grid numbers = got.grid();
  const double rounding = net.rounding * std::sqrt(static_cast<double>(net.x.rows + net.x.cols));
  for (std::size_t a = 0; a < got.arrays.size(); ++a)
    for (std::size_t i = 0; i < got.arrays[a].size(); ++i)
      if (!std::isfinite(got.arrays[a][i].value)) {
        diagnosis.findings.push_back({"layers",
                                      {"not-finite"},
                                      {fmt::format("{}[{}][{}] is {}", got.names[a], i / got.widths[a],
                                                   i % got.widths[a], got.arrays[a][i].value)}});
        return diagnosis;
      }
  const bool zero = std::ranges::all_of(numbers.cells, [](Number x) { return x.value == 0; });
  const bool injected = std::ranges::any_of(net.dout.cells, [](Number x) { return x.value != 0; });
  if (const Match m = match(numbers, right.grid(), rounding); m.agrees && !(zero && injected && !m.vague)) {
    diagnosis.facts.push_back("layers: every gradient is right");
    if (std::abs(m.c.value - 1) > m.c.error + 1e-9)
      diagnosis.facts.push_back(fmt::format(
          "constant in front of all: {:.6g}{}", m.c.value,
          std::abs(m.c.value - 2) < 1e-6 ? "; was backward called twice without setting the gradients to zero?" : ""));
    return diagnosis;
  }
  if (zero) {
    diagnosis.findings.push_back({"layers", {"all-zero"}, {"every gradient is 0, and what was injected is not"}});
    return diagnosis;
  }
  const ByArray parts = by_array(got, right, rounding);
  const auto add = [&](Finding finding) {
    if (!parts.right.empty()) finding.evidence.push_back("right: " + parts.right);
    if (!parts.wrong.empty()) finding.evidence.push_back("not right: " + parts.wrong);
    diagnosis.findings.push_back(std::move(finding));
  };
  Finding finding{"layers", {}, {}};
  for (const Pass& pass : passes) {
    const Match m = match(numbers, backward(net, f, pass, net.W).grid(), rounding);
    if (!m.agrees || m.vague || std::ranges::count(finding.names, pass.name)) continue;
    if (finding.names.empty())
      finding.evidence.push_back(fmt::format("all gradients are those of a backward pass with {}", pass.formula));
    finding.names.push_back(pass.name);
  }
  if (!finding.names.empty()) return add(std::move(finding)), diagnosis;
  if (parts.all_right)
    return add({"layers", {"layers-scaled-differently"}, {"each array is right but for a constant of its own"}}),
           diagnosis;
  if (moved_too_early(net, f, got, rounding, diagnosis)) return diagnosis;
  const Match m = match(numbers, right.grid(), rounding, Scale::one);
  const std::size_t width = got.widths[m.row];
  finding.evidence.push_back(fmt::format("no known mistake has these numbers; {}[{}][{}]: got {:.6g}, expected {:.6g}",
                                         got.names[m.row], m.col / width, m.col % width, got.arrays[m.row][m.col].value,
                                         right.arrays[m.row][m.col].value));
  add(std::move(finding));
  return diagnosis;
}

}  // namespace

Diagnosis diagnose(const LearnerNet& net) {
  Diagnosis as_written = judge(net);
  if (!net.either_way || as_written.findings.empty()) return as_written;
  LearnerNet other = net;
  for (auto* matrices : {&other.W, &other.dW})
    for (Grid& m : *matrices) m = turned(m);
  other.remarks.push_back("W is inputs x outputs");
  Diagnosis turned_round = judge(other);
  return turned_round.verdict() == "correct" || as_written.verdict() == "wrong, cause unknown" ? turned_round
                                                                                               : as_written;
}

}  // namespace rl
