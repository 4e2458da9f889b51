#pragma once
/// Exercises 16 to 19: softmax and cross-entropy.

#include <algorithm>

#include "tests/exercises/checks/arithmetic.hpp"

namespace exercises::cross_entropy {
namespace {

Vector shifted(V z, double shift, double factor = 1) {
  Vector result;
  for (const double value : z) result.push_back(factor * value - shift);
  return result;
}
double largest(V z) {
  return *std::max_element(z.begin(), z.end());
}
Vector exponentials(V z) {
  Vector e;
  for (const double value : z) e.push_back(std::exp(value));
  return e;
}
Vector logarithms(V x, double added = 0) {
  Vector result;
  for (const double value : x) result.push_back(std::log(value + added));
  return result;
}
void run_softmax(Function f, Trace& trace) {
  Numbers numbers(16);
  const auto mine = same<softmax>(f);
  for (const Vector& z : {Vector{1, 2}, Vector{0, 0, 0, 0}, shifted(numbers.vector(3), 0, 5),
                          shifted(numbers.vector(5), 1), Vector{-4}, Vector{1000, 1001}, Vector{-1000, 0, -1000}})
    trace.add(say("z", z), mine(z));
}

Vector log_softmax(V z) {
  const double most = largest(z);
  return shifted(z, most + std::log(sum(exponentials(shifted(z, most)))));
}
void run_log_softmax(Function f, Trace& trace) {
  Numbers numbers(17);
  const auto mine = same<log_softmax>(f);
  for (const Vector& z : {Vector{1, 2}, Vector{0, 0, 0, 0}, shifted(numbers.vector(3), 0, 5), Vector{-4},
                          Vector{1000, 1001}, Vector{-1000, 0, -1000}, Vector{18, 0}})
    trace.add(say("z", z), mine(z));
}

Vector cross_entropy_gradient(V probs, int label) {
  Vector d = probs;
  d[static_cast<std::size_t>(label)] -= 1;
  return d;
}
Vector only(V probs, int label, double value) {
  Vector d(probs.size());
  d[static_cast<std::size_t>(label)] = value;
  return d;
}
void run_gradient(Function f, Trace& trace) {
  Numbers numbers(18);
  const auto mine = same<cross_entropy_gradient>(f);
  const Vector p = {0.6, 0.4}, three = numbers.probs(3), one = {1};
  trace.add(say("probs", p) + ", label = 0", mine(p, 0));
  trace.add(say("probs", p) + ", label = 1", mine(p, 1));
  for (int label = 0; label < 3; ++label)
    trace.add(say("probs", three) + ", label = " + std::to_string(label), mine(three, label));
  trace.add(say("probs", one) + ", label = 0", mine(one, 0));
}

double softmax_twice() {
  return softmax({1, 0})[0];
}

Exercise exercise_16() {
  return {
      16,
      Kind::write,
      answer(softmax),
      run_softmax,
      {{"the exponential overflows",
        "e^1000 is no number a computer has. Softmax does not change when all logits move by as much.", answer([](V z) {
          const Vector e = exponentials(z);
          Vector p;
          for (const double value : e) p.push_back(value / sum(e));
          return p;
        })},
       {"not divided by the sum", "These are exponentials; probabilities add up to 1.",
        answer([](V z) { return exponentials(shifted(z, largest(z))); })},
       {"bare exponentials", "This is e^z: not divided by the sum, and it overflows.",
        answer([](V z) { return exponentials(z); })},
       {"shares of the logits", "This is z divided by the sum of z: the exponential is missing.", answer([](V z) {
          Vector p;
          for (const double value : z) p.push_back(value / sum(z));
          return p;
        })},
       {"a sigmoid for each", "Each logit went through a sigmoid of its own; these do not add up to 1.",
        answer([](V z) {
          Vector p;
          for (const double value : z) p.push_back(1 / (1 + std::exp(-value)));
          return p;
        })}}};
}

Exercise exercise_17() {
  return {17,
          Kind::write,
          answer(log_softmax),
          run_log_softmax,
          {{"the log of the softmax",
            "Right until a probability rounds to 0: then its log is -infinity, though it is only -1000.",
            answer([](V z) { return logarithms(softmax(z)); })},
           {"a small number inside the log",
            "log(p + 1e-8) is never below -18.4: a rare action seems never rarer than that.",
            answer([](V z) { return logarithms(softmax(z), 1e-8); })},
           {"p cut from below",
            "log(max(p, 1e-8)) is never below -18.4, and there its derivative is 0: a rare action cannot come back.",
            answer([](V z) {
              Vector p = softmax(z);
              for (double& value : p) value = std::max(value, 1e-8);
              return logarithms(p);
            })},
           {"the exponential overflows",
            "log of the sum of e^z: subtract the largest logit first, add it again outside the log.",
            answer([](V z) { return shifted(z, std::log(sum(exponentials(z)))); })},
           {"only the maximum subtracted",
            "This is z - max z. The log of the sum is missing: the exponentials must add up to 1.",
            answer([](V z) { return shifted(z, largest(z)); })},
           {"the maximum forgotten outside",
            "The logits were moved inside the sum, and not outside: both must move by as much.",
            answer([](V z) { return shifted(z, std::log(sum(exponentials(shifted(z, largest(z)))))); })}}};
}

Exercise exercise_18() {
  return {18,
          Kind::write,
          answer(cross_entropy_gradient),
          run_gradient,
          {{"the sign flipped",
            "This is one_hot - probs, what climbs. A loss is to be descended: its gradient has the other sign.",
            answer([](V p, int label) { return shifted(cross_entropy_gradient(p, label), 0, -1); })},
           {"the label forgotten", "These are the probabilities: the label is not in it.",
            answer([](V p, int) { return p; })},
           {"only the output of the label", "The other logits are 0 here. Through the sum in softmax, they count too.",
            answer([](V p, int label) { return only(p, label, at(p, label) - 1); })},
           {"the derivative at the probability",
            "This is -1 / p, the derivative along p. The logits come before the softmax.",
            answer([](V p, int label) { return only(p, label, -1 / at(p, label)); })},
           {"the loss instead of its gradient", "This is -log p at the label: the loss itself.",
            answer([](V p, int label) { return only(p, label, -std::log(at(p, label))); })},
           {"p (1 - p) once more",
            "The derivative of the outputs is in p - one_hot already; here it is multiplied by p (1 - p) again.",
            answer([](V p, int label) {
              Vector d = cross_entropy_gradient(p, label);
              for (std::size_t k = 0; k < p.size(); ++k) d[k] *= p[k] * (1 - p[k]);
              return d;
            })}}};
}

Exercise exercise_19() {
  return {19,
          Kind::predict,
          answer(softmax_twice),
          [](Function f, Trace& trace) { trace.add("", same<softmax_twice>(f)()); },
          {{"sure of itself", "The second softmax takes 1 and 0 for logits, and logits 1 and 0 are not far apart.",
            answer([] { return 1.; })},
           {"undecided", "1/2 would need two equal logits.", answer([] { return 0.5; })},
           {"the other action", "That is what is left for the other action.", answer([] {
              return softmax({1, 0})[1];
            })},
           {"logits 1 and -1", "That is the softmax of 1 and -1; the probabilities are 1 and 0.", answer([] {
              return softmax({1, -1})[0];
            })}},
          0.002};
}

}  // namespace

inline void add(std::vector<Exercise>& all) {
  all.insert(all.end(), {exercise_16(), exercise_17(), exercise_18(), exercise_19()});
}

}  // namespace exercises::cross_entropy
