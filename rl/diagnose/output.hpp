#pragma once
/// The questions about the vector injected, in the order in which they are asked.       docs/diagnose.md, section 3
/// Read next: output.cpp, then unweighted.cpp.

#include <optional>

#include "rl/diagnose/hypotheses.hpp"

namespace rl {

struct Found {
  const Hypothesis* hypothesis;
  Match match;
};

class Output {
 public:
  Output(const Samples& samples, Diagnosis& diagnosis);
  Injected explain();

 private:
  using Answer = std::optional<Injected>;
  Answer right(), right_with_a_ratio(), vague_ratio(), all_zero(), listed(), with_a_term(), with_a_number(),
      rows_alone(), any_weights(), undecidable(), typed_by_hand();
  Answer known_once_a_mistake_is_taken_out();
  Injected unknown();

  bool askable(const Hypothesis& h) const { return given_ || !(h.needs_given_weights || s_.steps == 1); }
  bool says_something(const Match& match) const;
  bool refuted(const Series& weights, const Hypothesis& hypothesis) const;  // by some rows alone
  std::vector<Found> search(const Series& weights) const;
  std::string_view rival(const NamedSeries& source, const Grid& right) const;
  double foretold_zeros(const Series& weights) const;
  double digits_apart(const Series& weights, const Found& found) const;
  bool proves(const Series& weights) const;
  bool right_with_a_term_too(const Series& weights) const;
  std::size_t rows_foretold(const Series& weights, const Hypothesis& hypothesis) const;
  void accept(const Match& match, const NamedSeries& source);
  void add(const Series& weights, const std::vector<Found>& found);
  Injected given_weights(bool sign_known) const { return {given_ ? s_.weight : Series{}, sign_known, given_}; }

  const Samples& s_;
  std::vector<std::size_t> some_rows_;  // evenly spread over a long file; empty: the file is short
  Grid d_of_some_;
  Diagnosis& diagnosis_;
  const bool given_, few_numbers_;
  const Hypothesis& right_;
  const std::vector<Hypothesis>& hypotheses_;
  std::vector<NamedSeries> sources_;  // of weights: the column, or what the rewards give
  Series weights_, ones_, factor_;    // factor: what the right row was multiplied by, row by row; empty if it was not
};

}  // namespace rl
