/// A density instead of a probability: integrals instead of sums, sections 1 and 2.

#include <fmt/core.h>

#include "docs/programs/theorem/numbers.hpp"
#include "docs/programs/theorem/sections.hpp"
#include "nn/arithmetic/vector_ops.hpp"

namespace theorem {
namespace {

/// A fine row of actions with the probability of each small interval: sums over it are integrals.
struct Integral {
  static constexpr std::size_t count = 1600;
  Matrix outputs, actions{1, count}, score;
  Numbers probability = Numbers(count);
  explicit Integral(const Numbers& o) : outputs(same(o, count)), score(2, count) {
    const Scalar width = nn::exp(o[1]), step = width / 100;
    for (std::size_t i = 0; i < count; ++i) actions(0, i) = o[0] + step * (static_cast<Scalar>(i) - Scalar(count) / 2);
    rl::Gaussian distribution = gaussian();
    distribution.log_prob(outputs, actions, probability);
    for (Scalar& p : probability) p = nn::exp(p) * step;
    distribution.weighted_score(outputs, actions, Numbers(count, 1), score);
  }
  template <class Function>
  Scalar of(Function f) const {
    return nn::sum_of(count, [&](std::size_t i) { return probability[i] * f(i); });
  }
};

}  // namespace

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
  line("the gradient of J", numerical_gradient(at, J));
  line("the average of G(a) times the score", Numbers{average(0), average(1)});
}

void the_mean_of_the_score() {
  const Numbers logits = {nn::log(Scalar(0.6)), nn::log(Scalar(0.4))};
  const auto log_sum = [](const Numbers& z) { return nn::log(nn::exp(z[0]) + nn::exp(z[1])); };
  title("2a  the gradient of A, and the mean of T");
  line("softmax, log(e^z0 + e^z1)", numerical_gradient(logits, log_sum));
  line("  one_hot(a), probabilities (0.6, 0.4)", Numbers{Scalar(0.6), Scalar(0.4)});
  const Numbers eta = {mu / (sigma * sigma)};
  line("Gaussian, sigma^2 eta^2 / 2",
       numerical_gradient(eta, [](const Numbers& e) { return sigma * sigma * e[0] * e[0] / 2; }));
  const Integral all(at);
  line("  a, mu = 0.3", Numbers{all.of([&](std::size_t i) { return all.actions(0, i); })});
  line("the average score: along mu, along log sigma", Numbers{all.of([&](std::size_t i) { return all.score(0, i); }),
                                                               all.of([&](std::size_t i) { return all.score(1, i); })});
}

}  // namespace theorem
