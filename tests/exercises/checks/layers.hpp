#pragma once
/// Exercises 04 to 06: a dense layer.

#include <algorithm>

#include "tests/exercises/checks/arithmetic.hpp"

namespace exercises::layers {
namespace {

void run_forward(Function f, Trace& trace) {
  Numbers numbers(4);
  for (const Shape& s : shapes) {
    const Matrix W = numbers.matrix(s.outputs, s.inputs), X = numbers.matrix(s.inputs, s.batch);
    const Vector b = numbers.vector(s.outputs);
    trace.add(say("W", W, "b", b, "X", X), same<dense_forward>(f)(W, b, X));
  }
}

double parameters() {
  return 4 * 32 + 32 + 32 * 2 + 2;
}

template <class First, class Last>
Vector network(const Matrix& W1, const Vector& b1, const Matrix& W2, const Vector& b2, const Vector& state, First first,
               Last last) {
  Vector y = b1, z = b2;
  for (std::size_t o = 0; o < y.size(); ++o) {
    for (std::size_t i = 0; i < state.size(); ++i) y[o] += W1(o, i) * state[i];
    y[o] = first(y[o]);
  }
  for (std::size_t o = 0; o < z.size(); ++o) {
    for (std::size_t i = 0; i < y.size(); ++i) z[o] += W2(o, i) * y[i];
    z[o] = last(z[o]);
  }
  return z;
}
double identity(double x) {
  return x;
}
double tangent(double x) {
  return std::tanh(x);
}
double relu(double x) {
  return std::max(x, 0.);
}
Vector feedforward(const Matrix& W1, const Vector& b1, const Matrix& W2, const Vector& b2, const Vector& state) {
  return network(W1, b1, W2, b2, state, tangent, identity);
}
void run_feedforward(Function f, Trace& trace) {
  Numbers numbers(6);
  for (const Shape& s : shapes) {
    const Matrix W1 = numbers.matrix(s.batch, s.inputs), W2 = numbers.matrix(s.outputs, s.batch);
    const Vector b1 = numbers.vector(s.batch), b2 = numbers.vector(s.outputs), state = numbers.vector(s.inputs);
    trace.add(say("W1", W1, "b1", b1, "W2", W2, "b2", b2, "state", state), same<feedforward>(f)(W1, b1, W2, b2, state));
  }
}

Exercise exercise_4() {
  return {
      4,
      Kind::write,
      answer(dense_forward),
      run_forward,
      {{"the bias forgotten", "This is W X, without b.", answer([](const Matrix& W, const Vector& b, const Matrix& X) {
          return dense_forward(W, Vector(b.size()), X);
        })},
       {"W transposed", "This is the transpose of W times X: rows of W belong to outputs. A square W hides it.",
        answer([](const Matrix& W, const Vector& b, const Matrix& X) {
          return dense_forward(transposed_if_square(W), b, X);
        })},
       {"only the last input counts", "The sum over the inputs is overwritten at each input, not added to.",
        answer([](const Matrix& W, const Vector& b, const Matrix& X) {
          Matrix Y(W.rows(), X.cols());
          for (std::size_t o = 0; o < W.rows(); ++o)
            for (std::size_t t = 0; t < X.cols(); ++t) Y(o, t) = b[o] + W(o, W.cols() - 1) * X(W.cols() - 1, t);
          return Y;
        })},
       {"the bias once for every input", "b is added inside the sum over the inputs; it belongs outside, once.",
        answer([](const Matrix& W, const Vector& b, const Matrix& X) {
          Vector more = b;
          for (double& value : more) value *= static_cast<double>(W.cols());
          return dense_forward(W, more, X);
        })}}};
}

Exercise exercise_5() {
  return {
      5,
      Kind::predict,
      answer(parameters),
      [](Function f, Trace& trace) { trace.add("", same<parameters>(f)()); },
      {{"the biases forgotten", "These are the weights alone: each unit has a bias too.", answer([] { return 192.; })},
       {"the hidden biases forgotten", "The output units have their biases here, the hidden units not.",
        answer([] { return 194.; })},
       {"biases for the inputs too", "The inputs are given: they have no bias.", answer([] { return 230.; })},
       {"the units counted", "These are the units. A layer has a weight for every pair of an input and an output.",
        answer([] { return 38.; })}}};
}

Exercise exercise_6() {
  return {6,
          Kind::write,
          answer(feedforward),
          run_feedforward,
          {{"no function between the layers", "Two dense layers with nothing in between are one dense layer.",
            answer([](M W1, V b1, M W2, V b2, V s) { return network(W1, b1, W2, b2, s, identity, identity); })},
           {"the outputs squashed too", "The logits went through tanh: they could never leave (-1, 1).",
            answer([](M W1, V b1, M W2, V b2, V s) { return network(W1, b1, W2, b2, s, tangent, tangent); })},
           {"relu for tanh", "The hidden units are cut at 0 here: that is relu.",
            answer([](M W1, V b1, M W2, V b2, V s) { return network(W1, b1, W2, b2, s, relu, identity); })},
           {"tanh at the wrong layer", "tanh stands after the second layer here, and nothing after the first.",
            answer([](M W1, V b1, M W2, V b2, V s) { return network(W1, b1, W2, b2, s, identity, tangent); })}}};
}

}  // namespace

inline void add(std::vector<Exercise>& all) {
  all.insert(all.end(), {exercise_4(), exercise_5(), exercise_6()});
}

}  // namespace exercises::layers
