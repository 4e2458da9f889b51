#pragma once
/// Does a prediction explain the learner's numbers, and is that evidence? One rule of each for every hypothesis.
///
///   got(t, k) = c predicted(t, k)   within the errors of both, plus the rounding of the largest number of the row
///
/// The evidence of a match is the number of digits that it foretells: for every number log10(size / tolerance), one
/// number of a row left out (a row that sums to 0 has one number less than columns), less what was chosen to make it
/// fit. Numbers that have nothing to do with the formula agree with a chance of one in 10^evidence. docs/diagnose.md,
/// section 3                                                         Read next: output.cpp.

#include "rl/diagnose/reader.hpp"

namespace rl {

enum class Scale { one, any };  // may a constant stand in front?

struct Match {
  bool agrees = false;
  Number c = 1;                  // the constant; 1 when every prediction is 0
  bool determined = false;       // c: some prediction is not 0
  bool vague = false;            // the errors are so large that agreement says little
  double digits = 0;             // foretold, if the constant had been given
  double best = 0;               // of them, those of the number that is known best: what a free constant explains
  double worst = 0;              // largest difference, relative to the largest number of got
  std::size_t row = 0, col = 0;  // of the first number that disagrees
};

/// What to allow besides the errors: rounding times the largest number of the row, or of everything (a sum over time
/// mixes rows).
enum class Floor { row, all };

Match match(const Grid& got, const Grid& predicted, double rounding, Scale scale = Scale::any,
            Floor floor = Floor::row);
Match match(const Series& got, const Series& predicted, double rounding, Scale scale = Scale::any);

/// got(t, .) = c_t predicted(t, .): a constant for every row. Empty unless every row agrees; a row that says nothing
/// about its constant has one of infinite error, and not all may.
Series match_rows(const Grid& got, const Grid& predicted, double rounding);

/// got = c first + e second. `e` beside the constant of the match; needs numbers that tell the two apart.
struct Match2 {
  bool agrees = false;
  bool sharp = false;   // as well as what was printed lets a right program; `agrees` is more patient, to accuse nobody
  double evidence = 0;  // in digits, less those of the two free numbers
  bool vague = false;   // large numbers that cancel explain anything
  bool noise = false;   // one of the two is known too badly to be fitted
  double c = 0, e = 0;
  double c_error = 0, step_error = 0;  // of c, and of e / c relative to it
};
Match2 match2(const Grid& got, const Grid& first, const Grid& second, double rounding);

/// The digits that these rows foretell, each with a constant of its own that explains its best number; or with `free`
/// numbers of its own, that explain as many.
double digits_of_rows(const Grid& got, const Grid& predicted, const Series& factor, double rounding,
                      std::size_t free = 1);

/// A match is evidence from here on: unrelated numbers agree so well once in a million.
inline constexpr double enough_digits = 6;
/// What a constant costs that is one of the few which stand there for a reason (1, -1, 1 / steps, ...).
inline constexpr double known_constant_digits = 1;

Grid column(const Series& numbers);

}  // namespace rl
