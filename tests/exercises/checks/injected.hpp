#pragma once
/// Exercises 20 to 23: from the equation to the label.

#include <algorithm>

#include "tests/exercises/checks/arithmetic.hpp"

namespace exercises::injected {
namespace {

Vector score(V probs, int action) {
  return mix(1, one_hot(probs.size(), action), -1, probs);
}
void run_score(Function f, Trace& trace) {
  Numbers numbers(20);
  for (const Vector& p : {Vector{0.6, 0.4}, numbers.probs(3), numbers.probs(5), Vector{1}})
    for (std::size_t a = 0; a < std::min<std::size_t>(p.size(), 3); ++a)
      trace.add(say("probs", p) + ", action = " + std::to_string(a), same<score>(f)(p, static_cast<int>(a)));
}

Vector injected(V z, int action, double G) {
  return mix(G, one_hot(z.size(), action), -G, softmax(z));
}
void run_injected(Function f, Trace& trace) {
  Numbers numbers(21);
  for (const Vector& z : {Vector{1, 0}, numbers.vector(3), mix(4, numbers.vector(4), 0, Vector(4)), Vector{3}})
    for (const double G : {2.0, -1.5}) {
      const int action = static_cast<int>(z.size()) - 1;
      trace.add(say("z", z) + ", action = " + std::to_string(action) + ", " + say("G", G),
                same<injected>(f)(z, action, G));
    }
}

const Vector p = {0.6, 0.4}, returns = {2, 1};
double mean_injected() {
  return p[0] * returns[0] * (1 - p[0]) + p[1] * returns[1] * (0 - p[0]);
}

char three_steps() {
  return 'A';
}
void run_letter(Function f, Trace& trace) {
  trace.add("", std::toupper(same<three_steps>(f)()));
}
const Vector steps[] = {{0.5, 0.3, 0.2}, {0.1, 0.8, 0.1}, {0.2, 0.2, 0.6}};
const int actions[] = {0, 2, 2};
const double step_returns[] = {4, 2, 1};
std::vector<std::string> rows() {
  std::vector<std::string> result;
  for (int t = 0; t < 3; ++t)
    result.push_back(row(mix(step_returns[t] * at(steps[t], actions[t]), score(steps[t], actions[t]), 0, steps[t])));
  return result;
}

Exercise exercise_20() {
  return {
      20,
      Kind::write,
      answer(score),
      run_score,
      {{"the sign flipped", "This is probs - one_hot, the gradient of the loss -log p.",
        answer([](V q, int a) { return mix(-1, score(q, a), 0, q); })},
       {"one-hot without the probabilities", "This is the one-hot vector alone: it never stops pushing, even at p = 1.",
        answer([](V q, int a) { return one_hot(q.size(), a); })},
       {"the probabilities added",
        "This is one_hot + p. The numbers must add up to 0: what one output gains, the others lose.",
        answer([](V q, int a) { return mix(1, one_hot(q.size(), a), 1, q); })},
       {"only the output of the action",
        "The other outputs are 0 here. They are in the sum below the fraction, so they count.",
        answer([](V q, int a) { return mix(1 - at(q, a), one_hot(q.size(), a), 0, q); })},
       {"the gradient of p instead of log p",
        "Every number is p(a) times too small: the gradient of log p is that of p, over p.",
        answer([](V q, int a) { return mix(at(q, a), score(q, a), 0, q); })},
       {"the derivative at the probability",
        "This is 1 / p(a) at the action: the derivative along p, not along the logits before it.",
        answer([](V q, int a) { return mix(1 / at(q, a), one_hot(q.size(), a), 0, q); })}}};
}

Exercise exercise_21() {
  return {
      21,
      Kind::write,
      answer(injected),
      run_injected,
      {{"the return forgotten",
        "This is one_hot - probs. Without G the average over actions is 0, and nothing is learned.",
        answer([](V z, int a, double) { return injected(z, a, 1); })},
       {"no action in it", "This is G times the probability vector: it is the same whichever action was taken.",
        answer([](V z, int, double G) { return mix(G, softmax(z), 0, z); })},
       {"one-hot without the probabilities", "This is G times the one-hot vector: it pushes on even when p is 1.",
        answer([](V z, int a, double G) { return mix(G, one_hot(z.size(), a), 0, z); })},
       {"only the output of the action", "The other outputs are 0 here, and they must go down when this one goes up.",
        answer([](V z, int a, double G) { return mix(at(injected(z, a, G), a), one_hot(z.size(), a), 0, z); })},
       {"the sign flipped", "This is what a loss would descend; here J is to be climbed.",
        answer([](V z, int a, double G) { return injected(z, a, -G); })},
       {"the sign flipped, and the return forgotten",
        "This is probs - one_hot, what cross-entropy descends. Here J is to be climbed, and G says how far.",
        answer([](V z, int a, double) { return injected(z, a, -1); })},
       {"the derivative at the probability",
        "This is G / p(a) at the action: the derivative along p, not along the logits before softmax.",
        answer([](V z, int a, double G) { return mix(G / at(softmax(z), a), one_hot(z.size(), a), 0, z); })},
       {"the return used as a label", "This is G one_hot - probs: G must multiply the whole difference.",
        answer([](V z, int a, double G) { return mix(G, one_hot(z.size(), a), -1, softmax(z)); })},
       {"logits taken for probabilities", "This is (one_hot - z) G: z are logits, and softmax is missing.",
        answer([](V z, int a, double G) { return mix(G, one_hot(z.size(), a), -G, z); })},
       {"softmax applied twice", "A second softmax was applied to the probabilities: it cannot tell 1 and 0 far apart.",
        answer([](V z, int a, double G) { return mix(G, one_hot(z.size(), a), -G, softmax(softmax(z))); })},
       {"the value instead of its gradient", "This is G log p(a), the thing to be differentiated.",
        answer([](V z, int a, double G) { return mix(G * std::log(at(softmax(z), a)), one_hot(z.size(), a), 0, z); })},
       {"the likeliest action as label", "The one-hot vector belongs to the largest logit, not to the action taken.",
        answer([](V z, int, double G) {
          return injected(z, static_cast<int>(std::max_element(z.begin(), z.end()) - z.begin()), G);
        })}}};
}

Exercise exercise_22() {
  return {22,
          Kind::predict,
          answer(mean_injected),
          [](Function f, Trace& trace) { trace.add("", same<mean_injected>(f)()); },
          {{"the returns forgotten", "one_hot - probs is 0 on average; but each is multiplied by a return of its own.",
            answer([] { return 0.; })},
           {"a plain average", "The two actions are not equally likely: weigh each by its probability.",
            answer([] { return (2 * 0.4 - 0.6) / 2; })},
           {"the probabilities forgotten", "This is the sum over the actions; each must be weighed by its probability.",
            answer([] { return 2 * 0.4 - 0.6; })},
           {"only action 0", "Action 1 is drawn too, four times in ten, and then the number is -0.6.",
            answer([] { return 0.6 * 0.8; })},
           {"the mean return", "That is J, the mean return itself, and not its gradient.", answer([] { return 1.6; })}},
          0.002};
}

Exercise exercise_23() {
  return {
      23,
      Kind::bug,
      answer(three_steps),
      run_letter,
      {{"B", "Without the return, the first row would be (+0.500, -0.300, -0.200). Divide, row by row.",
        answer([] { return 'B'; })},
       {"C", "With the likeliest action as label, the positive number of the second row would be its second.",
        answer([] { return 'C'; })},
       {"D", "With only the output of the action, two numbers of each row would be 0.", answer([] { return 'D'; })}},
      1e-6,
      rows()};
}

}  // namespace

inline void add(std::vector<Exercise>& all) {
  all.insert(all.end(), {exercise_20(), exercise_21(), exercise_22(), exercise_23()});
}

}  // namespace exercises::injected
