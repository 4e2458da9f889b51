#pragma once
/// The catalogue of mistakes. One mistake is one entry in one place: its words, where to read, and its formulas.
///
/// An entry is added by one call in one of the files mistakes_*.cpp. The verdicts, the tests, the list of
/// docs/diagnose.md and `diagnose --list` all read it.                              Read next: mistakes_vector.cpp.

#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "rl/diagnose/backward.hpp"
#include "rl/diagnose/diagnose.hpp"

namespace rl {

using Row = std::span<Number>;
using ConstRow = std::span<const Number>;

/// One step, as a hypothesis sees it.
struct Step {
  const Samples& all;
  const Series& weights;
  std::size_t t;
  std::optional<Number>* mean = nullptr;  // of all weights: made by the first step that asks
  Number mean_weight() const;
  Number w() const { return weights[t]; }
  std::size_t a() const { return all.action[t]; }
  ConstRow p() const { return {&all.p.cells[t * all.outputs], all.outputs}; }
  Number p_a() const { return all.p(t, a()); }
  /// Of the reference policy, the columns ref0, ...; `impossible` where the file has none.
  Number ref(std::size_t k) const { return all.ref.empty() ? impossible : all.ref(t, k); }
  const Span& episode() const;
  /// Of a Gaussian: (action - mu) / sigma of dimension i, and sigma.
  Number x(std::size_t i) const { return (all.actions(t, i) - all.mu(t, i)) / all.sigma(t, i); }
  Number sigma(std::size_t i) const { return all.sigma(t, i); }
};

/// What a mistake injects at one step, given zeros to fill in.
struct Hypothesis {
  std::string_view formula;
  void (*predict)(const Step& step, Row d);
  bool needs_given_weights = false;  // without a column weight, a right program could have the same numbers
  std::string_view name = {};
};
/// One half of a Gaussian's row, times the weight: at mu, or at log sigma. The two are asked separately.
struct Half {
  std::string_view formula;
  Number (*at)(const Step& step, std::size_t dimension);
  std::string_view name = {};
};
/// Stands beside the right vector, times one free number. Some terms are right with one sign.
enum class RightWhen { never, positive, negative };
struct Term {
  std::string_view formula;
  void (*predict)(const Step& step, Row d);
  RightWhen right = RightWhen::never;
  std::string_view right_words = {};  // what it is then called
  double low = -10, high = 10;        // a number that a program could have
  std::string_view name = {};
};
/// What a mistake with one free number in it injects, the number between low and high.
struct Family {
  std::string_view formula;  // with {} for the number
  void (*predict)(const Step& step, double number, Row d);
  double low, high, nothing;  // `nothing`: the number with which it is no mistake
  std::string_view name = {};
};
/// The weights of the whole file, made of its rewards.
struct Rule {
  std::string_view formula;
  void (*predict)(const Samples& s, double gamma, Row w);
  std::string_view name = {};
  bool mixes_episodes = false;  // what it gives to one episode depends on others
};

struct Formulas {
  std::vector<Hypothesis> output = {};  // at the logits
  std::vector<Half> mu = {}, log_sigma = {};
  std::vector<Hypothesis> gaussian = {};  // the whole row of a Gaussian
  std::vector<Term> terms = {};
  std::vector<Family> families = {};
  std::vector<Rule> weights = {};
  std::vector<Pass> passes = {};
};

class Catalogue {
 public:
  Catalogue();
  std::vector<Verdict> verdicts;
  Formulas formulas;  // of all mistakes, each with its name
  struct Section {
    std::string_view title;
    std::size_t first, count;  // of the verdicts
  };
  std::vector<Section> sections;

 private:
  void add(const Verdict& words, Formulas its = {});
  void vector_mistakes(), label_mistakes(), factor_mistakes(), ratio_mistakes(), term_mistakes(), return_mistakes(),
      whitening_mistakes(), gaussian_mistakes(), number_mistakes(), layer_mistakes();
};
const Catalogue& catalogue();

extern const Hypothesis right_categorical, right_gaussian;
extern const std::span<const Hypothesis> right_ratios;  // where the file has the policy that acted as ref0, ...
extern const std::span<const Rule> right_rules;         // the first is the reward-to-go
extern const std::span<const Rule> right_group_rules;   // where the file has groups
extern const Rule own_reward;                           // right where every row is an episode of its own

}  // namespace rl
