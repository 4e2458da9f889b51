#pragma once
/// Does a prediction explain the learner's numbers? One rule for every hypothesis.
///
///   got(t, k) = c predicted(t, k)   within the errors of both, plus the rounding of the largest number of the row
/// Read next: diagnose_output.cpp.

#include "rl/diagnose/reader.hpp"

namespace rl {

enum class Scale { one, any };  // may a constant stand in front?

struct Match {
  bool agrees = false;
  Number c = 1;                  // the constant; 1 when every prediction is 0
  bool determined = false;       // c: some prediction is not 0
  bool vague = false;            // the errors are so large that agreement says little
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
/// about its constant has one of infinite error.
Series match_rows(const Grid& got, const Grid& predicted, double rounding);

/// got = c first + e second. `e` beside the constant of the match; needs numbers that tell the two apart.
struct Match2 {
  bool agrees = false;
  bool vague = false;  // large numbers that cancel explain anything
  double c = 0, e = 0;
};
Match2 match2(const Grid& got, const Grid& first, const Grid& second, double rounding);

Grid column(const Series& numbers);

}  // namespace rl
