#pragma once
/// Which mistake produced these numbers?                                              docs/diagnose.md
///
/// Every known mistake is a hypothesis: a few lines that predict, from the learner's own probabilities, actions and
/// weights, what the mistake would have injected. One rule (match.hpp) compares the prediction with what the learner
/// has, and another says when their agreement is evidence. The right gradient is a hypothesis too, and is asked first,
/// so a right program is never accused. Rounding may explain a difference; it never acquits.
/// Read next: output.cpp.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rl/diagnose/reader.hpp"

namespace rl {

/// What the page and the program say about a mistake.
struct Verdict {
  std::string_view name;         // stable, kebab-case
  std::string_view mistake;      // one sentence
  std::string_view tell;         // what to look for in the code; separates it from others with the same numbers
  std::string_view read;         // page and section
  std::string_view mutant = {};  // measured by `make mutants` under this name; empty if it was not
  std::string_view adam = {},
                   sgd = {};  // mean return of CartPole (seeds of ten that solve it), from what-cartpole-hides.md
};
/// CartPole's mean return without a mistake.
inline constexpr std::string_view right_adam = "499", right_sgd = "500";

std::span<const Verdict> verdicts();
const Verdict& verdict_named(std::string_view name);  // throws std::invalid_argument

struct Finding {
  std::string where;                    // "output", "weights", "layer 1", ...
  std::vector<std::string_view> names;  // the numbers cannot tell these apart; none: the cause is unknown
  std::vector<std::string> evidence;
  bool fitted = false;  // the constant in front is none that stands there for a reason
};

struct Diagnosis {
  std::vector<std::string> facts;  // what was read, what is right
  std::vector<Finding> findings;   // what is wrong
  std::string output_open;         // why the vector, or the layers, cannot be judged; empty: they were
  std::string weights_open;        // the same for the weights
  /// One of three: "correct", also of the output alone; the names of the mistakes, or "wrong, cause unknown"; "cannot
  /// tell" and why. Whatever was not judged stands in it.
  std::string verdict() const;
};
Diagnosis diagnose(const Samples& samples);
Diagnosis diagnose(const LearnerNet& net);

/// The whole answer; the last line is the verdict.
std::string report(const Diagnosis& diagnosis);

}  // namespace rl
