#pragma once
/// Exercises 32 to 34: the update.

#include <algorithm>

#include "tests/exercises/checks/arithmetic.hpp"

namespace exercises::updates {
namespace {

void sgd_step(Vector& theta, Vector& m, V g, double alpha, double mu) {
  for (std::size_t i = 0; i < theta.size(); ++i) {
    m[i] = mu * m[i] + g[i];
    theta[i] += alpha * m[i];
  }
}
void run_sgd(Function f, Trace& trace) {
  Numbers numbers(32);
  Vector theta = numbers.vector(3), m(3);
  for (int n = 1; n <= 3; ++n) {
    const Vector g = numbers.vector(3);
    same<sgd_step>(f)(theta, m, g, 0.05, 0.9);
    trace.add("theta after step " + std::to_string(n) + " with " + say("g", g), theta);
  }
}

template <class Correct, class Root>
void adam(Vector& theta, Vector& m, Vector& v, V g, double alpha, double beta1, double beta2, Correct correct,
          Root root) {
  for (std::size_t i = 0; i < theta.size(); ++i) {
    m[i] = beta1 * m[i] + (1 - beta1) * g[i];
    v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
    theta[i] += alpha * (m[i] / correct(beta1)) / root(v[i] / correct(beta2));
  }
}
double root(double v) {
  return std::sqrt(v) + 1e-8;
}
void adam_step(Vector& theta, Vector& m, Vector& v, V g, int n, double alpha, double beta1, double beta2) {
  adam(
      theta, m, v, g, alpha, beta1, beta2, [n](double beta) { return 1 - std::pow(beta, n); }, root);
}
void run_adam(Function f, Trace& trace) {
  Numbers numbers(33);
  Vector theta = numbers.vector(3), m(3), v(3);
  for (int n = 1; n <= 3; ++n) {
    Vector g = numbers.vector(3);
    g[2] *= 100;
    same<adam_step>(f)(theta, m, v, g, n, 0.1, 0.5, 0.9);
    trace.add("theta after step " + std::to_string(n) + " with " + say("g", g), theta);
  }
}

double norm(V g) {
  double sum = 0;
  for (const double x : g) sum += x * x;
  return std::sqrt(sum);
}
Vector clip_norm(V g, double most) {
  return norm(g) > most ? scaled(g, most / norm(g)) : g;
}
void run_clip(Function f, Trace& trace) {
  for (const auto& [g, most] : {std::pair<Vector, double>{{3, 4}, 1},
                                {{0.3, 0.4}, 1},
                                {{0.6, 0.7}, 0.9},
                                {{-6, 2, 3}, 3.5},
                                {{3, 4}, 5},
                                {{0, 0}, 1}})
    trace.add(say("g", g, "most", most), same<clip_norm>(f)(g, most));
}

Exercise exercise_32() {
  return {
      32,
      Kind::write,
      answer(sgd_step),
      run_sgd,
      {{"downhill", "theta is subtracted from: that descends a loss, and J is to be climbed.",
        answer([](Vector& theta, Vector& m, V g, double alpha, double mu) { sgd_step(theta, m, g, -alpha, mu); })},
       {"the gradient damped", "This is m = mu m + (1 - mu) g: a tenth of the step, for mu = 0.9.",
        answer([](Vector& theta, Vector& m, V g, double alpha, double mu) {
          sgd_step(theta, m, scaled(g, 1 - mu), alpha, mu);
        })},
       {"the old m", "theta moved before m did: the first step goes nowhere.",
        answer([](Vector& theta, Vector& m, V g, double alpha, double mu) {
          for (std::size_t i = 0; i < g.size(); ++i) theta[i] += alpha * m[i];
          sgd_step(theta, m, g, 0, mu);
        })},
       {"m not kept", "The steps are those without momentum: m must be stored for the next one.",
        answer([](Vector& theta, Vector& m, V g, double alpha, double) { sgd_step(theta, m, g, alpha, 0); })},
       {"alpha inside and outside", "alpha is in m already, and theta moves by alpha m: the step has alpha squared.",
        answer([](Vector& theta, Vector& m, V g, double alpha, double mu) {
          sgd_step(theta, m, scaled(g, alpha), alpha, mu);
        })}}};
}

Exercise exercise_33() {
  using A = Vector&;
  return {33,
          Kind::write,
          answer(adam_step),
          run_adam,
          {{"no correction of the first steps",
            "m and v start at 0; without 1 - beta^n the first steps have the wrong size.",
            answer([](A theta, A m, A v, V g, int, double alpha, double b1, double b2) {
              adam(
                  theta, m, v, g, alpha, b1, b2, [](double) { return 1.; }, root);
            })},
           {"the square root forgotten", "This divides by v, not by its root: v is a square.",
            answer([](A theta, A m, A v, V g, int n, double alpha, double b1, double b2) {
              adam(
                  theta, m, v, g, alpha, b1, b2, [n](double b) { return 1 - std::pow(b, n); },
                  [](double x) { return x + 1e-8; });
            })},
           {"downhill", "theta is subtracted from: that descends a loss, and J is to be climbed.",
            answer([](A theta, A m, A v, V g, int n, double alpha, double b1, double b2) {
              adam_step(theta, m, v, g, n, -alpha, b1, b2);
            })},
           {"the correction does not grow", "1 - beta is right for n = 1 only: at step n it is 1 - beta^n.",
            answer([](A theta, A m, A v, V g, int, double alpha, double b1, double b2) {
              adam(
                  theta, m, v, g, alpha, b1, b2, [](double b) { return 1 - b; }, root);
            })},
           {"counted from 0", "1 - beta^(n - 1) is 0 at the first step: n starts at 1.",
            answer([](A theta, A m, A v, V g, int n, double alpha, double b1, double b2) {
              adam_step(theta, m, v, g, n - 1, alpha, b1, b2);
            })},
           {"the two betas exchanged", "m was given beta2, and v beta1.",
            answer([](A theta, A m, A v, V g, int n, double alpha, double b1, double b2) {
              adam_step(theta, m, v, g, n, alpha, b2, b1);
            })}}};
}

Exercise exercise_34() {
  return {
      34,
      Kind::write,
      answer(clip_norm),
      run_clip,
      {{"each number clipped",
        "Each entry was cut by itself: that turns the gradient. Its norm is to shrink, its direction to stay.",
        answer([](V g, double most) {
          Vector result = g;
          for (double& x : result) x = std::clamp(x, -most, most);
          return result;
        })},
       {"short ones stretched", "Every gradient is scaled to the norm `most`; those below it are to stay as they are.",
        answer([](V g, double most) { return norm(g) > 0 ? scaled(g, most / norm(g)) : g; })},
       {"divided by 0", "Every gradient is scaled, and one that is 0 becomes NaN.",
        answer([](V g, double most) { return scaled(g, most / norm(g)); })},
       {"the norm squared", "The square root is missing: this is the sum of the squares.",
        answer([](V g, double most) { return norm(g) * norm(g) > most ? scaled(g, most / norm(g) / norm(g)) : g; })},
       {"the largest entry", "It was the largest entry that was measured, not the length of the whole vector.",
        answer([](V g, double most) {
          double largest = 0;
          for (const double x : g) largest = std::max(largest, std::abs(x));
          return largest > most ? scaled(g, most / largest) : g;
        })}}};
}

}  // namespace

inline void add(std::vector<Exercise>& all) {
  all.insert(all.end(), {exercise_32(), exercise_33(), exercise_34()});
}

}  // namespace exercises::updates
