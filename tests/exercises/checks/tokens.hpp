#pragma once
/// Exercises 48 to 51: tokens are actions.

#include <cctype>

#include "tests/exercises/checks/arithmetic.hpp"

namespace exercises::tokens {
namespace {

double mean(V x) {
  return sum(x) / static_cast<double>(x.size());
}
double deviation(V x, double less) {
  double squares = 0;
  for (const double value : x) squares += (value - mean(x)) * (value - mean(x));
  return std::sqrt(squares / (static_cast<double>(x.size()) - less));
}

/// What `of` makes of a return and of its group, for each group.
template <class Of>
Vector by_group(V returns, std::size_t n, Of of) {
  Vector result;
  for (std::size_t i = 0; i < returns.size(); ++i) {
    const auto first = returns.begin() + static_cast<std::ptrdiff_t>(i / n * n);
    result.push_back(of(returns[i], Vector(first, first + static_cast<std::ptrdiff_t>(n))));
  }
  return result;
}
double minus_others(double own, V group) {
  return own - (sum(group) - own) / (static_cast<double>(group.size()) - 1);
}
Vector group_advantages(V returns, int n) {
  return by_group(returns, static_cast<std::size_t>(n), minus_others);
}
void run_groups(Function f, Trace& trace) {
  Numbers numbers(48);
  trace.add("returns = [1, 0, 0, 1, 0, 1], n = 3", same<group_advantages>(f)({1, 0, 0, 1, 0, 1}, 3));
  const Vector two = numbers.vector(8), three = numbers.vector(6);
  trace.add(say("returns", two) + ", n = 4", same<group_advantages>(f)(two, 4));
  trace.add(say("returns", three) + ", n = 2", same<group_advantages>(f)(three, 2));
}

template <class Divide>
Vector weighed(V returns, V lengths, Divide divide) {
  Vector w;
  for (std::size_t i = 0; i < returns.size(); ++i) w.push_back(divide(returns[i] - mean(returns), lengths[i]));
  return w;
}
Vector grpo_weights(V returns, V lengths) {
  const double n = static_cast<double>(returns.size()), sigma = deviation(returns, 1);
  return weighed(returns, lengths, [=](double A, double T) { return A / sigma / (n * T); });
}
void run_grpo(Function f, Trace& trace) {
  const Vector returns = {1, 0, 0, 0}, lengths = {3, 5, 2, 10}, others = {0.5, -1, 2}, few = {4, 4, 1};
  trace.add(say("returns", returns, "lengths", lengths), same<grpo_weights>(f)(returns, lengths));
  trace.add(say("returns", others, "lengths", few), same<grpo_weights>(f)(others, few));
}

double k3_slope(double log_prob, double ref_log_prob) {
  return 1 - std::exp(ref_log_prob - log_prob);
}
void run_k3(Function f, Trace& trace) {
  for (const auto& [p, q] : {std::pair{-1., -2.}, {-0.5, -0.5}, {-3., -1.2}, {-0.1, -4.}})
    trace.add(say("log_prob", p, "ref_log_prob", q), same<k3_slope>(f)(p, q));
}

char two_prompts() {
  return 'B';
}
void run_prompts(Function f, Trace& trace) {
  trace.add("", std::toupper(same<two_prompts>(f)()));
}
Vector of_the_batch(V returns) {
  Vector result;
  for (const double R : returns) result.push_back((R - mean(returns)) / deviation(returns, 1));
  return result;
}

Exercise exercise_48() {
  return {
      48,
      Kind::write,
      answer(group_advantages),
      run_groups,
      {{"all prompts in one group",
        "The others of the whole batch were taken: an easy prompt's failure looks good beside a hard one's.",
        answer([](V R, int) { return by_group(R, R.size(), minus_others); })},
       {"the mean of the whole batch",
        "The mean of all returns is subtracted: it has to be that of the others in the own group.",
        answer([](V R, int) { return by_group(R, R.size(), [](double own, V batch) { return own - mean(batch); }); })},
       {"the own return included", "The mean of the group is subtracted, and the own return is in it.",
        answer([](V R, int n) {
          return by_group(R, std::size_t(n), [](double own, V group) { return own - mean(group); });
        })},
       {"the sum of the others", "The sum of the others is subtracted, not their mean.", answer([](V R, int n) {
          return by_group(R, std::size_t(n), [](double own, V group) { return own - (sum(group) - own); });
        })},
       {"whitened", "The mean of the group subtracted, and divided by its standard deviation: that is GRPO.",
        answer([](V R, int n) {
          return by_group(R, std::size_t(n),
                          [](double own, V group) { return (own - mean(group)) / deviation(group, 1); });
        })},
       {"the first group only", "Right for the first group; the others keep their returns.", answer([](V R, int n) {
          Vector result = R;
          const Vector right = group_advantages(R, n);
          for (int i = 0; i < n; ++i) result[std::size_t(i)] = right[std::size_t(i)];
          return result;
        })}}};
}

Exercise exercise_49() {
  return {
      49,
      Kind::write,
      answer(grpo_weights),
      run_grpo,
      {{"the length forgotten", "Divided by n, but not by the text's own length.", answer([](V R, V T) {
          const double n = double(R.size()), sigma = deviation(R, 1);
          return weighed(R, T, [=](double A, double) { return A / sigma / n; });
        })},
       {"the tokens of the batch", "Divided by all tokens of the group: that is DAPO's choice.", answer([](V R, V T) {
          const double all = sum(T), sigma = deviation(R, 1);
          return weighed(R, T, [=](double A, double) { return A / sigma / all; });
        })},
       {"n under the root", "The squares are divided by n: here it is n - 1, as in torch.std.", answer([](V R, V T) {
          const double n = double(R.size()), sigma = deviation(R, 0);
          return weighed(R, T, [=](double A, double length) { return A / sigma / (n * length); });
        })},
       {"the variance", "Divided by the variance: the root is missing.", answer([](V R, V T) {
          const double n = double(R.size()), sigma = deviation(R, 1);
          return weighed(R, T, [=](double A, double length) { return A / (sigma * sigma) / (n * length); });
        })},
       {"the deviation forgotten", "The return minus the mean, not divided by the standard deviation.",
        answer([](V R, V T) {
          const double n = double(R.size());
          return weighed(R, T, [=](double A, double length) { return A / (n * length); });
        })},
       {"the episodes forgotten", "Divided by the own length, but not by how many texts there are.",
        answer([](V R, V T) {
          const double sigma = deviation(R, 1);
          return weighed(R, T, [=](double A, double length) { return A / sigma / length; });
        })}}};
}

Exercise exercise_50() {
  return {
      50,
      Kind::write,
      answer(k3_slope),
      run_k3,
      {{"the sign flipped", "This pushes away from the reference: x grows with log_prob, and exp(-x) falls.",
        answer([](double p, double q) { return std::exp(q - p) - 1; })},
       {"the estimate itself", "This is k3, the number in the loss, not its derivative.",
        answer([](double p, double q) { return std::exp(q - p) - 1 + p - q; })},
       {"the ratio the other way round", "exp(-x) is the reference divided by the policy.",
        answer([](double p, double q) { return 1 - std::exp(p - q); })},
       {"the slope of k1", "This is 1, the derivative of x alone: the score, and on average nothing.",
        answer([](double, double) { return 1.; })},
       {"the slope of k2", "This is x, the derivative of x^2 / 2.", answer([](double p, double q) { return p - q; })},
       {"the inner derivative forgotten", "The derivative of exp(-x) is minus exp(-x).",
        answer([](double p, double q) { return 1 + std::exp(q - p); })}}};
}

Exercise exercise_51() {
  const Vector both = of_the_batch({1, 1, 1, 0, 0, 0, 0, 1});
  return {51,
          Kind::bug,
          answer(two_prompts),
          run_prompts,
          {{"A", "In a group of its own the failure among three successes would have a number of its own size.",
            answer([] { return 'A'; })},
           {"C", "Minus the mean of the group, the numbers of each group would add up to 0. Do these?",
            answer([] { return 'C'; })},
           {"D", "Then success would not have the same number in both groups.", answer([] { return 'D'; })}},
          1e-6,
          {row({both.begin(), both.begin() + 4}), row({both.begin() + 4, both.end()})}};
}

}  // namespace

inline void add(std::vector<Exercise>& all) {
  all.insert(all.end(), {exercise_48(), exercise_49(), exercise_50(), exercise_51()});
}

}  // namespace exercises::tokens
