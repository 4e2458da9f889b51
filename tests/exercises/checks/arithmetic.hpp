#pragma once
/// The arithmetic that several checks need, written once more in the plainest way: nothing here calls nn.

#include <algorithm>

#include "tests/exercises/checks/check.hpp"

namespace exercises {

using V = const Vector&;
using M = const Matrix&;

inline Matrix dense_forward(const Matrix& W, const Vector& b, const Matrix& X) {
  Matrix Y(W.rows(), X.cols());
  for (std::size_t o = 0; o < W.rows(); ++o)
    for (std::size_t t = 0; t < X.cols(); ++t) {
      Y(o, t) = b[o];
      for (std::size_t i = 0; i < W.cols(); ++i) Y(o, t) += W(o, i) * X(i, t);
    }
  return Y;
}
inline Matrix transposed(const Matrix& W) {
  Matrix result(W.cols(), W.rows());
  for (std::size_t r = 0; r < W.rows(); ++r)
    for (std::size_t c = 0; c < W.cols(); ++c) result(c, r) = W(r, c);
  return result;
}
inline Matrix transposed_if_square(const Matrix& W) {
  return W.rows() == W.cols() ? transposed(W) : W;
}
inline Matrix scaled(Matrix Y, double factor) {
  for (nn::Scalar& y : Y.flat()) y *= factor;
  return Y;
}
/// One column.
inline Matrix column(const Matrix& X, std::size_t t) {
  Matrix result(X.rows(), 1);
  for (std::size_t i = 0; i < X.rows(); ++i) result(i, 0) = X(i, t);
  return result;
}
inline Vector one_hot(std::size_t count, int action) {
  Vector e(count);
  e[static_cast<std::size_t>(action)] = 1;
  return e;
}
/// a x + b y
inline Vector mix(double a, V x, double b, V y) {
  Vector result;
  for (std::size_t k = 0; k < x.size(); ++k) result.push_back(a * x[k] + b * y[k]);
  return result;
}
inline Vector softmax(V z) {
  Vector p;
  double sum = 0;
  const double most = *std::max_element(z.begin(), z.end());
  for (const double value : z) sum += std::exp(value - most);
  for (const double value : z) p.push_back(std::exp(value - most) / sum);
  return p;
}
inline double at(V p, int action) {
  return p[static_cast<std::size_t>(action)];
}
inline double sum(V x) {
  double total = 0;
  for (const double value : x) total += value;
  return total;
}
inline Vector scaled(Vector g, double factor) {
  for (double& x : g) x *= factor;
  return g;
}

struct Shape {
  std::size_t outputs, inputs, batch;
};
const Shape shapes[] = {{2, 2, 1}, {2, 2, 3}, {3, 3, 2}, {3, 2, 4}, {1, 4, 2}, {2, 5, 1}};  // square ones first

}  // namespace exercises
