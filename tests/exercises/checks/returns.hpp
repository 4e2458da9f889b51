#pragma once
/// Exercises 26 to 29: returns and variance.

#include "tests/exercises/checks/arithmetic.hpp"

namespace exercises::returns {
namespace {

Vector discounted_returns(V rewards, double gamma) {
  Vector returns(rewards.size());
  for (std::size_t t = 0; t < rewards.size(); ++t)
    for (std::size_t k = t; k < rewards.size(); ++k)
      returns[t] += std::pow(gamma, static_cast<double>(k - t)) * rewards[k];
  return returns;
}
void run_returns(Function f, Trace& trace) {
  Numbers numbers(26);
  const auto mine = same<discounted_returns>(f);
  for (const double gamma : {0.5, 0.9, 1.0, 0.0}) {
    const Vector r = gamma == 0.5 ? Vector{1, 2, 4} : numbers.vector(6);
    trace.add(say("rewards", r, "gamma", gamma), mine(r, gamma));
  }
  for (const Vector& r : {Vector{0, 0, 0, 1}, Vector{1, 1, 1}, Vector{3}})
    trace.add(say("rewards", r) + ", gamma = 0.95", mine(r, 0.95));
}
/// powers[t] * x[t], with powers of gamma
template <class Power>
Vector times_powers(V x, double gamma, Power power) {
  Vector result = x;
  for (std::size_t t = 0; t < x.size(); ++t) result[t] *= std::pow(gamma, static_cast<double>(power(t)));
  return result;
}

Vector exact_weights(V returns, double gamma) {
  return times_powers(returns, gamma, [](std::size_t t) { return t; });
}
void run_exact(Function f, Trace& trace) {
  Numbers numbers(27);
  for (const std::size_t count : {3u, 6u, 1u})
    for (const double gamma : {0.9, 0.5}) {
      const Vector G = numbers.vector(count);
      trace.add(say("returns", G, "gamma", gamma), same<exact_weights>(f)(G, gamma));
    }
}

double integer_sum() {
  return 0;
}

char constant_rewards() {
  return 'D';
}
void run_letter(Function f, Trace& trace) {
  trace.add("", std::toupper(same<constant_rewards>(f)()));
}
Vector whitened() {
  Vector w;
  for (int t = 0; t < 6; ++t) w.push_back((6 - t - 3.5) / std::sqrt(35. / 12));
  return w;
}

Vector forwards(V r, double gamma) {
  Vector returns;
  double sum = 0;
  for (const double reward : r) returns.push_back(sum = reward + gamma * sum);
  return returns;
}
Vector first_rewards(V r, double gamma) {
  Vector returns;
  for (std::size_t t = 0; t < r.size(); ++t)
    returns.push_back(discounted_returns({r.begin(), r.end() - static_cast<std::ptrdiff_t>(t)}, gamma)[0]);
  return returns;
}
Exercise exercise_26() {
  return {
      26,
      Kind::write,
      answer(discounted_returns),
      run_returns,
      {{"the rewards of the past", "This sums forwards: each step is credited with what came before it.",
        answer(forwards)},
       {"not summed", "This is gamma^t r_t: each step has its own reward only.",
        answer([](V r, double gamma) { return exact_weights(r, gamma); })},
       {"the discount forgotten", "The rewards are summed from the end, without gamma.",
        answer([](V r, double) { return discounted_returns(r, 1); })},
       {"the first T - t rewards",
        "Step t gets the first T - t rewards of the episode, not its last. Equal rewards hide it.",
        answer(first_rewards)},
       {"the return of the next step", "This is G_{t+1}: the reward of step t itself is left out.",
        answer([](V r, double gamma) {
          Vector returns = discounted_returns(r, gamma);
          returns.erase(returns.begin());
          returns.push_back(0);
          return returns;
        })},
       {"the discount counted from the start", "This is gamma^t G_t: the discount counts from step t, not from step 0.",
        answer([](V r, double gamma) { return exact_weights(discounted_returns(r, gamma), gamma); })},
       {"the whole return at every step",
        "Every step gets G_0. Unbiased, but with more variance, and not what was asked.",
        answer([](V r, double gamma) { return Vector(r.size(), discounted_returns(r, gamma)[0]); })},
       {"an integer adds up", "The fractions are cut off: the sum is kept in an int.", answer([](V r, double gamma) {
          Vector returns(r.size());
          int sum = 0;
          for (std::size_t t = r.size(); t-- > 0;) returns[t] = sum = static_cast<int>(r[t] + gamma * sum);
          return returns;
        })},
       {"in the order of the loop",
        "The right numbers, last step first: write them to returns[t], or turn them round once.",
        answer([](V r, double gamma) {
          const Vector returns = discounted_returns(r, gamma);
          return Vector(returns.rbegin(), returns.rend());
        })}}};
}

Exercise exercise_27() {
  return {27,
          Kind::write,
          answer(exact_weights),
          run_exact,
          {{"the discount left out",
            "These are the returns: what almost every program uses, and slightly biased when gamma < 1.",
            answer([](V G, double) { return G; })},
           {"one power too many", "The first step has the coefficient gamma^0 G_0, and gamma^0 is 1.",
            answer([](V G, double gamma) { return times_powers(G, gamma, [](std::size_t t) { return t + 1; }); })},
           {"the discount twice", "This is gamma^(2t) G_t.",
            answer([](V G, double gamma) { return times_powers(G, gamma, [](std::size_t t) { return 2 * t; }); })},
           {"counted from the end", "The last step has gamma^0 here; the discount counts from the first.",
            answer([](V G, double gamma) {
              return times_powers(G, gamma, [&](std::size_t t) { return G.size() - 1 - t; });
            })},
           {"gamma once", "Every return is multiplied by gamma, and not by a power that grows with t.",
            answer([](V G, double gamma) { return times_powers(G, gamma, [](std::size_t) { return 1u; }); })}}};
}

Exercise exercise_28() {
  return {
      28,
      Kind::predict,
      answer(integer_sum),
      [](Function f, Trace& trace) { trace.add("", same<integer_sum>(f)()); },
      {{"the sum of the numbers", "That is what it should be. Which type has the 0 at the end?",
        answer([] { return 1.5; })},
       {"cut off once, at the end", "The sum is an int at every step, not only at the end.", answer([] { return 1.; })},
       {"rounded", "An int is cut off, not rounded, and at every step.", answer([] { return 2.; })},
       {"rounded at every step", "0 + 0.5 does not round up: it is cut off.", answer([] { return 3.; })}}};
}

Exercise exercise_29() {
  return {
      29,
      Kind::bug,
      answer(constant_rewards),
      run_letter,
      {{"A", "Past rewards would grow: 1, 2, 3, ...", answer([] { return 'A'; })},
       {"B", "With a discount the coefficients would all be positive, and the steps between them would not be equal.",
        answer([] { return 'B'; })},
       {"C", "With 3.5 subtracted from 6, 5, ..., 1, neighbours would be 1 apart. How far apart are they?",
        answer([] { return 'C'; })}},
      1e-6,
      {row(whitened(), 2)}};
}

}  // namespace

inline void add(std::vector<Exercise>& all) {
  all.insert(all.end(), {exercise_26(), exercise_27(), exercise_28(), exercise_29()});
}

}  // namespace exercises::returns
