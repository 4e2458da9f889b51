#pragma once
/// Exercises 07 to 12: backward.

#include <algorithm>

#include "tests/exercises/checks/arithmetic.hpp"

namespace exercises::backward {
namespace {

double tanh_backward(double y, double dy) {
  return dy * (1 - y * y);
}
double relu_backward(double y, double dy) {
  return y > 0 ? dy : 0;
}
void run_derivative(Function f, Trace& trace) {
  for (const double y : {0.5, -0.8, 0.0, 0.99, 0.1})
    for (const double dy : {2.0, -1.0}) trace.add(say("y", y, "dy", dy), same<tanh_backward>(f)(y, dy));
}

Matrix dense_backward_weights(const Matrix& dY, const Matrix& X) {
  return dense_forward(dY, Vector(dY.rows()), transposed(X));
}
void run_weights(Function f, Trace& trace) {
  Numbers numbers(9);
  for (const Shape& s : shapes) {
    const Matrix dY = numbers.matrix(s.outputs, s.batch), X = numbers.matrix(s.inputs, s.batch);
    trace.add(say("dY", dY, "X", X), same<dense_backward_weights>(f)(dY, X));
  }
}

Vector dense_backward_bias(const Matrix& dY) {
  Vector db(dY.rows());
  for (std::size_t o = 0; o < dY.rows(); ++o)
    for (std::size_t t = 0; t < dY.cols(); ++t) db[o] += dY(o, t);
  return db;
}
void run_bias(Function f, Trace& trace) {
  Numbers numbers(10);
  for (const Shape& s : {Shape{2, 0, 3}, {3, 0, 3}, {3, 0, 1}, {1, 0, 4}}) {
    const Matrix dY = numbers.matrix(s.outputs, s.batch);
    trace.add(say("dY", dY), same<dense_backward_bias>(f)(dY));
  }
}

Matrix dense_backward_input(const Matrix& W, const Matrix& dY) {
  return dense_forward(transposed(W), Vector(W.cols()), dY);
}
void run_input(Function f, Trace& trace) {
  Numbers numbers(11);
  for (const Shape& s : shapes) {
    const Matrix W = numbers.matrix(s.outputs, s.inputs), dY = numbers.matrix(s.outputs, s.batch);
    trace.add(say("W", W, "dY", dY), same<dense_backward_input>(f)(W, dY));
  }
}

char hidden_derivatives() {
  return 'C';
}
void run_letter(Function f, Trace& trace) {
  trace.add("", std::toupper(same<hidden_derivatives>(f)()));
}
double derivative_again(double y) {
  return 1 - std::tanh(y) * std::tanh(y);
}

Exercise exercise_7() {
  return {
      7,
      Kind::write,
      answer(tanh_backward),
      run_derivative,
      {{"tanh taken twice", "y is tanh(x) already. This is 1 - tanh(y)^2, the derivative at another point.",
        answer([](double y, double dy) { return dy * derivative_again(y); })},
       {"the square forgotten", "This is dy (1 - y).", answer([](double y, double dy) { return dy * (1 - y); })},
       {"the sigmoid's derivative", "This is dy y (1 - y): right for a sigmoid unit, and this one is tanh.",
        answer([](double y, double dy) { return dy * y * (1 - y); })},
       {"the derivative missing", "This is dy: the gradient passes as if there were no tanh.",
        answer([](double, double dy) { return dy; })},
       {"dy forgotten", "This is the derivative 1 - y^2 alone; the chain rule multiplies it by what comes from above.",
        answer([](double y, double) { return 1 - y * y; })}}};
}

Exercise exercise_8() {
  return {
      8,
      Kind::write,
      answer(relu_backward),
      [](Function f, Trace& trace) {
        for (const double y : {1.5, 0.3, 0.0})
          for (const double dy : {2.0, -1.0}) trace.add(say("y", y, "dy", dy), same<relu_backward>(f)(y, dy));
      },
      {{"always open",
        "Where y = 0 the unit was cut, and nothing may pass: an output of relu is never below 0, so >= is always "
        "true.",
        answer([](double, double dy) { return dy; })},
       {"the value instead of the derivative", "This is y dy. The derivative of relu is 1 or 0, whatever y is.",
        answer([](double y, double dy) { return y * dy; })},
       {"the gradient cut, not the unit", "Here relu is applied to dy. It is y that decides, and dy may be negative.",
        answer([](double, double dy) { return std::max(dy, 0.); })},
       {"open and shut exchanged", "The gradient passes where the unit was cut, and stops where it was not.",
        answer([](double y, double dy) { return y > 0 ? 0 : dy; })}}};
}

Exercise exercise_9() {
  return {
      9,
      Kind::write,
      answer(dense_backward_weights),
      run_weights,
      {{"the outer product transposed", "This is X dY^T. dW has the shape of W: a row for each output.",
        answer([](M dY, M X) { return transposed(dense_backward_weights(dY, X)); })},
       {"only the last state counts", "Each state overwrites the one before it: = where the states must be added up.",
        answer([](M dY, M X) { return dense_backward_weights(column(dY, dY.cols() - 1), column(X, X.cols() - 1)); })},
       {"only the first state counts", "The other states of the batch are left out.",
        answer([](M dY, M X) { return dense_backward_weights(column(dY, 0), column(X, 0)); })},
       {"the mean over the batch", "This is divided by the number of states. J is a sum, so its gradient is one.",
        answer([](M dY, M X) { return scaled(dense_backward_weights(dY, X), 1. / static_cast<double>(X.cols())); })}}};
}

Exercise exercise_10() {
  return {
      10,
      Kind::write,
      answer(dense_backward_bias),
      run_bias,
      {{"the mean over the batch", "This is divided by the number of states. J is a sum, so its gradient is one.",
        answer([](M dY) { return dense_backward_bias(scaled(dY, 1. / static_cast<double>(dY.cols()))); })},
       {"only the last state counts", "Each state overwrites the one before it: = where the states must be added up.",
        answer([](M dY) { return dense_backward_bias(column(dY, dY.cols() - 1)); })},
       {"the bias gradient forgotten", "It is 0 everywhere: the bias would never move.",
        answer([](M dY) { return Vector(dY.rows()); })},
       {"summed over the outputs",
        "One number for each state: the sum runs over the rows, and db has one number for each row.",
        answer([](M dY) { return dense_backward_bias(transposed(dY)); })}}};
}

Exercise exercise_11() {
  return {
      11,
      Kind::write,
      answer(dense_backward_input),
      run_input,
      {{"W not transposed", "This is W dY. An input acts through a column of W; only a square W lets this pass.",
        answer([](M W, M dY) { return dense_backward_input(transposed_if_square(W), dY); })},
       {"only the last output counts",
        "An input acts through every output, and each of them overwrites the one before: = instead of +=.",
        answer([](M W, M dY) {
          Matrix last(W.rows(), W.cols());
          for (std::size_t i = 0; i < W.cols(); ++i) last(W.rows() - 1, i) = W(W.rows() - 1, i);
          return dense_backward_input(last, dY);
        })},
       {"the weights squared", "Every weight counts twice, as W^2: multiply by it once.", answer([](M W, M dY) {
          Matrix squared = W;
          for (nn::Scalar& w : squared.flat()) w *= w;
          return dense_backward_input(squared, dY);
        })},
       {"the mean over the outputs",
        "This is divided by the number of outputs: the chain rule adds, it does not average.",
        answer([](M W, M dY) { return scaled(dense_backward_input(W, dY), 1. / static_cast<double>(W.rows())); })}}};
}

Exercise exercise_12() {
  return {
      12,
      Kind::bug,
      answer(hidden_derivatives),
      run_letter,
      {{"A", "Without any derivative, the program's row would be dy itself, three ones.", answer([] { return 'A'; })},
       {"B", "1 - y^2 is the right derivative: 0.75 for the first unit. The program has more.",
        answer([] { return 'B'; })},
       {"D", "y (1 - y) is 0 for the third unit, and below 0 for the second.", answer([] { return 'D'; })}},
      1e-6,
      {row({0.5, -0.8, 0}), row({derivative_again(0.5), derivative_again(-0.8), derivative_again(0)})}};
}

}  // namespace

inline void add(std::vector<Exercise>& all) {
  all.insert(all.end(), {exercise_7(), exercise_8(), exercise_9(), exercise_10(), exercise_11(), exercise_12()});
}

}  // namespace exercises::backward
