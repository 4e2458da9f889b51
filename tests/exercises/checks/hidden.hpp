#pragma once
/// Exercises 35 and 36: what CartPole hides.

#include "tests/exercises/checks/arithmetic.hpp"

namespace exercises::hidden {
namespace {

Vector hidden_slip() {
  return {1, 0, 3, 3};
}
char survivor() {
  return 'B';
}
void run_letter(Function f, Trace& trace) {
  trace.add("", std::toupper(same<survivor>(f)()));
}

Exercise exercise_35() {
  return {
      35,
      Kind::predict,
      answer(hidden_slip),
      [](Function f, Trace& trace) { trace.add("", same<hidden_slip>(f)()); },
      {{"the two exchanged", "The first number is the right one: the sum of the rewards from step 1 on.", answer([] {
          return Vector{0, 1, 3, 3};
        })},
       {"no slip seen", "The first three rewards of the first episode are 0, 0, 0.", answer([] {
          return Vector{1, 1, 3, 3};
        })},
       {"slip seen where there is none", "With equal rewards the first three add up to what the last three do.",
        answer([] {
          return Vector{1, 0, 3, 4};
        })},
       {"counted from step 0", "At step 1, three rewards are left, not four.", answer([] {
          return Vector{1, 1, 4, 4};
        })}}};
}

Exercise exercise_36() {
  return {36,
          Kind::bug,
          answer(survivor),
          run_letter,
          {{"A", "Without the return, CartPole is not learned: 2 seeds of 10.", answer([] { return 'A'; })},
           {"C", "CartPole does not see it, but the gradient check does.", answer([] { return 'C'; })},
           {"D", "With the sign flipped, the return falls to 9. Everything sees that.", answer([] { return 'D'; })}}};
}

}  // namespace

inline void add(std::vector<Exercise>& all) {
  all.insert(all.end(), {exercise_35(), exercise_36()});
}

}  // namespace exercises::hidden
