#pragma once
/// Exercises 24 and 25: the whole truth on a tiny world.

#include "tests/exercises/checks/arithmetic.hpp"

namespace exercises::tiny_world {
namespace {

const Vector p = {0.6, 0.4}, returns = {2, 1};

Vector score(V probs, int action) {
  return mix(1, one_hot(probs.size(), action), -1, probs);
}
/// sum_a weight[a] (one_hot(a) - probs)
Vector weighted_scores(V probs, V weights) {
  Vector result(probs.size());
  for (std::size_t a = 0; a < probs.size(); ++a) result = mix(1, result, weights[a], score(probs, static_cast<int>(a)));
  return result;
}
Vector product(V x, V y) {
  Vector result;
  for (std::size_t k = 0; k < x.size(); ++k) result.push_back(x[k] * y[k]);
  return result;
}
Vector expected_gradient(V probs, V q) {
  return weighted_scores(probs, product(probs, q));
}
void run_expected(Function f, Trace& trace) {
  Numbers numbers(24);
  trace.add(say("probs", p, "q", returns), same<expected_gradient>(f)(p, returns));
  for (const std::size_t count : {3u, 5u, 1u}) {
    const Vector probs = numbers.probs(count), q = numbers.vector(count);
    trace.add(say("probs", probs, "q", q), same<expected_gradient>(f)(probs, q));
  }
}

Vector unbiased() {
  return {1, 1, 0, 1, 0};
}

Exercise exercise_24() {
  return {
      24,
      Kind::write,
      answer(expected_gradient),
      run_expected,
      {{"the probabilities forgotten", "Every action counts alike here: a mean weighs each by its probability.",
        answer([](V q, V value) { return weighted_scores(q, value); })},
       {"a plain average", "This is the sum divided by the number of actions; they are not equally likely.",
        answer([](V q, V value) { return mix(1 / static_cast<double>(q.size()), weighted_scores(q, value), 0, q); })},
       {"no score in it", "This is p(a) q(a), the share of each action in the mean return, not its gradient.",
        answer([](V q, V value) { return product(q, value); })},
       {"only the output of the action",
        "Each action pushes its own output only; it must push the others down as well.", answer([](V q, V value) {
          Vector result = product(q, value);
          for (std::size_t k = 0; k < q.size(); ++k) result[k] *= 1 - q[k];
          return result;
        })},
       {"the values forgotten", "Without q, the mean of the score is left, and that is 0.",
        answer([](V q, V) { return Vector(q.size()); })}}};
}

Exercise exercise_25() {
  return {
      25,
      Kind::predict,
      answer(unbiased),
      [](Function f, Trace& trace) { trace.add("", same<unbiased>(f)()); },
      {{"the whole return called wrong", "A: rewards of the past add variance, and 0 on average. That is not wrong.",
        answer([] {
          return Vector{0, 1, 0, 1, 0};
        })},
       {"past rewards called right",
        "C: what came before cannot depend on the action, so on average it says nothing of it.", answer([] {
          return Vector{1, 1, 1, 1, 0};
        })},
       {"the own mean called right", "E: the episode's own mean contains what this action brought. It is no baseline.",
        answer([] {
          return Vector{1, 1, 0, 1, 1};
        })},
       {"the baseline called wrong",
        "D: V(s_t) knows the state, not the action. A constant times the score is 0 on average.", answer([] {
          return Vector{1, 1, 0, 0, 0};
        })},
       {"only the reward-to-go", "A and D have the same mean: the one is noisier, the other is quieter.", answer([] {
          return Vector{0, 1, 0, 0, 0};
        })}}};
}

}  // namespace

inline void add(std::vector<Exercise>& all) {
  all.insert(all.end(), {exercise_24(), exercise_25()});
}

}  // namespace exercises::tiny_world
