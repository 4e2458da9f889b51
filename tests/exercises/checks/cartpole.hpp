#pragma once
/// Exercises 30 and 31: CartPole.

#include <algorithm>

#include "tests/exercises/checks/arithmetic.hpp"

namespace exercises::cartpole {
namespace {

int sample(V probs, double u) {
  double cumulative = 0;
  for (std::size_t k = 0; k + 1 < probs.size(); ++k) {
    cumulative += probs[k];
    if (u < cumulative) return static_cast<int>(k);
  }
  return static_cast<int>(probs.size()) - 1;
}
void run_sample(Function f, Trace& trace) {
  for (const Vector& p : {Vector{0.6, 0.4}, Vector{0.25, 0.25, 0.5}, Vector{0, 0.5, 0.5}, Vector{1}})
    for (const double u : {0.7, 0.3, 0.0, 0.5, 0.25, 0.9, 0.99, 0.45})
      trace.add(say("probs", p, "u", u), same<sample>(f)(p, u));
}

Vector euler_step(V s, double x_acceleration, double theta_acceleration) {
  const double tau = 0.02;
  return {s[0] + tau * s[1], s[1] + tau * x_acceleration, s[2] + tau * s[3], s[3] + tau * theta_acceleration};
}
void run_euler(Function f, Trace& trace) {
  Numbers numbers(31);
  for (int i = 0; i < 4; ++i) {
    const Vector s = numbers.vector(4), a = numbers.vector(2);
    trace.add(say("state", s, "x_acceleration", 10 * a[0], "theta_acceleration", 10 * a[1]),
              same<euler_step>(f)(s, 10 * a[0], 10 * a[1]));
  }
}

Exercise exercise_30() {
  return {
      30,
      Kind::write,
      answer(sample),
      run_sample,
      {{"the likeliest action", "This is argmax, whatever u is: the other actions are never tried.",
        answer([](V p, double) { return static_cast<int>(std::max_element(p.begin(), p.end()) - p.begin()); })},
       {"the probabilities not added up",
        "u is compared with each p alone. The second action owns u from p_0 to p_0 + p_1.", answer([](V p, double u) {
          for (std::size_t k = 0; k + 1 < p.size(); ++k)
            if (u < p[k]) return static_cast<int>(k);
          return static_cast<int>(p.size()) - 1;
        })},
       {"uniform", "This is u times the number of actions: each is equally likely, whatever the policy says.",
        answer([](V p, double u) { return static_cast<int>(u * static_cast<double>(p.size())); })},
       {"the border belongs to both", "With <=, u = 0 draws an action of probability 0.", answer([](V p, double u) {
          double cumulative = 0;
          for (std::size_t k = 0; k + 1 < p.size(); ++k)
            if (u <= (cumulative += p[k])) return static_cast<int>(k);
          return static_cast<int>(p.size()) - 1;
        })},
       {"u turned round", "The comparison is the wrong way round: action 0 is to be drawn when u is below p_0.",
        answer([](V p, double u) {
          double cumulative = 0;
          for (std::size_t k = 0; k + 1 < p.size(); ++k)
            if (u >= (cumulative += p[k])) return static_cast<int>(k);
          return static_cast<int>(p.size()) - 1;
        })}}};
}

Exercise exercise_31() {
  return {
      31,
      Kind::write,
      answer(euler_step),
      run_euler,
      {{"half new",
        "The positions moved with the new velocities. Explicit Euler takes every derivative at the old state.",
        answer([](V s, double ax, double at) {
          const double tau = 0.02, v = s[1] + tau * ax, w = s[3] + tau * at;
          return Vector{s[0] + tau * v, v, s[2] + tau * w, w};
        })},
       {"the time step forgotten", "A whole second passes here; a step is 0.02 s.",
        answer([](V s, double ax, double at) {
          return Vector{s[0] + s[1], s[1] + ax, s[2] + s[3], s[3] + at};
        })},
       {"the velocities stay", "The positions move, the velocities do not.", answer([](V s, double, double) {
          return Vector{s[0] + 0.02 * s[1], s[1], s[2] + 0.02 * s[3], s[3]};
        })},
       {"the parabola", "This adds a tau^2 / 2 to the positions. More exact, but it is not the step of CartPole-v1.",
        answer([](V s, double ax, double at) {
          Vector next = euler_step(s, ax, at);
          next[0] += ax * 0.0002, next[2] += at * 0.0002;
          return next;
        })},
       {"the two accelerations exchanged", "The cart got the pole's acceleration, and the pole the cart's.",
        answer([](V s, double ax, double at) { return euler_step(s, at, ax); })}}};
}

}  // namespace

inline void add(std::vector<Exercise>& all) {
  all.insert(all.end(), {exercise_30(), exercise_31()});
}

}  // namespace exercises::cartpole
