/// The formulas of docs/04-softmax-and-cross-entropy.md and docs/05-from-the-equation-to-the-label.md, one by one.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "nn/arithmetic/vector_ops.hpp"
#include "nn/gradient_check.hpp"
#include "nn/loss.hpp"
#include "nn/network.hpp"
#include "nn/optimizer.hpp"
#include "nn/softmax.hpp"
#include "rl/categorical.hpp"
#include "tests/support.hpp"

namespace test_formulas_policy {

using namespace nn;
using tests::random_actions;
using tests::random_matrix;
using tests::random_vector;
using tests::within;

namespace {

constexpr std::size_t K = 4;

std::vector<double> softmax_of(ConstMatrixView z) {  // of one column, straight from the definition
  std::vector<double> p;
  double total = 0;
  for (std::size_t k = 0; k < z.rows(); ++k) p.push_back(std::exp(double(z(k, 0)))), total += p.back();
  for (double& x : p) x /= total;
  return p;
}
std::vector<double> library_softmax(ConstMatrixView z) {
  Matrix P(z.rows(), 1);
  softmax(z, P);
  return {P.flat().begin(), P.flat().end()};
}
double distance(const std::vector<double>& x, const std::vector<double>& y) {
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) worst = std::max(worst, std::abs(x[i] - y[i]));
  return worst;
}
Vector score(ConstMatrixView z, int action, double weight = 1) {
  Vector result(z.rows());
  const auto w = static_cast<Scalar>(weight);
  rl::Categorical().weighted_score(z, {&action, 1}, {&w, 1}, MatrixView(result.data(), result.size(), 1));
  return result;
}
double log_prob(ConstMatrixView z, int action) {
  Scalar result = 0;
  rl::Categorical().log_prob(z, {&action, 1}, {&result, 1});
  return double(result);
}

}  // namespace

// Eq. (4.1), (4.2), (4.3), (0.2), (0.3)
TEST_CASE("softmax is exponentials over their sum, does not see a shift, and its log is finite where it rounds to 0") {
  Random rng(71);
  Matrix z = random_matrix(K, 1, rng, 3);
  const auto p = softmax_of(z);
  CHECK(distance(p, library_softmax(z)) < within(1e-15, 1e-6));
  const double largest = double(*std::ranges::max_element(z.flat()));
  double sum = 0;
  for (const Scalar x : z.flat()) sum += std::exp(double(x) - largest);
  double worst = 0;
  for (std::size_t k = 0; k < K; ++k) {
    const double by_formula = double(z(k, 0)) - largest - std::log(sum);
    worst = std::max({worst, std::abs(by_formula - std::log(p[k])), std::abs(by_formula - log_prob(z, int(k)))});
  }
  CHECK(worst < within(1e-14, 1e-5));
  for (Scalar& x : z.flat()) x += 1000;
  CHECK(distance(p, library_softmax(z)) < within(1e-12, 1e-3));
  Matrix far(2, 1);
  far(0, 0) = 800, far(1, 0) = -800;
  CHECK(log_prob(far, 1) == -1600);
}

TEST_CASE("log sum exp has softmax as its gradient, and log softmax one_hot - p") {  // Eq. (4.4), (4.5), (0.5)
  Random rng(72);
  Matrix z = random_matrix(K, 1, rng, 2);
  const auto p = softmax_of(z);
  const Vector p_scalar(p.begin(), p.end());
  const auto log_sum_exp = [&] {
    double total = 0;
    for (const Scalar x : z.flat()) total += std::exp(double(x));
    return std::log(total);
  };
  CHECK(max_gradient_error(z.flat(), p_scalar, log_sum_exp) < within(1e-9, 1e-3));
  for (int a = 0; a < int(K); ++a) {
    Vector by_formula(K);
    const Vector by_policy = score(z, a);
    for (std::size_t k = 0; k < K; ++k) by_formula[k] = Scalar(k == std::size_t(a)) - p_scalar[k];
    CHECK(max_gradient_error(z.flat(), by_formula, [&] { return log_prob(z, a); }) < within(1e-9, 1e-3));
    CHECK(distance({by_formula.begin(), by_formula.end()}, {by_policy.begin(), by_policy.end()}) < within(1e-15, 1e-6));
  }
}

TEST_CASE(
    "every probability moves with every logit: p_j ([j = k] - p_k), and the shares sum to 0") {  // Eq. (4.6), (4.9)
  Random rng(73);
  Matrix z = random_matrix(K, 1, rng, 2);
  const auto p = softmax_of(z);
  double row_sum = 0;
  for (std::size_t j = 0; j < K; ++j) {
    Vector jacobian(K);
    double total = 0;
    for (std::size_t k = 0; k < K; ++k) {
      jacobian[k] = static_cast<Scalar>(p[j] * (double(j == k) - p[k]));
      total += double(jacobian[k]);
    }
    row_sum = std::max({row_sum, std::abs(total), std::abs(double(sum(score(z, int(j)))))});
    CHECK(max_gradient_error(z.flat(), jacobian, [&] { return library_softmax(z)[j]; }) < within(1e-9, 1e-3));
  }
  CHECK(row_sum < within(1e-15, 1e-6));
}

// Eq. (4.7), (4.8), (0.7), (0.8)
TEST_CASE(
    "cross-entropy is minus the label's log probability, and its gradient is p - y for any label that sums to 1") {
  Random rng(74);
  Matrix z = random_matrix(K, 1, rng, 2);
  const double label[K] = {0.1, 0.2, 0.4, 0.3};
  const auto p = softmax_of(z);
  Vector by_formula(K), one_hot(K);
  for (std::size_t k = 0; k < K; ++k) by_formula[k] = static_cast<Scalar>(p[k] - label[k]);
  const auto soft = [&] {
    double L = 0;
    for (std::size_t k = 0; k < K; ++k) L -= label[k] * log_prob(z, int(k));
    return L;
  };
  CHECK(max_gradient_error(z.flat(), by_formula, soft) < within(1e-9, 1e-3));
  const int a = 2;
  const Scalar w = Scalar(-1.5);
  CHECK(std::abs(double(cross_entropy(z, {&a, 1}, {&w, 1})) - 1.5 * std::log(p[2])) < within(1e-14, 1e-5));
  cross_entropy_gradient(z, {&a, 1}, {&w, 1}, MatrixView(one_hot.data(), K, 1));
  CHECK(distance({one_hot.begin(), one_hot.end()}, {-1.5 * p[0], -1.5 * p[1], -1.5 * (p[2] - 1), -1.5 * p[3]}) <
        within(1e-14, 1e-5));
}

TEST_CASE("softmax of softmax never gives more than e / (e + K - 1)") {  // Eq. (4.10)
  for (const std::size_t count : {2u, 3u, 10u}) {
    const double ceiling = std::exp(1.) / (std::exp(1.) + double(count) - 1);
    Matrix z(count, 1), P(count, 1);
    double previous = 0;
    for (const int size : {1, 2, 5, 1000}) {  // surer and surer
      z(0, 0) = static_cast<Scalar>(size);
      softmax(z, P), softmax(P, P);
      CHECK(double(P(0, 0)) > previous);
      CHECK(double(P(0, 0)) <= ceiling + within(1e-15, 1e-6));
      previous = double(P(0, 0));
    }
    CHECK(std::abs(previous - ceiling) < within(1e-15, 1e-6));
  }
}

// Eq. (5.1), (5.2), (5.3), (0.4)
TEST_CASE("the gradient of p is p times the gradient of log p, so that of J is the average of return times score") {
  Random rng(75);
  Matrix z = random_matrix(K, 1, rng, 2);
  Vector returns = random_vector(K, rng);
  scale(5, returns);
  const auto p = softmax_of(z);
  const auto J = [&] {
    const auto q = library_softmax(z);
    double total = 0;
    for (std::size_t k = 0; k < K; ++k) total += q[k] * double(returns[k]);
    return total;
  };
  Vector average(K);
  for (std::size_t k = 0; k < K; ++k) {
    Vector gradient = score(z, int(k));
    scale(static_cast<Scalar>(p[k]), gradient);
    CHECK(max_gradient_error(z.flat(), gradient, [&] { return library_softmax(z)[k]; }) < within(1e-9, 1e-3));
    axpy(returns[k], gradient, average);
  }
  CHECK(max_gradient_error(z.flat(), average, J) < within(1e-9, 1e-3));
  CHECK(dot(average, average) > 1e-2);
}

// Eq. (5.4), (5.7)
TEST_CASE(
    "the mean over actions drawn is near the gradient, within five standard errors of 100,000; without the return it "
    "is 0") {
  constexpr std::size_t count = 100'000;
  Random rng(76);
  Matrix Z(2, count), injected(2, count);
  fill(Z.row(0), static_cast<Scalar>(std::log(0.6))), fill(Z.row(1), static_cast<Scalar>(std::log(0.4)));
  std::vector<double> u(count);
  std::ranges::generate(u, [&] { return rng.uniform(); });
  std::vector<int> actions(count);
  rl::Categorical distribution;
  distribution.sample(Z, u, actions);
  Vector weights(count);
  for (std::size_t t = 0; t < count; ++t) weights[t] = actions[t] == 0 ? 2 : 1;
  distribution.weighted_score(Z, actions, weights, injected);
  CHECK(std::abs(double(sum(injected.row(0))) / count - 0.24) < 5 * std::sqrt(0.4704 / count));
  distribution.weighted_score(Z, actions, Vector(count, 1), injected);
  CHECK(std::abs(double(sum(injected.row(0))) / count) < 5 * std::sqrt(0.24 / count));
  double exact = 0;  // and exactly, by adding up both actions
  for (const int a : {0, 1})
    exact += softmax_of(Z.view().columns(0, 1))[std::size_t(a)] * double(score(Z.view().columns(0, 1), a)[0]);
  CHECK(std::abs(exact) < within(1e-16, 1e-7));
}

// Eq. (5.5), (5.6), (0.1), (0.6)
TEST_CASE("one backward pass adds up all logits, and climbing the return is descending the weighted cross-entropy") {
  Random rng(77);
  Network policy({3, 5, K}, Activation::tanh, rng);
  const Matrix states = random_matrix(3, 6, rng);
  const auto actions = random_actions(6, K, rng);
  const Vector returns = random_vector(6, rng);
  Matrix injected(K, 6), dZ(K, 6), dz_dtheta(K, 6);
  rl::Categorical distribution;
  distribution.weighted_score(policy.feedforward(states), actions, returns, injected);
  policy.backpropagate(injected);
  const Vector at_once(policy.gradients().begin(), policy.gradients().end());
  Vector by_logit(at_once.size());
  for (std::size_t k = 0; k < K; ++k) {  // sum_k sum_t injected(k, t) dz(k, t)/dtheta
    policy.zero_gradients();
    fill(dz_dtheta.flat(), 0);
    std::ranges::copy(injected.row(k), dz_dtheta.row(k).begin());
    policy.backpropagate(dz_dtheta);
    axpy(1, policy.gradients(), by_logit);
  }
  CHECK(distance({at_once.begin(), at_once.end()}, {by_logit.begin(), by_logit.end()}) < within(1e-14, 1e-5));
  const auto J = [&] { return -cross_entropy(policy.feedforward(states), actions, returns); };
  CHECK(max_gradient_error(policy.parameters(), at_once, J) < within(1e-9, 1e-2));
  cross_entropy_gradient(policy.feedforward(states), actions, returns, dZ);
  for (Scalar& x : dZ.flat()) x = -x;
  CHECK(std::ranges::equal(dZ.flat(), injected.flat()));
  // theta += alpha G grad log pi, for every step
  Vector up(policy.parameters().begin(), policy.parameters().end());
  const Vector before = up;
  Sgd({.learning_rate = Scalar(0.1)}).ascend(up, at_once);
  double worst = 0;
  for (std::size_t i = 0; i < up.size(); ++i)
    worst = std::max(worst, std::abs(double(before[i]) + 0.1 * double(at_once[i]) - double(up[i])));
  CHECK(worst < within(1e-15, 1e-6));
}

}  // namespace test_formulas_policy
