#pragma once
/// Are the right answers right? Every derivative is compared with the central difference of its function, and the
/// constants are computed. Uses nothing but the functions themselves.

#include <numeric>

#include "tests/exercises/checks/backward.hpp"
#include "tests/exercises/checks/baselines.hpp"
#include "tests/exercises/checks/continuous.hpp"
#include "tests/exercises/checks/cross_entropy.hpp"
#include "tests/exercises/checks/gradient_check.hpp"
#include "tests/exercises/checks/injected.hpp"
#include "tests/exercises/checks/question.hpp"
#include "tests/exercises/checks/returns.hpp"
#include "tests/exercises/checks/tiny_world.hpp"
#include "tests/exercises/checks/weights.hpp"

namespace exercises {

template <class F>
double derivative(F f, double h = 1e-5) {
  return (f(h) - f(-h)) / (2 * h);
}

/// The largest distance between gradient and the differences of J when each number of x is moved.
template <class F, class Numbers, class Gradient>
double distance(F J, Numbers& x, const Gradient& gradient) {
  double most = x.size() == gradient.size() ? 0 : 1;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double saved = x[i];
    const double difference = derivative([&](double h) { return x[i] = saved + h, J(); });
    x[i] = saved;
    most = std::max(most, std::abs(difference - gradient[i]));
  }
  return most;
}

constexpr double x = 0.7;

template <class Near>
void prove_layers(Near near) {
  constexpr double dy = -1.3;
  near(7, backward::tanh_backward(std::tanh(x), dy), dy * derivative([&](double h) { return std::tanh(x + h); }));
  near(8, backward::relu_backward(x, dy), dy * derivative([&](double h) { return std::max(0., x + h); }));
  near(8, backward::relu_backward(0, dy), dy * derivative([&](double h) { return std::max(0., -x + h); }));

  Numbers numbers(1);
  Matrix W = numbers.matrix(3, 2), X = numbers.matrix(2, 4);
  const Matrix C = numbers.matrix(3, 4);
  Vector b = numbers.vector(3);
  const auto J = [&] {
    const Matrix Y = dense_forward(W, b, X);
    return std::inner_product(Y.flat().begin(), Y.flat().end(), C.flat().begin(), 0.);
  };
  auto w = W.flat(), inputs = X.flat();
  near(9, distance(J, w, backward::dense_backward_weights(C, X).flat()), 0);
  near(10, distance(J, b, backward::dense_backward_bias(C)), 0);
  near(11, distance(J, inputs, backward::dense_backward_input(W, C).flat()), 0);
}

template <class Near>
void prove_probabilities(Near near) {
  Vector z = {0.4, -1, 2};
  const Vector q = {1.5, -2, 0.5};
  const auto log_prob = [&](int a) { return at(cross_entropy::log_softmax(z), a); };
  for (const int a : {0, 1, 2}) {
    near(18, distance([&] { return -log_prob(a); }, z, cross_entropy::cross_entropy_gradient(softmax(z), a)), 0);
    near(20, distance([&] { return log_prob(a); }, z, injected::score(softmax(z), a)), 0);
    near(21, distance([&] { return -2.5 * log_prob(a); }, z, injected::injected(z, a, -2.5)), 0);
    near(17, std::exp(log_prob(a)), at(softmax(z), a));
  }
  const auto mean = [&] {
    const Vector p = softmax(z);
    return std::inner_product(q.begin(), q.end(), p.begin(), 0.);
  };
  near(24, distance(mean, z, tiny_world::expected_gradient(softmax(z), q)), 0);
  near(38, distance([&] { return baselines::entropy(softmax(z)); }, z, baselines::entropy_gradient(softmax(z))), 0);
}

template <class Near>
void prove_continuous_actions(Near near) {
  const double a = 0.3, mu = -0.5, sigma = 0.4;
  const auto log_density = [&](double mean_of, double s) {
    return -(a - mean_of) * (a - mean_of) / (2 * s * s) - std::log(s) - continuous::half_log_two_pi();
  };
  near(42, continuous::gaussian_score(a, mu, sigma), derivative([&](double h) { return log_density(mu + h, sigma); }));
  near(43, continuous::log_sigma_score(a, mu, sigma),
       derivative([&](double h) { return log_density(mu, sigma * std::exp(h)); }));
  near(45, continuous::log_density(), std::log(1 / (0.1 * std::sqrt(2 * 3.14159265358979))));
  for (const int action : {0, 1})
    near(44, continuous::bernoulli_score(x, action), derivative([&](double h) {
           const double p = continuous::sigmoid(x + h);
           return std::log(action == 1 ? p : 1 - p);
         }));
}

template <class Near>
void prove_ppo_weight(Near near) {
  for (const double A : {2., -3.})
    for (const double ratio : {0.5, 0.9, 1.1, 1.5})
      near(41, weights::ppo_weight(ratio, A, 0.2), derivative([&](double h) {
             const double r = ratio * std::exp(h);
             return std::min(r * A, std::clamp(r, 0.8, 1.2) * A);
           }));
}

/// expect(condition, number of the exercise, what).
template <class Expect>
void prove_right_answers(Expect expect) {
  const auto near = [&](int number, double a, double b) {
    expect(std::abs(a - b) < 1e-6, number, "the right answer is no derivative");
  };
  prove_layers(near);
  prove_probabilities(near);
  prove_continuous_actions(near);
  prove_ppo_weight(near);

  const Vector vectors[] = {{0.8, -0.8}, {2 * std::log(0.6), 0}, {1.2, 0.8}};
  for (std::size_t i = 0; i < 3; ++i) {
    const double p = softmax({std::log(0.6) + 0.01 * vectors[i][0], std::log(0.4) + 0.01 * vectors[i][1]})[0];
    near(2, question::which_way()[i], p > 0.6 ? 1 : -1);
  }
  const auto error = [&](double exponent) {
    return std::abs(derivative([&](double h) { return std::tanh(x + h); }, std::pow(10, exponent)) - 1 +
                    std::tanh(x) * std::tanh(x));
  };
  expect(error(-5) < error(-1) && error(-5) < error(-11), 14, "another step is better");
  const double halves[] = {0.5, 0.5, 0.5};
  near(28, returns::integer_sum(), std::accumulate(std::begin(halves), std::end(halves), 0));
}

}  // namespace exercises
