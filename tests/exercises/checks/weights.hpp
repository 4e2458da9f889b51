#pragma once
/// Exercises 39 to 41: other coefficients.

#include <algorithm>

#include "tests/exercises/checks/arithmetic.hpp"

namespace exercises::weights {
namespace {

double td_target(double reward, double gamma, double next_value, bool terminated, bool) {
  return reward + (terminated ? 0 : gamma * next_value);
}
void run_target(Function f, Trace& trace) {
  for (const double gamma : {0.9, 1.0})
    for (int end = 0; end < 4; ++end) {
      const bool terminated = end & 1, truncated = end & 2;
      trace.add(say("reward", 1., "gamma", gamma, "next_value", 5.) + ", terminated = " +
                    (terminated ? "true" : "false") + ", truncated = " + (truncated ? "true" : "false"),
                same<td_target>(f)(1, gamma, 5, terminated, truncated));
    }
}

template <class Delta>
Vector accumulated(std::size_t length, double factor, Delta delta) {
  Vector A(length);
  double following = 0;
  for (std::size_t t = length; t-- > 0;) A[t] = following = delta(t) + factor * following;
  return A;
}
Vector gae(V r, V v, double gamma, double lambda) {
  return accumulated(r.size(), gamma * lambda, [&](std::size_t t) { return r[t] + gamma * v[t + 1] - v[t]; });
}
void run_gae(Function f, Trace& trace) {
  Numbers numbers(40);
  for (const auto& [gamma, lambda] : {std::pair{0.9, 0.8}, {0.99, 0.95}, {0.9, 0.0}, {0.5, 1.0}})
    for (const std::size_t length : {4u, 1u}) {
      const Vector r = numbers.vector(length), v = numbers.vector(length + 1);
      trace.add(say("rewards", r, "values", v, "gamma", gamma, "lambda", lambda), same<gae>(f)(r, v, gamma, lambda));
    }
}

double ppo_weight(double ratio, double A, double epsilon) {
  const bool clipped = A > 0 ? ratio > 1 + epsilon : ratio < 1 - epsilon;
  return clipped ? 0 : ratio * A;
}
void run_ppo(Function f, Trace& trace) {
  for (const double A : {2.0, -3.0})
    for (const double ratio : {1.0, 1.5, 0.5, 1.1, 0.9})
      trace.add(say("ratio", ratio, "advantage", A, "epsilon", 0.2), same<ppo_weight>(f)(ratio, A, 0.2));
}

Exercise exercise_39() {
  return {
      39,
      Kind::write,
      answer(td_target),
      run_target,
      {{"time running out taken for death",
        "Where the time ran out, the pole still stood: the value of that state still counts.",
        answer([](double r, double gamma, double v, bool terminated, bool truncated) {
          return r + (terminated || truncated ? 0 : gamma * v);
        })},
       {"a value after the end", "The value is added even where the task ended; after the end there are no rewards.",
        answer([](double r, double gamma, double v, bool, bool) { return r + gamma * v; })},
       {"the discount forgotten", "The next value is one step away: gamma is missing.",
        answer([](double r, double, double v, bool terminated, bool) { return r + (terminated ? 0 : v); })},
       {"a value at the end only", "The flag is turned round: the value counts unless the task ended.",
        answer(
            [](double r, double gamma, double v, bool terminated, bool) { return r + (terminated ? gamma * v : 0); })},
       {"the reward alone", "No value is added anywhere: the target says nothing of what comes later.",
        answer([](double r, double, double, bool, bool) { return r; })},
       {"only the first flag that is set",
        "When both flags are set, the task ended: terminated decides, whatever truncated says.",
        answer([](double r, double gamma, double v, bool terminated, bool truncated) {
          return r + (terminated && !truncated ? 0 : gamma * v);
        })}}};
}

Exercise exercise_40() {
  return {40,
          Kind::write,
          answer(gae),
          run_gae,
          {{"lambda forgotten", "The sum runs with gamma alone: that is the return minus V, and lambda has no say.",
            answer([](V r, V v, double gamma, double) { return gae(r, v, gamma, 1); })},
           {"gamma forgotten in the sum", "The sum runs with lambda alone; each step back costs gamma lambda.",
            answer([](V r, V v, double gamma, double lambda) {
              return accumulated(r.size(), lambda, [&](std::size_t t) { return r[t] + gamma * v[t + 1] - v[t]; });
            })},
           {"not summed", "These are the TD errors: what comes after is not added.",
            answer([](V r, V v, double gamma, double) { return gae(r, v, gamma, 0); })},
           {"V(s_t) not subtracted", "r + gamma V(s_t+1) is a target; the advantage is what it has over V(s_t).",
            answer([](V r, V v, double gamma, double lambda) {
              return accumulated(r.size(), gamma * lambda, [&](std::size_t t) { return r[t] + gamma * v[t + 1]; });
            })},
           {"gamma forgotten at V(s_t+1)", "The next value is one step away: it is worth gamma V(s_t+1).",
            answer([](V r, V v, double gamma, double lambda) {
              return accumulated(r.size(), gamma * lambda, [&](std::size_t t) { return r[t] + v[t + 1] - v[t]; });
            })},
           {"the next value forgotten", "r - V(s_t) leaves out what is still to come, gamma V(s_t+1).",
            answer([](V r, V v, double gamma, double lambda) {
              return accumulated(r.size(), gamma * lambda, [&](std::size_t t) { return r[t] - v[t]; });
            })}}};
}

Exercise exercise_41() {
  return {
      41,
      Kind::write,
      answer(ppo_weight),
      run_ppo,
      {{"the ratio forgotten", "The gradient of the ratio is the ratio times the score: the coefficient has it too.",
        answer([](double ratio, double A, double epsilon) { return ppo_weight(ratio, A, epsilon) == 0 ? 0 : A; })},
       {"clipped on both sides",
        "Everything outside is 0 here. An action that became worse than it should be must come back.",
        answer([](double ratio, double A, double epsilon) { return std::abs(ratio - 1) > epsilon ? 0 : ratio * A; })},
       {"never clipped", "This is ratio times advantage everywhere: nothing stops a step that has gone far enough.",
        answer([](double ratio, double A, double) { return ratio * A; })},
       {"the value instead of its gradient",
        "This is the objective itself. Where it is clipped it is constant, and its gradient is 0.",
        answer([](double ratio, double A, double epsilon) {
          return std::min(ratio * A, std::clamp(ratio, 1 - epsilon, 1 + epsilon) * A);
        })},
       {"the sides exchanged",
        "It is clipped where it should not be, and not where it should: look at the sign of the advantage.",
        answer([](double ratio, double A, double epsilon) {
          return (A > 0 ? ratio < 1 - epsilon : ratio > 1 + epsilon) ? 0 : ratio * A;
        })}}};
}

}  // namespace

inline void add(std::vector<Exercise>& all) {
  all.insert(all.end(), {exercise_39(), exercise_40(), exercise_41()});
}

}  // namespace exercises::weights
