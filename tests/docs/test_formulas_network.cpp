/// The formulas of docs/01-a-dense-layer.md, docs/02-backward.md and docs/03-trust-but-check.md, one by one.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "nn/activation.hpp"
#include "nn/arithmetic/elementary.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "nn/dense.hpp"
#include "nn/gradient_check.hpp"
#include "nn/network.hpp"
#include "tests/support.hpp"

namespace test_formulas_network {

using namespace nn;
using tests::random_matrix;
using tests::random_vector;
using tests::within;

namespace {

double distance(ConstVectorView x, ConstVectorView y) {
  double worst = x.size() == y.size() ? 0 : 1;
  for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i)
    worst = std::max(worst, std::abs(double(x[i]) - double(y[i])));
  return worst;
}
/// A layer written down as the formula has it.
Matrix layer(ConstMatrixView W, ConstVectorView b, ConstMatrixView X) {
  Matrix Y(W.rows(), X.cols());
  for (std::size_t o = 0; o < W.rows(); ++o)
    for (std::size_t t = 0; t < X.cols(); ++t) {
      double sum = double(b[o]);
      for (std::size_t i = 0; i < W.cols(); ++i) sum += double(W(o, i)) * double(X(i, t));
      Y(o, t) = static_cast<Scalar>(sum);
    }
  return Y;
}
double rms(ConstVectorView x) {
  return std::sqrt(double(dot(x, x)) / double(x.size()));
}

}  // namespace

// Eq. (1.1), (1.2), (1.3)
TEST_CASE("a layer is a weighted sum and a bias for every output and state, and two in a row are one") {
  Random rng(81);
  const Matrix W1 = random_matrix(5, 3, rng), W2 = random_matrix(2, 5, rng), X = random_matrix(3, 7, rng);
  const Vector b1 = random_vector(5, rng), b2 = random_vector(2, rng);
  Matrix H(5, 7), Y(2, 7), W(2, 3), b(2, 1), once(2, 7);
  dense_forward(W1, b1, X, H);
  CHECK(distance(H.flat(), layer(W1, b1, X).flat()) < within(1e-14, 1e-6));
  dense_forward(W2, b2, H, Y);
  dense_forward(W2, Vector(2), W1, W);
  dense_forward(W2, b2, ConstMatrixView(b1.data(), 5, 1), b);
  dense_forward(W, b.flat(), X, once);
  CHECK(distance(Y.flat(), once.flat()) < within(1e-14, 5e-6));
  CHECK(rms(Y.flat()) > 0.1);
}

// Eq. (1.4), (1.5), (2.6), (2.7)
TEST_CASE("tanh and relu are what the page says, and their derivatives can be read off their outputs") {
  Random rng(82);
  Matrix x = random_matrix(1, 40, rng, 3);
  Matrix bent = x, cut = x, dT(1, 40), dR(1, 40);
  activation_forward(Activation::tanh, bent), activation_forward(Activation::relu, cut);
  double worst = 0;
  for (std::size_t i = 0; i < 40; ++i) {
    const double u = double(x(0, i)), by_formula = (std::exp(u) - std::exp(-u)) / (std::exp(u) + std::exp(-u));
    worst = std::max({worst, std::abs(by_formula - double(bent(0, i))), std::abs(std::max(0., u) - double(cut(0, i)))});
  }
  CHECK(worst < within(1e-15, 1e-6));
  const Matrix dY = random_matrix(1, 40, rng);
  dT = dY, dR = dY;
  activation_backward(Activation::tanh, bent, dT), activation_backward(Activation::relu, cut, dR);
  Matrix Y(1, 40);
  for (const auto& [activation, gradient] : {std::pair{Activation::tanh, &dT}, std::pair{Activation::relu, &dR}}) {
    const auto J = [&, f = activation] { return Y = x, activation_forward(f, Y), dot(dY.flat(), Y.flat()); };
    CHECK(max_gradient_error(x.flat(), gradient->flat(), J, Scalar(is_double ? 1e-6 : 1e-3)) < within(1e-9, 5e-3));
  }
  worst = 0;
  for (std::size_t i = 0; i < 40; ++i)
    worst = std::max(worst, std::abs(double(dY(0, i)) * (1 - std::pow(double(bent(0, i)), 2)) - double(dT(0, i))));
  CHECK(worst < within(1e-15, 1e-6));
}

TEST_CASE("a network is a layer, tanh, and a layer") {  // Eq. (1.6)
  Random rng(83);
  Network network({3, 5, 2}, Activation::tanh, rng);
  const Matrix X = random_matrix(3, 4, rng);
  Matrix H = layer(network.weight(0), network.bias(0), X);
  for (Scalar& h : H.flat()) h = static_cast<Scalar>(std::tanh(double(h)));
  CHECK(distance(network.feedforward(X).row(1), layer(network.weight(1), network.bias(1), H).row(1)) <
        within(1e-14, 1e-6));
}

TEST_CASE("the sums of a layer keep the size of its inputs when a weight has variance 1/n") {  // Eq. (1.7)
  Random rng(84);
  constexpr std::size_t n = 400;
  const double variance = 1. / n;  // of 400 x 400 weights: five standard errors of the mean square are 2 %
  const Matrix W = random_matrix(n, n, rng, std::sqrt(3 * variance)), X = random_matrix(n, 20, rng);
  Matrix Y(n, 20);
  dense_forward(W, Vector(n), X, Y);
  CHECK(std::abs(rms(Y.flat()) / rms(X.flat()) - 1) < 0.05);
  Network network({n, n, 2}, Activation::tanh, rng);  // and that is how it starts
  CHECK(std::abs(rms(network.weight(0).flat()) * std::sqrt(double(n)) - 1) < 0.02);
}

// Eq. (2.1), (2.2), (2.3), (2.4), (2.5)
TEST_CASE("the gradients of a layer are the three sums of the page, and those are the derivatives") {
  Random rng(85);
  Matrix W = random_matrix(3, 4, rng), X = random_matrix(4, 6, rng);
  const Matrix dY = random_matrix(3, 6, rng);
  Vector b = random_vector(3, rng), db(3), by_hand_db(3);
  Matrix dW(3, 4), dX(4, 6), by_hand_dW(3, 4), by_hand_dX(4, 6), Y(3, 6);
  dense_backward(W, X, dY, dW, db, dX);
  for (std::size_t o = 0; o < 3; ++o)
    for (std::size_t t = 0; t < 6; ++t) {
      by_hand_db[o] += dY(o, t);
      for (std::size_t i = 0; i < 4; ++i) {
        by_hand_dW(o, i) += dY(o, t) * X(i, t);
        by_hand_dX(i, t) += W(o, i) * dY(o, t);
      }
    }
  CHECK(distance(dW.flat(), by_hand_dW.flat()) < within(1e-14, 1e-6));
  CHECK(distance(dX.flat(), by_hand_dX.flat()) < within(1e-14, 1e-6));
  CHECK(distance(db, by_hand_db) < within(1e-14, 1e-6));
  const auto J = [&] { return dense_forward(W, b, X, Y), dot(dY.flat(), Y.flat()); };
  CHECK(max_gradient_error(W.flat(), by_hand_dW.flat(), J) < within(1e-9, 1e-3));
  CHECK(max_gradient_error(b, by_hand_db, J) < within(1e-9, 1e-3));
  CHECK(max_gradient_error(X.flat(), by_hand_dX.flat(), J) < within(1e-9, 1e-3));
}

// Eq. (2.8)
TEST_CASE("a network backwards is a layer, the derivatives of tanh, and a layer: the first layer's gradient by hand") {
  Random rng(86);
  Network network({3, 5, 2}, Activation::tanh, rng);
  const Matrix X = random_matrix(3, 4, rng), dZ = random_matrix(2, 4, rng);
  network.feedforward(X);
  network.backpropagate(dZ);
  Matrix H = layer(network.weight(0), network.bias(0), X), dU(5, 4), dW(5, 3);
  for (std::size_t j = 0; j < 5; ++j)
    for (std::size_t t = 0; t < 4; ++t) {
      const double h = std::tanh(double(H(j, t)));
      double back = 0;
      for (std::size_t k = 0; k < 2; ++k) back += double(network.weight(1)(k, j)) * double(dZ(k, t));
      dU(j, t) = static_cast<Scalar>(back * (1 - h * h));
      for (std::size_t i = 0; i < 3; ++i) dW(j, i) += dU(j, t) * X(i, t);
    }
  CHECK(distance(network.gradients().first(15), dW.flat()) < within(1e-14, 1e-6));
  CHECK(rms(dW.flat()) > 1e-2);
}

// Eq. (3.1), (3.2), (3.3), (3.4)
TEST_CASE("one-sided differences miss by h/2 J'', central ones by h^2/6 J''', and rounding by epsilon J / h") {
  const double x = 0.7;  // J = e^x: every derivative is J. In double whatever Scalar is: it is about arithmetic.
  const double J = std::exp(x);
  const auto one_sided = [&](double h) { return (std::exp(x + h) - J) / h - J; };
  const auto central = [&](double h) { return (std::exp(x + h) - std::exp(x - h)) / (2 * h) - J; };
  CHECK(std::abs(one_sided(1e-3) / (1e-3 / 2 * J) - 1) < 1e-3);
  CHECK(std::abs(central(1e-2) / (1e-4 / 6 * J) - 1) < 1e-3);
  const double epsilon = 0x1p-53;
  double worst = 0;
  for (int i = 1; i <= 50; ++i) {  // at h = 1e-10 the curve is straight: all error is rounding, of J and of the steps
    const double h = 1e-10 * i, error = std::abs(central(h));
    worst = std::max(worst, error * h / (epsilon * J));
  }
  CHECK(worst > 0.1);
  CHECK(worst < 4);
  const double best = std::cbrt(3 * epsilon);  // of h^2/6 + epsilon/h, for J''' = J
  const auto bound = [&](double h) { return h * h / 6 + epsilon / h; };
  CHECK(bound(best) < bound(best * 1.2));
  CHECK(bound(best) < bound(best / 1.2));
  CHECK(std::abs(central(best)) < 100 * bound(best));
}

// Eq. (3.5), (3.6)
TEST_CASE("the error is relative to the largest derivative, and one direction asks about all parameters at once") {
  Random rng(87);
  Network network({3, 5, 2}, Activation::tanh, rng);
  const Matrix X = random_matrix(3, 4, rng), C = random_matrix(2, 4, rng, 20);
  const auto J = [&] { return dot(C.flat(), network.feedforward(X).flat()); };
  J();
  network.backpropagate(C);
  Vector wrong(network.gradients().begin(), network.gradients().end());
  const double largest = std::abs(double(*std::ranges::max_element(wrong, {}, [](Scalar g) { return std::abs(g); })));
  wrong[2] += static_cast<Scalar>(0.1 * largest);
  CHECK(largest > 1);
  const double one_wrong = double(wrong[2]), largest_of_both = std::max(largest, std::abs(one_wrong));
  CHECK(max_gradient_error(network.parameters(), wrong, J) ==
        doctest::Approx(0.1 * largest / largest_of_both).epsilon(within(1e-6, 1e-2)));
  const auto tiny = [&] { return double(J()) * 1e-8; };  // derivatives of 1e-8, and a gradient that says 0
  CHECK(max_gradient_error(network.parameters(), Vector(wrong.size()), tiny) == doctest::Approx(1).epsilon(1e-6));
  CHECK(max_gradient_error(network.parameters(), Vector(wrong.size()), [] { return 3.; }) == 0);
  const Vector direction = random_vector(wrong.size(), rng),
               start(network.parameters().begin(), network.parameters().end());
  const Scalar h = is_double ? Scalar(1e-5) : Scalar(1e-2);
  const auto moved = [&](Scalar step) {
    std::ranges::copy(start, network.parameters().begin());
    axpy(step, direction, network.parameters());
    return double(J());
  };
  const double derivative = (moved(h) - moved(-h)) / (2 * double(h)),
               by_gradient = double(dot(network.gradients(), direction));
  CHECK(std::abs(derivative - by_gradient) / std::abs(by_gradient) < within(1e-8, 1e-2));
  CHECK(std::abs(derivative - double(dot(wrong, direction))) > 1e-3 * std::abs(by_gradient));
}

}  // namespace test_formulas_network
