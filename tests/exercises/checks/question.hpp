#pragma once
/// Exercises 01 to 03: the question.

#include "tests/exercises/checks/check.hpp"

namespace exercises::question {
namespace {

const Vector p = {0.6, 0.4};  // the asker's numbers: action 0 was taken, its return is 2
constexpr double G = 2;

Vector two_numbers() {
  return {(1 - p[0]) * G, (0 - p[1]) * G};
}
Vector which_way() {
  return {1, -1, 1};
}
char same_row() {
  return 'B';
}
void run_letter(Function f, Trace& trace) {
  trace.add("", std::toupper(same<same_row>(f)()));
}

Exercise exercise_1() {
  return {
      1,
      Kind::predict,
      answer(two_numbers),
      [](Function f, Trace& trace) { trace.add("probs = [0.6, 0.4], action = 0, G = 2", same<two_numbers>(f)()); },
      {{"only the output of the action",
        "The other output gets a number too: it must go down by what this one goes up.", answer([] {
          return Vector{(1 - p[0]) * G, 0};
        })},
       {"no action in it", "This is G times the probability vector. Take action 1 instead, and it would be the same.",
        answer([] {
          return Vector{G * p[0], G * p[1]};
        })},
       {"one-hot without the probabilities",
        "This is G times the one-hot vector: it pushes on even when p is already 1.", answer([] {
          return Vector{G, 0};
        })},
       {"the value instead of its gradient", "This is G log p, the thing to be differentiated, and not its gradient.",
        answer([] {
          return Vector{G * std::log(p[0]), 0};
        })},
       {"the derivative at the probability",
        "This is G / p, the derivative of G log p along p. The logits come before the softmax.", answer([] {
          return Vector{G / p[0], 0};
        })},
       {"the return forgotten", "This is one_hot - probs. A return of 2 and one of 200 would push alike.", answer([] {
          return Vector{1 - p[0], -p[1]};
        })},
       {"the sign flipped", "This is what a loss would descend. Here J is to be climbed, and the return is positive.",
        answer([] {
          return Vector{-(1 - p[0]) * G, p[1] * G};
        })}},
      0.006};
}

Exercise exercise_2() {
  return {2,
          Kind::predict,
          answer(which_way),
          [](Function f, Trace& trace) { trace.add("probs = [0.6, 0.4], action = 0, G = 2", same<which_way>(f)()); },
          {{"log p taken for positive",
            "The second line: log 0.6 is below 0, and times a positive return it stays there.", answer([] {
              return Vector{1, 1, 1};
            })},
           {"both logits up taken for down", "The third line: softmax knows differences only. Which logit gains more?",
            answer([] {
              return Vector{1, -1, -1};
            })},
           {"both logits up taken for no change",
            "The third line: both go up, but not by the same amount, and softmax knows the difference.", answer([] {
              return Vector{1, -1, 0};
            })},
           {"all that is wrong taken for down", "Look at the signs: not every wrong vector points the wrong way.",
            answer([] {
              return Vector{1, 1, -1};
            })}}};
}

Exercise exercise_3() {
  return {
      3,
      Kind::bug,
      answer(same_row),
      run_letter,
      {{"A", "Without the return, both numbers would be 1 - p and -p: they add up to 0. Do these?",
        answer([] { return 'A'; })},
       {"C", "With the sign flipped the first number of the first row would be negative.", answer([] { return 'C'; })},
       {"D", "With only the output of the action, one number of each row would be 0.", answer([] { return 'D'; })}},
      1e-6,
      {row({2 * p[0], 2 * p[1]}), row({3 * p[0], 3 * p[1]})}};
}

}  // namespace

inline void add(std::vector<Exercise>& all) {
  all.insert(all.end(), {exercise_1(), exercise_2(), exercise_3()});
}

}  // namespace exercises::question
