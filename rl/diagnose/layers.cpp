/// The gradients of the layers: which line of the backward pass is wrong?        docs/02-backward.md, section 5
/// Every wrong pass is run on the learner's own weights and inputs, and compared with all gradients at once.

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "rl/diagnose/by_array.hpp"
#include "rl/diagnose/hypotheses.hpp"

namespace rl {
namespace {

constexpr std::string_view a_mask_would_decide =
    "right only if dropout was at work; its masks as files mask0, mask1, ... would decide, and without dropout these "
    "gradients are wrong";

/// The questions, from top to bottom; the first that has an answer ends it.
class Layers {
 public:
  Layers(const LearnerNet& net, Diagnosis& diagnosis)
      : net_(net),
        diagnosis_(diagnosis),
        f_(forward(net)),
        got_(gradients_of_the_learner(net)),
        right_(backward(net, f_, right_pass, net.W)),
        numbers_(got_.grid()),
        rounding_(net.rounding * std::sqrt(static_cast<double>(net.x.rows + net.x.cols))),
        parts_(by_array(got_, right_, rounding_)) {}

  void explain() {
    if (not_finite(got_, diagnosis_)) return;
    for (const auto question : {&Layers::right, &Layers::zero, &Layers::one_line_changed, &Layers::scaled_differently,
                                &Layers::weight_decay, &Layers::moved_too_early, &Layers::dropout})
      if ((this->*question)()) return;
    const Match m = match(numbers_, right_.grid(), rounding_, Scale::one);
    add({"layers",
         {},
         {fmt::format("no known mistake has these numbers; {}: got {:.6g}, expected {:.6g}", got_.entry(m.row, m.col),
                      got_.arrays[m.row][m.col].value, right_.arrays[m.row][m.col].value)}});
  }

 private:
  bool nothing_there() const {
    return std::ranges::all_of(numbers_.cells, [](Number x) { return x.value == 0; });
  }
  double evidence_of(const Match& m) const {
    const bool known = std::ranges::any_of(std::array{1., 1. / static_cast<double>(net_.x.rows), 2.}, [&](double c) {
      return std::abs(std::abs(m.c.value) - c) <= m.c.error + 1e-9 * c;
    });
    return m.digits - (known ? known_constant_digits : m.best);
  }
  void add(Finding finding) {
    if (!parts_.right.empty()) finding.evidence.push_back("right: " + parts_.right);
    if (!parts_.wrong.empty()) finding.evidence.push_back("not right: " + parts_.wrong);
    if (!parts_.vague.empty()) finding.evidence.push_back("too few digits to say: " + parts_.vague);
    diagnosis_.findings.push_back(std::move(finding));
  }

  bool right() {
    const Match m = match(numbers_, right_.grid(), rounding_);
    const bool injected = std::ranges::any_of(net_.dout.cells, [](Number x) { return x.value != 0; });
    if (!m.agrees || (nothing_there() && injected && !m.vague)) return false;
    diagnosis_.facts.push_back("layers: every gradient is right");
    diagnosis_.facts.push_back("right: " + parts_.right);
    if (!parts_.vague.empty()) diagnosis_.facts.push_back("too few digits to say: " + parts_.vague);
    if (std::abs(m.c.value - 1) > m.c.error + 1e-9)
      diagnosis_.facts.push_back(fmt::format(
          "constant in front of all: {:.6g}{}", m.c.value,
          std::abs(m.c.value - 2) < 1e-6 ? "; was backward called twice without setting the gradients to zero?" : ""));
    if (const std::string_view rival = another_that_agrees(m); !rival.empty())
      diagnosis_.output_open =
          fmt::format("these digits do not tell the right gradients from {}; print more of them", rival);
    else if (!parts_.vague.empty())
      diagnosis_.output_open = fmt::format("too few digits in {}", parts_.vague);
    else if (m.vague || evidence_of(m) < enough_digits)
      diagnosis_.output_open = "too few numbers and digits; they fit the right gradients, and would fit others";
    return true;
  }
  /// A wrong pass with other numbers, that agrees as well.
  std::string_view another_that_agrees(const Match& right) const {
    const Grid expected = right_.grid();
    for (const Pass& pass : catalogue().formulas.passes) {
      const Grid other = backward(net_, f_, pass, net_.W).grid();
      const Match m = match(numbers_, other, rounding_);
      if (!m.agrees || std::abs(m.c.value - right.c.value) > 1e-3 * std::abs(right.c.value)) continue;
      for (std::size_t i = 0; i < other.cells.size(); ++i)
        if (std::abs((m.c * other.cells[i] - right.c * expected.cells[i]).value) >
            1e-9 * std::abs(numbers_.cells[i].value))
          return pass.name;
    }
    return {};
  }

  bool zero() {
    if (!nothing_there()) return false;
    add({"layers", {"all-zero"}, {"every gradient is 0, and what was injected is not"}});
    return true;
  }

  bool one_line_changed() {
    Finding finding{"layers", {}, {}};
    for (const Pass& pass : catalogue().formulas.passes) {
      const Match m = match(numbers_, backward(net_, f_, pass, net_.W).grid(), rounding_);
      if (!m.agrees || m.vague || evidence_of(m) < enough_digits || std::ranges::count(finding.names, pass.name))
        continue;
      if (finding.names.empty())
        finding.evidence.push_back(fmt::format("all gradients are those of a backward pass with {}", pass.formula));
      finding.names.push_back(pass.name);
    }
    if (finding.names.empty()) return false;
    add(std::move(finding));
    return true;
  }

  bool scaled_differently() {
    if (!parts_.all_right || masks_could_explain(net_, f_, got_, right_, rounding_)) return false;
    if (parts_.vague.empty())
      add({"layers", {"layers-scaled-differently"}, {"each array is right but for a constant of its own"}});
    else
      diagnosis_.output_open = fmt::format("too few digits in {}", parts_.vague);
    return true;
  }

  /// Beside the right gradient, lambda times the weights. Which sign is right depends on who goes down or up.
  bool weight_decay() {
    Gradients weights;
    for (std::size_t l = 0; l < net_.W.size(); ++l) {
      if (!net_.dW[l].empty()) weights.add("", net_.W[l].cells, net_.W[l].cols);
      if (!net_.db[l].empty()) weights.add("", Series(net_.db[l].size()), net_.db[l].size());
    }
    const Match2 m = match2(numbers_, right_.grid(), weights.grid(), rounding_);
    if (!m.agrees || m.vague || m.c == 0 || m.evidence < enough_digits) return false;
    const double lambda = m.e / m.c;
    if (std::abs(lambda) < 1e-9 || std::abs(lambda) > 10) return false;
    const std::string seen = fmt::format("every gradient is the right one, {} {:.4g} times the weights",
                                         lambda < 0 ? "minus" : "plus", std::abs(lambda));
    const char* shrinks = lambda > 0 ? "descent" : "ascent";
    if (!net_.sign)
      diagnosis_.output_open = fmt::format(
          "{}: a weight decay that shrinks them in {} only; '# sign: ascent' or "
          "'# sign: descent' in a file would decide",
          seen, shrinks);
    else if (*net_.sign * lambda > 0)
      add({"layers", {"weight-decay-sign"}, {seen + "; they shrink only in " + shrinks}});
    else
      diagnosis_.facts.push_back("layers: " + seen + ", which shrinks them");
    return true;
  }

  /// The layers below went through weights that had already moved by a step times their gradient. The step is read off
  /// the layer below the last; every other number must agree.
  bool moved_too_early() {
    const std::size_t last = net_.W.size() - 1;
    if (last == 0 || net_.dW[last].empty() || net_.dW[last - 1].empty()) return false;
    std::vector<Grid> moved = net_.W;
    moved[last] = net_.dW[last];
    const auto below = [&](const Gradients& g) {
      const auto at = std::ranges::find(g.names, fmt::format("dW{}", last - 1)) - g.names.begin();
      return column(g.arrays[static_cast<std::size_t>(at)]);
    };
    const Match2 m = match2(below(got_), below(right_), below(backward(net_, f_, right_pass, moved)), rounding_);
    if (!m.agrees || m.vague || m.c == 0) return false;
    const double step = m.e / m.c;
    if (std::abs(step) < 1e-6 || std::abs(step) > 10) return false;  // no program has such a step
    moved = net_.W;
    for (std::size_t l = 0; l <= last; ++l)
      for (std::size_t i = 0; i < moved[l].cells.size() && !net_.dW[l].empty(); ++i)
        moved[l].cells[i] += Number(step, 4 * m.step_error) * net_.dW[l].cells[i];
    const Match all = match(numbers_, backward(net_, f_, right_pass, moved).grid(), rounding_);
    if (!all.agrees || evidence_of(all) - all.best < enough_digits) return false;
    add({"layers",
         {"weights-moved-too-early"},
         {fmt::format("all gradients are right for weights that had moved by {:.3g} times their own gradient", step)}});
    return true;
  }

  /// A mask that is not in the folder could explain what is left: nobody is accused, and nobody acquitted.
  bool dropout() {
    if (!masks_could_explain(net_, f_, got_, right_, rounding_)) return false;
    if (!parts_.right.empty()) diagnosis_.facts.push_back("layers: right: " + parts_.right);
    diagnosis_.facts.push_back("layers: not right without dropout: " + parts_.wrong);
    diagnosis_.output_open = a_mask_would_decide;
    return true;
  }

  const LearnerNet& net_;
  Diagnosis& diagnosis_;
  const Forward f_;
  const Gradients got_, right_;
  const Grid numbers_;
  const double rounding_;
  const ByArray parts_;
};

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
  Layers(net, diagnosis).explain();
  return diagnosis;
}

/// Nothing that is known, unless a mask is missing.
bool unexplained(const Diagnosis& d) {
  return d.verdict() == "wrong, cause unknown" || d.output_open == a_mask_would_decide;
}

Diagnosis judge_either_way(const LearnerNet& net) {
  Diagnosis as_written = judge(net);
  if (!net.either_way || (as_written.findings.empty() && !unexplained(as_written))) return as_written;
  LearnerNet other = net;
  for (auto* matrices : {&other.W, &other.dW})
    for (Grid& m : *matrices) m = turned(m);
  other.remarks.push_back("W is inputs x outputs");
  Diagnosis turned_round = judge(other);
  const bool better = unexplained(as_written) ? !as_written.findings.empty() || !unexplained(turned_round)
                                              : turned_round.findings.empty() && !unexplained(turned_round);
  return better ? turned_round : as_written;
}

}  // namespace

Diagnosis diagnose(const LearnerNet& net) {
  Diagnosis as_printed = judge_either_way(net);
  if (net.other_readings.empty() || (as_printed.findings.empty() && !unexplained(as_printed))) return as_printed;
  Diagnosis as_rounded = judge_either_way(net.other_readings.front());
  const bool sure = !unexplained(as_printed) && std::ranges::none_of(as_printed.findings, [](const Finding& f) {
    return f.names.empty() || f.names.front() == "weights-moved-too-early" ||  // a free number in it
           f.names.front() == "layers-scaled-differently";
  });
  const bool acquitted = as_rounded.findings.empty();
  const bool better = unexplained(as_rounded) ? unexplained(as_printed) && acquitted : acquitted || !sure;
  return better ? as_rounded : as_printed;
}

}  // namespace rl
