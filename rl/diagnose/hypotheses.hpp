#pragma once
/// The parts of a diagnosis, each in a file of its own.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rl/diagnose/diagnose.hpp"
#include "rl/diagnose/match.hpp"

namespace rl {

using Row = std::span<Number>;
using ConstRow = std::span<const Number>;

/// One step, as a hypothesis sees it.
struct Step {
  const Samples& all;
  const Series& weights;
  std::size_t t;
  Number mean_weight = {};  // of all steps
  Number w() const { return weights[t]; }
  std::size_t a() const { return all.action[t]; }
  ConstRow p() const { return {&all.p.cells[t * all.outputs], all.outputs}; }
  Number p_a() const { return all.p(t, a()); }
  const Span& episode() const;
  /// Of a Gaussian: (action - mu) / sigma of dimension i, and sigma.
  Number x(std::size_t i) const { return (all.actions(t, i) - all.mu(t, i)) / all.sigma(t, i); }
  Number sigma(std::size_t i) const { return all.sigma(t, i); }
};

/// What a mistake injects at one step, given zeros to fill in.
struct Hypothesis {
  std::string_view name, formula;
  void (*predict)(const Step& step, Row d);
  bool needs_given_weights = false;  // without a column weight, a right program could have the same numbers
};
std::span<const Hypothesis> categorical_hypotheses();
std::span<const Hypothesis> gaussian_hypotheses();
extern const Hypothesis right_categorical, right_gaussian;

Grid predict(const Samples& samples, const Series& weights, const Hypothesis& hypothesis);

/// The vector injected. Adds a finding or a fact; the weights by which the right vector was multiplied, as far as
/// they can be recovered, are returned for the next question (empty: they cannot).
struct Injected {
  Series weights;
  bool sign_known = false;  // by the key, or by the column weight
  bool given = true;        // the weights are those of the column
};
Injected explain_output(const Samples& samples, Diagnosis& diagnosis);

/// What the rows show by themselves (diagnose_evidence.cpp): in words, with one row beside the right one; and the cases
/// in which they show too little to accuse anybody without a column weight.
void describe(const Samples& samples, const Series& weights, std::vector<std::string>& evidence);
bool too_few_digits(const Samples& samples);
bool mostly_certain(const Samples& samples);
bool shapeless(const Samples& samples);

/// Adds a finding about the output; without a name, the cause is unknown.
void add_finding(Diagnosis& diagnosis, const Samples& samples, const Series& weights, std::string_view name,
                 const std::string& evidence);

/// What has a free number in it (diagnose_fitted.cpp). Each adds a finding or a fact, or returns false.
bool explain_entropy(const Samples& samples, const Series& weights, const Grid& right, Diagnosis& diagnosis);
/// `weights` are those of the rows, where there is no bonus.
bool explain_entropy_without_weights(const Samples& samples, const Grid& score, Series& weights, Diagnosis& diagnosis);
bool explain_labels(const Samples& samples, const Series& weights, Diagnosis& diagnosis);
bool explain_epsilon(const Samples& samples, const Series& weights, const Series& factor, Diagnosis& diagnosis);
bool explain_rare_actions(const Samples& samples, const Series& weights, const Series& factor, std::string& evidence);
bool explain_clipping(const Samples& samples, const Series& weights, Diagnosis& diagnosis);
/// The gradient of the entropy at the logits (kind 0); at the probabilities (1); without a term (2).
Grid entropy_slope(const Samples& samples, int kind);

/// NaN, infinity, probabilities that are none. True when nothing else can be asked.
bool explain_numbers(const Samples& samples, Diagnosis& diagnosis);

/// The weights against the rewards.
void explain_weights(const Samples& samples, const Injected& injected, Diagnosis& diagnosis);

/// Predicts the weights of the whole file from its rewards (diagnose_returns.cpp). The first right one is the
/// reward-to-go, the first wrong one the reward itself.
struct Rule {
  std::string_view name, formula;
  void (*predict)(const Samples& s, double gamma, Row w);
};
extern const std::span<const Rule> right_rules, wrong_rules;

/// Are these numbers a return, or a known mistake in one?
bool weights_are_known(const Samples& samples, const Series& weights);

/// Weights that are right for these rewards, one series for each reading of the file.
struct NamedSeries {
  std::string name;
  Series weights;
};
std::vector<NamedSeries> right_weights(const Samples& samples);

/// "1/64, the mean over the steps", or the number itself.
std::string constant_in_words(const Samples& samples, Number c);
bool known_constant(const Samples& samples, Number c);

}  // namespace rl
