#include "rl/diagnose/diagnose.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>

#include "rl/diagnose/catalogue.hpp"
#include "rl/diagnose/hypotheses.hpp"

namespace rl {
namespace {

/// Constants that stand in front for a reason.
struct Known {
  double value;
  std::string words;
};
std::vector<Known> known_constants(const Samples& s) {
  const double T = static_cast<double>(s.steps), N = static_cast<double>(s.episodes.size()),
               K = static_cast<double>(s.outputs);
  std::vector<Known> known{{1, "1"}, {1 / T, fmt::format("1/{}, the mean over the steps", s.steps)}};
  if (s.episodes_known) known.push_back({1 / N, fmt::format("1/{}, the mean over the episodes", s.episodes.size())});
  known.insert(known.end(), {{2, "2"},
                             {0.5, "1/2"},
                             {1 / K, fmt::format("1/{}, the mean over the outputs", s.outputs)},
                             {1 / T / K, fmt::format("1/{}, the mean over all numbers", s.steps * s.outputs)}});
  return known;
}

void wrap(std::string& out, std::string_view label, std::string_view text) {
  constexpr std::size_t width = 108;
  for (bool first = true; first || !text.empty(); first = false) {
    std::size_t cut = text.size();
    if (cut > width) cut = std::min(text.rfind(' ', width), width);
    out += fmt::format("  {:<10}{}\n", first ? label : "", text.substr(0, cut));
    text.remove_prefix(std::min(cut + 1, text.size()));
  }
}

void describe(std::string& out, std::string_view name, std::string_view label) {
  const Verdict& v = verdict_named(name);
  wrap(out, label, v.mistake);
  const auto seeds = [](std::string_view figure) {
    return fmt::format("{} of 10)", figure.substr(0, figure.size() - 1));
  };
  if (!v.mutant.empty())
    wrap(out, "hurts",
         fmt::format(
             "CartPole, mean return (seeds that solve it): {} with Adam, {} with plain SGD; without it {} and {}",
             seeds(v.adam), seeds(v.sgd), right_adam, right_sgd));
  wrap(out, "read", v.read);
}

}  // namespace

bool known_constant(const Samples& s, Number c) {
  return std::ranges::any_of(known_constants(s), [&](const Known& k) {
    return std::abs(std::abs(c.value) - k.value) <= std::max(c.error, 1e-9 * k.value);
  });
}

std::string constant_in_words(const Samples& s, Number c) {
  for (const Known& k : known_constants(s))
    if (std::abs(std::abs(c.value) - k.value) <= std::max(c.error, 1e-9 * k.value))
      return (c.value < 0 ? "-" : "") + k.words;
  return fmt::format("{:.6g}", c.value);
}

namespace {

/// No name, or one that a right program could have got by rounding: these have a free number in them, or a tolerance.
bool doubtful(const Finding& f) {
  constexpr std::string_view free[] = {
      "weight-not-the-one-given",      "label-is-another-draw", "entropy-sign-wrong",
      "entropy-gradient-at-the-probs", "entropy-term-missing",  "epsilon-inside-the-log",
      "rare-actions-clipped",          "clipped-action",        "probabilities-do-not-sum-to-one",
      "softmax-over-the-batch"};
  return f.names.empty() || f.fitted ||
         std::ranges::any_of(f.names, [&](auto name) { return std::ranges::count(free, name); });
}

Diagnosis judge(const Samples& s) {
  Diagnosis diagnosis;
  std::string columns;
  if (!s.weight.empty()) columns += ", weights given";
  if (!s.reward.empty()) columns += ", rewards given";
  if (s.episodes_known) columns += fmt::format(", {} episode{}", s.episodes.size(), s.episodes.size() == 1 ? "" : "s");
  diagnosis.facts.push_back(fmt::format("{} step{}, {} {}{}", s.steps, s.steps == 1 ? "" : "s", s.outputs,
                                        s.gaussian ? "numbers in an action" : "actions", columns));
  if (!s.assumption.empty()) diagnosis.facts.push_back("assumed: " + s.assumption);
  const auto listed = [](const std::vector<std::string>& words) {
    std::string names;
    for (const std::string& name : words) names += (names.empty() ? "" : ", ") + name.substr(0, 40);
    return names;
  };
  if (!s.ignored.empty()) diagnosis.facts.push_back("columns not used: " + listed(s.ignored));
  if (!s.unknown.empty())
    diagnosis.facts.push_back("keys not used: " + listed(s.unknown) + "; there are gamma, sign and weights");
  if (explain_numbers(s, diagnosis)) return diagnosis;
  explain_weights(s, explain_output(s, diagnosis), diagnosis);
  if (s.returns_rounded && diagnosis.findings.empty() &&
      diagnosis.output_open.empty())  // it explains; it never acquits
    diagnosis.weights_open = "they fit only if " + s.assumption;
  return diagnosis;
}

}  // namespace

Diagnosis diagnose(const Samples& s) {
  Diagnosis as_printed = judge(s);
  const bool sure = std::ranges::none_of(as_printed.findings, doubtful);
  if (as_printed.verdict() == "correct") return as_printed;
  for (const Samples& other : s.other_readings) {
    Diagnosis as_rounded = judge(other);
    const bool explained = std::ranges::none_of(as_rounded.findings, [](const Finding& f) { return f.names.empty(); });
    // What was seen for sure gives way only to what all digits say, and then only to an acquittal.
    const bool all_digits = other.all_rounded && !other.returns_rounded;
    const bool acquitted = as_rounded.verdict() == "correct";
    const bool named = all_digits && explained && !as_rounded.findings.empty();
    const bool better = as_printed.findings.empty() ? acquitted || named : sure ? all_digits && acquitted : explained;
    if (better && as_rounded.verdict() != as_printed.verdict()) return as_rounded;  // else nothing had to be assumed
  }
  return as_printed;
}

std::string Diagnosis::verdict() const {
  if (findings.empty() && !output_open.empty()) return "cannot tell: " + output_open;
  if (findings.empty() && !weights_open.empty())
    return fmt::format("the output is correct; the weights cannot be judged ({})", weights_open);
  if (findings.empty()) return "correct";
  std::string text;
  bool unknown = false;
  for (const Finding& f : findings) {
    unknown |= f.names.empty();
    if (f.names.empty()) continue;
    text += text.empty() ? "" : ", and ";
    for (std::size_t i = 0; i < f.names.size(); ++i) text += fmt::format("{}{}", i > 0 ? " or " : "", f.names[i]);
  }
  if (unknown) text += text.empty() ? "wrong, cause unknown" : ", and more that is wrong, cause unknown";
  return text;
}

std::string report(const Diagnosis& diagnosis) {
  std::string out;
  for (const std::string& fact : diagnosis.facts) out += fact + "\n";
  for (const Finding& f : diagnosis.findings) {
    out += fmt::format("\n{}: {}\n", f.where, f.names.empty() ? "not right" : f.names.front());
    if (!f.names.empty()) describe(out, f.names.front(), "mistake");
    for (std::size_t i = 0; i < f.evidence.size(); ++i) wrap(out, i == 0 ? "evidence" : "", f.evidence[i]);
    for (std::size_t i = 1; i < f.names.size(); ++i)
      wrap(out, "or", fmt::format("{}: {}", f.names[i], verdict_named(f.names[i]).mistake));
    if (f.names.size() > 1) {
      wrap(out, "", "These numbers cannot tell them apart. Look into the code:");
      for (const auto name : f.names) wrap(out, "", fmt::format("{}: {}", name, verdict_named(name).tell));
    }
  }
  if (!diagnosis.findings.empty()) out += "\n";
  return out + "verdict: " + diagnosis.verdict() + "\n";
}

}  // namespace rl
