#pragma once
/// Exercises 52 and 53: Pong from pixels.

#include <algorithm>

#include "tests/exercises/checks/arithmetic.hpp"

namespace exercises::pixels {
namespace {

using Pixels = const std::vector<int>&;

Matrix some_columns(const Matrix& W, Pixels pixels) {
  Matrix result(W.rows(), pixels.size());
  for (std::size_t k = 0; k < pixels.size(); ++k)
    for (std::size_t o = 0; o < W.rows(); ++o) result(o, k) = W(o, static_cast<std::size_t>(pixels[k]));
  return result;
}
Matrix as_column(V values) {
  Matrix X(values.size(), 1);
  std::copy(values.begin(), values.end(), X.flat().begin());
  return X;
}
Vector as_vector(const Matrix& Y) {
  return {Y.flat().begin(), Y.flat().end()};
}
Vector sparse_layer(const Matrix& W, const Vector& b, const std::vector<int>& pixels, const Vector& values) {
  return as_vector(dense_forward(some_columns(W, pixels), b, as_column(values)));
}
void run_layer(Function f, Trace& trace) {
  Numbers numbers(52);
  const auto mine = same<sparse_layer>(f);
  const std::vector<std::vector<int>> all = {{1, 3}, {0, 2, 5}, {4}, {}, {2, 3, 4, 5}};
  for (const auto& pixels : all) {
    const Matrix W = numbers.matrix(3, 6);
    const Vector b = numbers.vector(3), values = numbers.vector(pixels.size());
    trace.add(say("W", W, "b", b, "pixels", Vector(pixels.begin(), pixels.end()), "values", values),
              mine(W, b, pixels, values));
  }
}

/// The return, cut where cut(t) says that what follows step t is another story.
template <class Cut>
Vector returns_cut(V rewards, double gamma, Cut cut) {
  Vector returns(rewards.size());
  double following = 0;
  for (std::size_t t = rewards.size(); t-- > 0;) {
    if (cut(t)) following = 0;
    returns[t] = following = rewards[t] + gamma * following;
  }
  return returns;
}
Vector point_returns(const Vector& rewards, double gamma) {
  return returns_cut(rewards, gamma, [&](std::size_t t) { return rewards[t] != 0; });
}
void run_points(Function f, Trace& trace) {
  const auto mine = same<point_returns>(f);
  for (const double gamma : {0.5, 0.9})
    for (const Vector& r :
         {Vector{0, 0, 1, 0, -1, 0, 0, 1}, Vector{0, -1}, Vector{0, 0, 0, -1, 1, 0, 0, -1}, Vector{1}, Vector{0, 1, 0}})
      trace.add(say("rewards", r, "gamma", gamma), mine(r, gamma));
}

Exercise exercise_52() {
  return {
      52,
      Kind::write,
      answer(sparse_layer),
      run_layer,
      {{"the values taken for 1", "A pixel that went dark has the value -1: its weights are taken away.",
        answer([](M W, V b, Pixels pixels, V values) { return sparse_layer(W, b, pixels, Vector(values.size(), 1)); })},
       {"the bias forgotten", "The biases are missing: y had them when it was given to you.",
        answer([](M W, V b, Pixels pixels, V values) { return sparse_layer(W, Vector(b.size()), pixels, values); })},
       {"the first columns of W", "This uses column k for entry k of the list, and not the column of its pixel.",
        answer([](M W, V b, Pixels pixels, V values) {
          std::vector<int> first;
          for (int k = 0; k < static_cast<int>(pixels.size()); ++k) first.push_back(k);
          return sparse_layer(W, b, first, values);
        })},
       {"only the last pixel counts", "Each pixel overwrites what the one before it has added, and the bias: = for +=.",
        answer([](M W, V b, Pixels pixels, V values) {
          if (pixels.empty()) return b;
          return sparse_layer(W, Vector(b.size()), {pixels.back()}, {values.back()});
        })},
       {"only the last pixel, and the bias", "Each pixel overwrites what the one before it has added.",
        answer([](M W, V b, Pixels pixels, V values) {
          if (pixels.empty()) return b;
          return sparse_layer(W, b, {pixels.back()}, {values.back()});
        })}}};
}

Exercise exercise_53() {
  return {
      53,
      Kind::write,
      answer(point_returns),
      run_points,
      {{"never cut", "A decision is credited with the points that come after its own.",
        answer([](V r, double gamma) { return returns_cut(r, gamma, [](std::size_t) { return false; }); })},
       {"cut one step early",
        "The sum starts anew below the step that ends the point, and so every decision loses the reward of its point.",
        answer([](V r, double gamma) {
          return returns_cut(r, gamma, [&](std::size_t t) { return t + 1 < r.size() && r[t + 1] != 0; });
        })},
       {"only wins end a point", "A lost point ends, too: its reward is -1, and that is not 0 either.",
        answer([](V r, double gamma) { return returns_cut(r, gamma, [&](std::size_t t) { return r[t] > 0; }); })},
       {"the discount forgotten", "Every decision of a point gets its whole reward, without gamma.",
        answer([](V r, double) { return point_returns(r, 1); })}}};
}

}  // namespace

inline void add(std::vector<Exercise>& all) {
  all.insert(all.end(), {exercise_52(), exercise_53()});
}

}  // namespace exercises::pixels
