#pragma once
/// Exercises 13 to 15: trust, but check.

#include <algorithm>

#include "tests/exercises/checks/check.hpp"

namespace exercises::gradient_check {
namespace {

double square(double x) {
  return x * x;
}
double cube(double x) {
  return x * x * x;
}
double exponential(double x) {
  return std::exp(x);
}
double central_difference(double (*f)(double), double x, double h) {
  return (f(x + h) - f(x - h)) / (2 * h);
}
void run_difference(Function f, Trace& trace) {
  const auto mine = same<central_difference>(f);
  trace.add("f = x^2, x = 3, h = 0.5", mine(square, 3, 0.5));
  trace.add("f = x^3, x = -1, h = 0.1", mine(cube, -1, 0.1));
  trace.add("f = e^x, x = 0, h = 0.1", mine(exponential, 0, 0.1));
  trace.add("f = e^x, x = 2, h = 0.25", mine(exponential, 2, 0.25));
}

double which_h() {
  return -5;
}

using J = double (*)(const Vector&);
double curved(const Vector& theta) {
  double sum = 0;
  for (std::size_t i = 0; i < theta.size(); ++i) sum += 20 * theta[i] * theta[i] * theta[(i + 1) % theta.size()];
  return sum;
}
Vector curved_gradient(const Vector& theta) {
  const std::size_t n = theta.size();
  Vector gradient(n);
  for (std::size_t i = 0; i < n; ++i) {
    gradient[i] += 40 * theta[i] * theta[(i + 1) % n];
    gradient[(i + 1) % n] += 20 * theta[i] * theta[i];
  }
  return gradient;
}
/// The difference at each entry; theta is put back to this many times h from where it was.
Vector differences(J j, Vector theta, const Vector& gradient, double left_at) {
  const double h = 1e-5;
  Vector result;
  for (std::size_t i = 0; i < theta.size(); ++i) {
    const double saved = theta[i];
    theta[i] = saved + h;
    const double above = j(theta);
    theta[i] = saved - h;
    result.push_back((above - j(theta)) / (2 * h) - gradient[i]);
    theta[i] = saved + left_at * h;
  }
  return result;
}
double largest(const Vector& differences) {
  double most = 0;
  for (const double difference : differences) most = std::max(most, std::abs(difference));
  return most;
}
double max_gradient_error(J j, const Vector& theta, const Vector& gradient) {
  return largest(differences(j, theta, gradient, 0));
}
void run_error(Function f, Trace& trace) {
  const Vector theta = {0.5, -1, 2};
  const auto input = [&](const Vector& gradient) {
    return "J = 20 (x^2 y + y^2 z + z^2 x), " + say("theta", theta, "gradient", gradient);
  };
  for (const Vector& off : {Vector{0, 0, 0}, Vector{0, 0, 3}, Vector{0, -2, 0}, Vector{1, 0, -4}, Vector{-7, 0, 1}}) {
    Vector gradient = curved_gradient(theta);
    for (std::size_t i = 0; i < off.size(); ++i) gradient[i] += off[i];
    trace.add(input(gradient), same<max_gradient_error>(f)(curved, theta, gradient));
  }
}

Exercise exercise_13() {
  using F = double (*)(double);
  return {13,
          Kind::write,
          answer(central_difference),
          run_difference,
          {{"one-sided", "This is (f(x + h) - f(x)) / h: its error is of the order of h, that of two sides of h^2.",
            answer([](F f, double x, double h) { return (f(x + h) - f(x)) / h; })},
           {"divided by h", "The two points are 2 h apart: this is twice the derivative.",
            answer([](F f, double x, double h) { return (f(x + h) - f(x - h)) / h; })},
           {"not divided by the distance", "This is the rise alone. A derivative is the rise over the distance, 2 h.",
            answer([](F f, double x, double h) { return f(x + h) - f(x - h); })},
           {"multiplied by h", "(...) / 2 * h divides by 2 and multiplies by h: it needs brackets, / (2 * h).",
            answer([](F f, double x, double h) { return (f(x + h) - f(x - h)) / 2 * h; })},
           {"the sides exchanged", "The sign is wrong: f to the left was taken first.",
            answer([](F f, double x, double h) { return (f(x - h) - f(x + h)) / (2 * h); })}}};
}

Exercise exercise_14() {
  return {14,
          Kind::predict,
          answer(which_h),
          [](Function f, Trace& trace) { trace.add("", same<which_h>(f)()); },
          {{"the largest step", "With h = 0.1 the difference sees the curve: its error is of the order of h^2 = 0.01.",
            answer([] { return -1.; })},
           {"the smallest step", "With h = 1e-11, f differs in its last few digits only, and the rest is rounding.",
            answer([] { return -11.; })},
           {"h instead of its exponent", "Type the exponent, -1, -5 or -11.", answer([] { return 1e-5; })}},
          1e-6};
}

Exercise exercise_15() {
  return {
      15,
      Kind::write,
      answer(max_gradient_error),
      run_error,
      {{"theta not put back", "The right gradient fails: each parameter stays at theta - h while the next is tried.",
        answer([](J j, const Vector& theta, const Vector& gradient) {
          return largest(differences(j, theta, gradient, -1));
        })},
       {"theta left above", "The right gradient fails: each parameter stays at theta + h while the next is tried.",
        answer([](J j, const Vector& theta, const Vector& gradient) {
          return largest(differences(j, theta, gradient, 1));
        })},
       {"no absolute value", "An entry that is too large gives a negative difference, and the maximum does not see it.",
        answer([](J j, const Vector& theta, const Vector& gradient) {
          double most = 0;
          for (const double difference : differences(j, theta, gradient, 0)) most = std::max(most, difference);
          return most;
        })},
       {"the mean instead of the maximum", "An average over many right entries hides the wrong one.",
        answer([](J j, const Vector& theta, const Vector& gradient) {
          double sum = 0;
          for (const double difference : differences(j, theta, gradient, 0)) sum += std::abs(difference);
          return sum / static_cast<double>(theta.size());
        })},
       {"only the last parameter", "The error of each parameter overwrites the one before it.",
        answer([](J j, const Vector& theta, const Vector& gradient) {
          return std::abs(differences(j, theta, gradient, 0).back());
        })}}};
}

}  // namespace

inline void add(std::vector<Exercise>& all) {
  all.insert(all.end(), {exercise_13(), exercise_14(), exercise_15()});
}

}  // namespace exercises::gradient_check
