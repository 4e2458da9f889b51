// 37  Leave one out                                                                      write it
//
// returns[i] is the return of episode i, one step each. Subtract from it the mean return of the
// *other* episodes. An episode that is alone keeps its return.
//
// Read: docs/08-baselines-and-entropy.md, section 3, Eq. (8.6).

#include "tests/exercises/exercise.hpp"

Vector leave_one_out(const Vector& returns) {
  Vector weights = returns;
  double total = 0;
  for (const double G : returns) total += G;
  const double others = static_cast<double>(returns.size()) - 1;
  if (others > 0)
    for (double& w : weights) w -= (total - w) / others;
  return weights;
}
