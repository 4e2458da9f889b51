#pragma once
/// The number in front of each row, against the rewards.   Read next: weights.cpp, some_episodes.cpp,
/// judge_weights.cpp.

#include "rl/diagnose/hypotheses.hpp"

namespace rl {

/// The number in front of every row, as a rule has it.
Series predict(const Samples& s, const Rule& rule, double gamma);

/// A few episodes of a long file, evenly spread, and their weights. Most rules are refuted there, with whatever
/// constant in front.
struct SomeEpisodes {
  SomeEpisodes(const Samples& s, const Series& w);
  bool refute(const Rule& rule, double gamma) const;

 private:
  Samples s_;
  Series w_;
  double rounding_ = 0;  // allows what it is in the whole file
  bool all_there_ = true;
};

/// One row for each number that is foretold: an episode whose steps all have its return says one thing, and however
/// many steps it has, two free numbers explain two such episodes.
class Distinct {
 public:
  Distinct(const Samples& s, const Series& w, const Series& prediction);
  Match match() const;
  Match2 match_with_a_constant() const;

 private:
  Series w_, prediction_;
  double rounding_ = 0;  // allows what it is in the whole file
};

/// Right rules and wrong ones, tried from the one that needs the least luck on.
struct Weights {
  const Samples& s;
  Series w;
  bool sign_free;
  Diagnosis& diagnosis;
  SomeEpisodes some = {s, w};
  bool plain(const Match& m) const { return known_constant(s, m.c) && (sign_free || m.c.value > 0); }

  bool right(const Rule& rule, double gamma, bool constant);
  void judge_right(const Rule& rule, double gamma, const Match& m);
  bool right_with_baseline(const Rule& rule, double gamma);
  bool no_evidence(const Rule& rule, double gamma, bool constant) const;
  bool wrong(double gamma, bool constant);
  void show_difference(double gamma, Finding& finding) const;
  bool bootstrapped(double gamma);
  bool another_gamma();
  bool right_for_a_critic(double highest, bool constant);
  bool explain();
};

/// A guessed gamma is a free number, and another one could make the right weights of what is left: the rule must
/// foretell two numbers that the right one does not.
bool told_apart(const Series& w, const Series& prediction, const Series& right);

}  // namespace rl
