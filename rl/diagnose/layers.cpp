/// The gradients of the layers, given what was injected: which line of the backward pass is wrong?
///                                                                               docs/02-backward.md, section 5
/// Every wrong pass is run on the learner's own weights and inputs, and compared with all gradients at once.

#include <fmt/core.h>

#include <algorithm>

#include "rl/diagnose/backward.hpp"
#include "rl/diagnose/hypotheses.hpp"

namespace rl {
namespace {

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

bool not_finite(const Gradients& got, Diagnosis& diagnosis) {
  for (std::size_t a = 0; a < got.arrays.size(); ++a)
    for (std::size_t i = 0; i < got.arrays[a].size(); ++i)
      if (const double x = got.arrays[a][i].value; !std::isfinite(x)) {
        diagnosis.findings.push_back({"layers", {"not-finite"}, {fmt::format("{} is {}", got.entry(a, i), x)}});
        return true;
      }
  return false;
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
  const Gradients got = gradients_of_the_learner(net), right = backward(net, f, right_pass, net.W);
  const Grid numbers = got.grid();
  const double rounding = net.rounding * std::sqrt(static_cast<double>(net.x.rows + net.x.cols));
  if (not_finite(got, diagnosis)) return diagnosis;
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
  for (const Pass& pass : wrong_passes()) {
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
  finding.evidence.push_back(fmt::format("no known mistake has these numbers; {}: got {:.6g}, expected {:.6g}",
                                         got.entry(m.row, m.col), got.arrays[m.row][m.col].value,
                                         right.arrays[m.row][m.col].value));
  add(std::move(finding));
  return diagnosis;
}

Diagnosis judge_either_way(const LearnerNet& net) {
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

}  // namespace

Diagnosis diagnose(const LearnerNet& net) {
  Diagnosis as_printed = judge_either_way(net);
  if (as_printed.findings.empty() || net.other_readings.empty()) return as_printed;
  Diagnosis as_rounded = judge_either_way(net.other_readings.front());
  const bool sure = std::ranges::none_of(as_printed.findings, [](const Finding& f) {  // no free number in it
    return f.names.empty() || f.names.front() == "weights-moved-too-early" ||
           f.names.front() == "layers-scaled-differently";
  });
  const bool explained = as_rounded.verdict() != "wrong, cause unknown";
  return as_rounded.findings.empty() || (explained && !sure) ? as_rounded : as_printed;
}

}  // namespace rl
