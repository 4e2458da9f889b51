/// The formulas of docs/15-how-far-is-a-step.md, one by one.
#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <vector>

#include "nn/arithmetic/vector_ops.hpp"
#include "nn/optimizer.hpp"
#include "nn/softmax.hpp"
#include "rl/categorical.hpp"

namespace test_formulas_step {

using namespace nn;

namespace {

Vector softmax_of(const Vector& z) {
  Vector p(z.size());
  softmax({z.data(), z.size(), 1}, {p.data(), p.size(), 1});
  return p;
}
/// (one_hot - p) * weight, as it is injected.
Vector injected(const Vector& z, int action, Scalar weight) {
  Vector d(z.size());
  rl::Categorical().weighted_score({z.data(), z.size(), 1}, {&action, 1}, {&weight, 1}, {d.data(), d.size(), 1});
  return d;
}
double divergence(const Vector& p, const Vector& q) {
  double sum = 0;
  for (std::size_t k = 0; k < p.size(); ++k) sum += double(p[k] * std::log(p[k] / q[k]));
  return sum;
}
/// (diag p - p p^T) x, as a table times a vector.
Vector fisher_times(const Vector& p, const Vector& x) {
  Vector result(p.size());
  for (std::size_t j = 0; j < p.size(); ++j)
    for (std::size_t k = 0; k < p.size(); ++k) result[j] += ((j == k ? p[j] : 0) - p[j] * p[k]) * x[k];
  return result;
}

const Vector logits = {Scalar(0.4), Scalar(-0.7), Scalar(1.1)};

/// Every episode of a corridor of two cells and at most six steps, when the policy goes right with the probability p.
template <class Visit>
void every_episode(double p, Visit visit, int cell = 0, int T = 0, double probability = 1, double S = 0) {
  if (cell == 2 || T == 6) {
    visit(probability, S, T);
    return;
  }
  every_episode(p, visit, cell + 1, T + 1, probability * p, S + 1 - p);
  every_episode(p, visit, cell > 0 ? cell - 1 : 0, T + 1, probability * (1 - p), S - p);
}
double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

}  // namespace

// Eq. (15.1), (15.2), (15.3)
TEST_CASE("the divergence of two near policies is a parabola, and its table is the variance of the score") {
  const Vector p = softmax_of(logits);
  CHECK(divergence(p, p) == 0);
  CHECK(divergence(p, softmax_of({0, 0, 0})) > 0);
  const Vector direction = {Scalar(0.3), Scalar(0.5), Scalar(-0.9)};
  Vector by_scores(3);  // E[s s^T] direction
  for (const int a : {0, 1, 2}) {
    const Vector s = injected(logits, a, 1);
    axpy(p[std::size_t(a)] * dot(s, direction), s, by_scores);
  }
  const Vector table = fisher_times(p, direction);
  for (std::size_t k = 0; k < 3; ++k) CHECK(by_scores[k] == doctest::Approx(table[k]).epsilon(1e-13));
  for (const double h : {1e-2, 1e-3}) {  // what is left is of third order
    Vector z = logits;
    axpy(Scalar(h), direction, z);
    const double parabola = h * h * double(dot(direction, table)) / 2;
    CHECK(std::abs(divergence(p, softmax_of(z)) - parabola) < h * parabola);
  }
}

// Eq. (15.4), (15.5)
TEST_CASE("the natural gradient of one state divides by p of the action, and on average the probabilities are gone") {
  const Vector p = softmax_of(logits), returns = {2, -1, Scalar(0.5)};
  Vector mean(3);
  for (const int a : {0, 1, 2}) {
    const auto taken = std::size_t(a);
    Vector natural(3);
    for (std::size_t k = 0; k < 3; ++k) natural[k] = returns[taken] / p[taken] * ((k == taken ? 1 : 0) - Scalar(1) / 3);
    CHECK(std::abs(natural[0] + natural[1] + natural[2]) < 1e-14);
    const Vector back = fisher_times(p, natural), plain = injected(logits, a, returns[taken]);
    for (std::size_t k = 0; k < 3; ++k) CHECK(back[k] == doctest::Approx(plain[k]).epsilon(1e-13));
    axpy(p[taken], natural, mean);
  }
  for (std::size_t k = 0; k < 3; ++k) CHECK(mean[k] == doctest::Approx(returns[k] - 0.5).epsilon(1e-13));
}

TEST_CASE("the first step of Adam has the length alpha times the root of n, whatever the gradient") {  // Eq. (15.6)
  for (const Scalar size : {Scalar(1), Scalar(1000)}) {
    Adam adam({.learning_rate = Scalar(0.04), .beta1 = Scalar(0.5), .beta2 = Scalar(0.9)});
    Vector theta(226), gradient(226);
    for (std::size_t i = 0; i < 226; ++i) gradient[i] = size * (i % 3 == 0 ? -1 : Scalar(0.01) * Scalar(i + 1));
    adam.ascend(theta, gradient);
    CHECK(norm(theta) == doctest::Approx(0.04 * std::sqrt(226.)).epsilon(1e-6));
  }
}

// Eq. (15.7)
TEST_CASE("without a return a step is 0 on average, and its variance is p (1 - p) times the mean length") {
  for (const double p : {0.1, 0.5, 0.95}) {
    double all = 0, mean = 0, square = 0, length = 0;
    every_episode(p, [&](double probability, double S, int T) {
      all += probability, mean += probability * S, square += probability * S * S, length += probability * T;
    });
    CHECK(all == doctest::Approx(1).epsilon(1e-14));
    CHECK(std::abs(mean) < 1e-14);
    CHECK(square == doctest::Approx(p * (1 - p) * length).epsilon(1e-13));
  }
}

// Eq. (15.8)
TEST_CASE("the mean of a walk without a return stays where it began, so those who are farther away are fewer") {
  std::map<double, double> at = {{0, 1}};  // x = z(1) - z(0), and its probability
  for (int update = 0; update < 3; ++update) {
    std::map<double, double> next;
    for (const auto& [x, chance] : at)
      every_episode(sigmoid(x), [&, x = x, chance = chance](double probability, double S, int) {
        next[x + S] += chance * probability;
      });
    at = next;
  }
  double right = 0, left = 0, P_right = 0, P_left = 0;
  for (const auto& [x, chance] : at)
    (x > 0 ? right : left) += chance * std::abs(x), (x > 0 ? P_right : P_left) += chance;
  CHECK(right == doctest::Approx(left).epsilon(1e-12));
  CHECK(P_right > P_left);
  CHECK(right / P_right < left / P_left);
}

TEST_CASE("a program that divides by the length of its episodes climbs the mean of 1 / T") {  // Eq. (15.9)
  const double x = 0.3, p = sigmoid(x);
  const auto inverse_length = [](double at) {
    double sum = 0;
    every_episode(sigmoid(at), [&](double probability, double, int T) { sum += probability / T; });
    return sum;
  };
  double mean = 0;  // S is the sum of the scores with respect to x
  every_episode(p, [&](double probability, double S, int T) { mean += probability * S / T; });
  CHECK(mean > 0.01);
  CHECK(mean == doctest::Approx((inverse_length(x + 1e-5) - inverse_length(x - 1e-5)) / 2e-5).epsilon(1e-8));
}

}  // namespace test_formulas_step
