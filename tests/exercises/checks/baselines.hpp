#pragma once
/// Exercises 37 and 38: baselines and entropy.

#include <algorithm>

#include "tests/exercises/checks/arithmetic.hpp"

namespace exercises::baselines {
namespace {

double count(V x) {
  return static_cast<double>(x.size());
}
template <class Baseline>
Vector minus(V G, Baseline baseline) {
  Vector w;
  for (const double own : G) w.push_back(own - baseline(own));
  return w;
}
Vector leave_one_out(V G) {
  return G.size() < 2 ? G : minus(G, [&](double own) { return (sum(G) - own) / (count(G) - 1); });
}
void run_leave_one_out(Function f, Trace& trace) {
  Numbers numbers(37);
  for (const Vector& G : {Vector{2, 1, 2}, numbers.vector(5), Vector{4, -1}, Vector{3, 3, 3, 3}, Vector{7}})
    trace.add(say("returns", G), same<leave_one_out>(f)(G));
}

double log_or_0(double p) {
  return p > 0 ? std::log(p) : 0;
}
double entropy(V p) {
  double H = 0;
  for (const double x : p) H -= x * log_or_0(x);
  return H;
}
template <class Entry>
Vector each(V p, Entry entry) {
  Vector d;
  for (const double x : p) d.push_back(entry(x));
  return d;
}
Vector entropy_gradient(V p) {
  return each(p, [H = entropy(p)](double x) { return -x * (log_or_0(x) + H); });
}
void run_entropy(Function f, Trace& trace) {
  Numbers numbers(38);
  for (const Vector& p :
       {Vector{0.6, 0.4}, numbers.probs(3), numbers.probs(4), Vector{0.25, 0.25, 0.25, 0.25}, Vector{1, 0}})
    trace.add(say("probs", p), same<entropy_gradient>(f)(p));
}

Exercise exercise_37() {
  return {37,
          Kind::write,
          answer(leave_one_out),
          run_leave_one_out,
          {{"the own return included",
            "The mean of all is subtracted. A baseline that contains the own return knows what the action brought.",
            answer([](V G) { return minus(G, [&](double) { return sum(G) / count(G); }); })},
           {"divided by all", "The sum is that of the others, but there are N - 1 of them, not N.",
            answer([](V G) { return minus(G, [&](double own) { return (sum(G) - own) / count(G); }); })},
           {"the sum of the others", "The sum of the others is subtracted, not their mean.",
            answer([](V G) { return minus(G, [&](double own) { return sum(G) - own; }); })},
           {"alone, and divided by 0", "A single episode has no others: 0 / 0. Its return stays as it is.",
            answer([](V G) { return minus(G, [&](double own) { return (sum(G) - own) / (count(G) - 1); }); })},
           {"whitened", "The mean of all subtracted, and divided by the spread: the own return is in both.",
            answer([](V G) {
              const double mean = sum(G) / count(G);
              double squares = 0;
              for (const double own : G) squares += (own - mean) * (own - mean);
              const double sigma = std::sqrt(squares / count(G));
              Vector w;
              for (const double own : G) w.push_back((own - mean) / (sigma + 1e-8));
              return w;
            })}}};
}

Exercise exercise_38() {
  return {38,
          Kind::write,
          answer(entropy_gradient),
          run_entropy,
          {{"the sign flipped", "This makes the policy surer of itself: the gradient of -H.",
            answer([](V p) { return each(entropy_gradient(p), [](double x) { return -x; }); })},
           {"the derivative at the probability",
            "This is -(log p + 1), the derivative along p. The logits come before the softmax.",
            answer([](V p) { return each(p, [](double x) { return -(std::log(x) + 1); }); })},
           {"the softmax's diagonal only",
            "Each logit was taken to move its own p only: the derivative -(log p + 1) times p (1 - p).",
            answer([](V p) { return each(p, [](double x) { return -x * (1 - x) * (log_or_0(x) + 1); }); })},
           {"1 for the entropy",
            "This is -p (log p + 1). It must be 0 when all p are equal; with H in the place of 1, it is.",
            answer([](V p) { return each(p, [](double x) { return -x * (log_or_0(x) + 1); }); })},
           {"the entropy forgotten", "This is -p log p, the terms of H themselves, not its gradient.",
            answer([](V p) { return each(p, [](double x) { return -x * log_or_0(x); }); })},
           {"0 times infinity",
            "Right, but for p = 0: log 0 is -infinity, and 0 times that is NaN. p log p is 0 there.", answer([](V p) {
              double H = 0;
              for (const double x : p) H -= x * std::log(x);
              return each(p, [H](double x) { return -x * (std::log(x) + H); });
            })}}};
}

}  // namespace

inline void add(std::vector<Exercise>& all) {
  all.insert(all.end(), {exercise_37(), exercise_38()});
}

}  // namespace exercises::baselines
