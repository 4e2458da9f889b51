/// Every number of docs/one-theorem.md, by the functions that train: make run-theorem.
///
/// A Gaussian with mu = 0.3, sigma = 0.5 took the action 1.1; softmax and Bernoulli have the numbers of page 0.

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "nn/arithmetic/elementary.hpp"
#include "nn/loss.hpp"
#include "nn/network.hpp"
#include "nn/arithmetic/normal.hpp"
#include "nn/optimizer.hpp"
#include "nn/vector_ops.hpp"
#include "rl/bernoulli.hpp"
#include "rl/categorical.hpp"
#include "rl/gaussian.hpp"
#include "rl/app/options.hpp"
#include "rl/app/report.hpp"

namespace {

using nn::ConstMatrixView, nn::Matrix, nn::MatrixView, nn::Scalar;
using Numbers = nn::Vector;  // of one state: a column

constexpr Scalar G = 2;
const Scalar mu = Scalar(0.3), sigma = Scalar(0.5), x = Scalar(1.1);
const Numbers at = {mu, nn::log(sigma)};  // what the network gives
const std::vector<int> zero = {0};

Matrix column(const Numbers& numbers) {
  Matrix result(numbers.size(), 1);
  std::ranges::copy(numbers, result.flat().begin());
  return result;
}
Numbers row(ConstMatrixView X) {
  return {X.flat().begin(), X.flat().end()};
}
Matrix same(const Numbers& outputs, std::size_t count) {
  Matrix result(outputs.size(), count);
  for (std::size_t r = 0; r < outputs.size(); ++r) nn::fill(result.row(r), outputs[r]);
  return result;
}
template <class Head, class Actions>
Numbers inject(Head head, const Numbers& outputs, const Actions& actions, Scalar weight) {
  Matrix result(outputs.size(), 1);
  head.weighted_score(column(outputs), actions, Numbers{weight}, result);
  return row(result);
}
template <class Head, class Actions>
Scalar log_prob(Head head, const Numbers& outputs, const Actions& actions) {
  Numbers result(1);
  head.log_prob(column(outputs), actions, result);
  return result[0];
}
template <class Head>
Scalar entropy(Head head, const Numbers& outputs) {
  Numbers result(1);
  head.entropy(column(outputs), result);
  return result[0];
}
/// The slope of J along each number of theta, by central differences.                     Eq. (0.14)
template <class Function>
Numbers slopes(Numbers theta, Function J) {
  constexpr Scalar h = Scalar(1) / 256;
  Numbers result;
  for (Scalar& value : theta) {
    const Scalar saved = value, above = J((value = saved + h, theta)), below = J((value = saved - h, theta));
    result.push_back((above - below) / (2 * h));
    value = saved;
  }
  return result;
}
rl::Gaussian gaussian(std::size_t dimensions = 1) {
  return {dimensions, rl::Spread::from_network};
}

std::string show(const Numbers& numbers) {
  std::string text;
  for (const Scalar value : numbers)  // what is 0 but for rounding is shown as 0
    text += fmt::format("{}{:+.3f}", text.empty() ? "(" : ", ", std::abs(value) < Scalar(5e-4) ? 0 : value);
  return text + ")";
}
std::string show(Scalar value) {
  return fmt::format("{:6.3f}", value);
}
void title(std::string_view text) {
  fmt::print("\n{}\n", text);
}
void line(std::string_view label, const auto&... value) {
  fmt::print("  {:<48}{}\n", label, show(value...));
}

/// A fine row of actions with the probability of each small interval: sums over it are integrals.
struct Integral {
  static constexpr std::size_t count = 1600;
  Matrix outputs, actions{1, count}, score;
  Numbers probability = Numbers(count);
  explicit Integral(const Numbers& o) : outputs(same(o, count)), score(2, count) {
    const Scalar width = nn::exp(o[1]), step = width / 100;
    for (std::size_t i = 0; i < count; ++i) actions(0, i) = o[0] + step * (static_cast<Scalar>(i) - Scalar(count) / 2);
    rl::Gaussian head = gaussian();
    head.log_prob(outputs, actions, probability);
    for (Scalar& p : probability) p = nn::exp(p) * step;
    head.weighted_score(outputs, actions, Numbers(count, 1), score);
  }
  template <class Function>
  Scalar of(Function f) const {
    return nn::sum_of(count, [&](std::size_t i) { return probability[i] * f(i); });
  }
};

void a_density() {
  title("1a  the density at the mean                     log    density");
  for (const Scalar s : {Scalar(1), Scalar(0.1)}) {
    const Scalar value = log_prob(gaussian(), {0, nn::log(s)}, column({0}));
    fmt::print("  sigma = {:<38}{:+.3f}    {:.3f}\n", s, value, nn::exp(value));
  }
  const auto J = [](const Numbers& o) {
    const Integral all(o);
    return all.of([&](std::size_t i) { return all.actions(0, i) * all.actions(0, i); });
  };
  const Integral all(at);
  const auto average = [&](std::size_t r) {
    return all.of([&](std::size_t i) { return all.actions(0, i) * all.actions(0, i) * all.score(r, i); });
  };
  title("1b  the return of action a is a^2: along mu, along log sigma");
  line("J", J(at));
  line("the slopes of J", slopes(at, J));
  line("the average of G(a) times the score", Numbers{average(0), average(1)});
}

void the_mean_of_the_score() {
  const Numbers logits = {nn::log(Scalar(0.6)), nn::log(Scalar(0.4))};
  const auto log_sum = [](const Numbers& z) { return nn::log(nn::exp(z[0]) + nn::exp(z[1])); };
  title("2a  the slopes of A, and the mean of T");
  line("softmax, log(e^z0 + e^z1)", slopes(logits, log_sum));
  line("  one_hot(a), probabilities (0.6, 0.4)", Numbers{Scalar(0.6), Scalar(0.4)});
  const Numbers eta = {mu / (sigma * sigma)};
  line("Gaussian, sigma^2 eta^2 / 2", slopes(eta, [](const Numbers& e) { return sigma * sigma * e[0] * e[0] / 2; }));
  const Integral all(at);
  line("  a, mu = 0.3", Numbers{all.of([&](std::size_t i) { return all.actions(0, i); })});
  line("the average score: along mu, along log sigma", Numbers{all.of([&](std::size_t i) { return all.score(0, i); }),
                                                               all.of([&](std::size_t i) { return all.score(1, i); })});
}

template <class Head, class Actions, class Loss>
void instance(std::string_view label, Head head, const Numbers& outputs, const Actions& actions, Loss loss_gradient) {
  Matrix dY(outputs.size(), 1);
  loss_gradient(column(outputs), actions, Numbers{G}, dY);
  title(label);
  line("injected: (label - prediction) * weight", inject(head, outputs, actions, G));
  line("the slopes of G log pi", slopes(outputs, [&](const Numbers& o) { return G * log_prob(head, o, actions); }));
  line("the gradient of the loss", row(dY));
}

/// A network climbs the score, its copy descends the loss; how many parameters are equal after 10 steps.
template <class Head, class Actions, class Loss>
void both_ways(std::string_view label, Head head, const Actions& actions, Loss loss_gradient) {
  constexpr std::size_t count = 20;
  nn::Random rng(7);
  nn::Network up({3, 8, head.outputs()}, nn::Activation::tanh, rng), down = up;
  Matrix states(3, count), injected(head.outputs(), count), dY(head.outputs(), count);
  Numbers returns(count);
  for (Scalar& value : states.flat()) value = static_cast<Scalar>(rng.uniform(-1, 1));
  for (Scalar& value : returns) value = static_cast<Scalar>(rng.uniform(-1, 1));
  nn::Adam ascent({.learning_rate = Scalar(0.01)}), descent({.learning_rate = Scalar(0.01)});
  for (int step = 0; step < 10; ++step) {
    up.zero_gradients(), down.zero_gradients();
    head.weighted_score(up.feedforward(states), actions, returns, injected);
    up.backpropagate(injected);
    ascent.ascend(up.parameters(), up.gradients());
    loss_gradient(down.feedforward(states), actions, returns, dY);
    down.backpropagate(dY);
    descent.descend(down.parameters(), down.gradients());
  }
  std::size_t equal = 0, all = up.parameters().size();
  for (std::size_t i = 0; i < all; ++i) equal += up.parameters()[i] == down.parameters()[i] ? 1 : 0;
  fmt::print("  {:<48}{} of {}\n", label, equal, all);
}

void three_heads() {
  const rl::Gaussian fixed(1, rl::Spread::fixed, nn::log(sigma));
  const auto squared = [](ConstMatrixView Y, ConstMatrixView actions, Numbers weights, MatrixView dY) {
    nn::scale(nn::exp(-nn::log(sigma)) * nn::exp(-nn::log(sigma)), weights);  // return / sigma^2
    nn::squared_error_gradient(Y, actions, weights, dY);
  };
  const Numbers logits = {nn::log(Scalar(0.6)), nn::log(Scalar(0.4))};
  instance("3a  softmax: p = (0.6, 0.4), a = 0, G = 2", rl::Categorical(2), logits, zero, nn::cross_entropy_gradient);
  instance("3b  Bernoulli: p = 0.4, a = 0, G = 2", rl::Bernoulli(), {nn::log(Scalar(0.4) / Scalar(0.6))}, zero,
           nn::logistic_loss_gradient);
  instance("3c  Gaussian: mu = 0.3, sigma = 0.5, a = 1.1, G = 2", fixed, {mu}, column({x}), squared);
  title("3d  ten steps of a network up, of its copy down: parameters equal");
  const std::vector<int> actions = {0, 1, 1, 0, 1, 0, 0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 0, 1, 0, 0};
  Matrix forces(1, 20);
  for (std::size_t t = 0; t < 20; ++t) forces(0, t) = static_cast<Scalar>(actions[t]) - mu;
  both_ways("softmax and cross-entropy", rl::Categorical(2), actions, nn::cross_entropy_gradient);
  both_ways("Bernoulli and logistic loss", rl::Bernoulli(), actions, nn::logistic_loss_gradient);
  both_ways("Gaussian and squared error", fixed, forces, squared);
}

/// Many draws of one Gaussian.
struct Draws {
  static constexpr std::size_t count = 100'000;
  Matrix outputs, actions{1, count}, score{2, count};
  explicit Draws(const Numbers& o, std::uint64_t stream = 0) : outputs(same(o, count)) {
    nn::Random rng({7, stream});
    std::vector<double> u(count);
    std::ranges::generate(u, [&] { return rng.uniform(); });
    gaussian().sample(outputs, u, actions);
  }
  Numbers mean_score(ConstMatrixView taken) {
    gaussian().weighted_score(outputs, taken, Numbers(count, 1), score);
    return {nn::sum(score.row(0)) / count, nn::sum(score.row(1)) / count};
  }
};

void log_sigma() {
  const Scalar z = (x - mu) / sigma;
  title("4a  along mu, along log sigma");
  line("the score", inject(gaussian(), at, column({x}), 1));
  line("its slopes", slopes(at, [](const Numbers& o) { return log_prob(gaussian(), o, column({x})); }));
  line("along sigma instead, that over sigma", Numbers{(z * z - 1) / sigma});
  line("along log sigma, the -1 forgotten", Numbers{z * z});
  Draws draws(at);
  const Numbers mean = draws.mean_score(draws.actions);
  title("4b  100000 draws, no reward: the mean along log sigma");
  line("((a - mu) / sigma)^2 - 1", Numbers{mean[1]});
  line("((a - mu) / sigma)^2", Numbers{mean[1] + 1});
}

void several_dimensions() {
  const Numbers both = {mu, -2, nn::log(sigma), nn::log(Scalar(3))};
  title("5a  two numbers in one action: (1.1, -5), mu = (0.3, -2), sigma = (0.5, 3)");
  line("log density of the first", log_prob(gaussian(), at, column({x})));
  line("log density of the second", log_prob(gaussian(), {-2, nn::log(Scalar(3))}, column({-5})));
  line("log density of the action", log_prob(gaussian(2), both, column({x, -5})));
  line("score: both mu, both log sigma", inject(gaussian(2), both, column({x, -5}), 1));
}

void drawing() {
  title("6a  standard normal numbers, from uniform ones");
  for (const double u : {0., 0.025, 0.5, 0.975, 1 - 0x1p-53})
    line(fmt::format("u = {}", u == 1 - 0x1p-53 ? "1 - 2^-53, the largest" : fmt::format("{}", u)),
         Numbers{nn::normal_quantile(u)});
}

void how_uncertain() {
  title("7a  entropy");
  for (const Scalar s : {Scalar(1), Scalar(0.5), Scalar(0.1)})
    line(fmt::format("sigma = {}", s), Numbers{entropy(gaussian(), {mu, nn::log(s)})});
  line("sigma = (0.5, 3)", Numbers{entropy(gaussian(2), {mu, -2, nn::log(sigma), nn::log(Scalar(3))})});
  line("slopes along mu, along log sigma", slopes(at, [](const Numbers& o) { return entropy(gaussian(), o); }));
}

/// mu after 100 steps of 0.1 along the mean score, which nothing rewards.
Scalar drift(bool clip) {
  Numbers outputs = {0, 0};
  for (std::uint64_t step = 0; step < 100; ++step) {
    Draws draws(outputs, step);
    if (clip)
      for (Scalar& a : draws.actions.flat()) a = std::min(a, Scalar(0));
    outputs[0] += Scalar(0.1) * draws.mean_score(draws.actions)[0];
  }
  return outputs[0];
}

void clipping() {
  Draws draws({0, 0});
  Matrix clipped = draws.actions;
  for (Scalar& a : clipped.flat()) a = std::min(a, Scalar(0));
  title("8a  mu = 0, sigma = 1, no action above 0; 100000 draws, no reward");
  line("mean score of the actions drawn", draws.mean_score(draws.actions));
  line("mean score of the clipped ones", draws.mean_score(clipped));
  line("-1 / sqrt(2 pi), -1/2", Numbers{-nn::exp(log_prob(gaussian(), {0, 0}, column({0}))), Scalar(-0.5)});
  title("8b  mu after 100 steps of 0.1");
  line("with the score of the actions drawn", Numbers{drift(false)});
  line("with the score of the clipped ones", Numbers{drift(true)});
}

}  // namespace

int main(int argc, char** argv) {
  return rl::guarded("run_theorem", [&] {
    const rl::Program program{"run_theorem", "Prints every number of docs/one-theorem.md."};
    if (const auto status = rl::parse_no_options(argc, argv, program)) return *status;
    fmt::print("mu = 0.3, sigma = 0.5, a = 1.1, G = 2.   docs/one-theorem.md\n");
    a_density();
    the_mean_of_the_score();
    three_heads();
    log_sigma();
    several_dimensions();
    drawing();
    how_uncertain();
    clipping();
    return 0;
  });
}
