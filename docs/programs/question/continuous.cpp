/// An action that is a number: section 5.

#include "docs/programs/question/numbers.hpp"
#include "docs/programs/question/sections.hpp"
#include "nn/loss.hpp"

namespace question {

void a_continuous_action() {
  const auto log_density = [](Scalar x, Scalar mu, Scalar log_sigma) {
    const Scalar d = (x - mu) / nn::exp(log_sigma);
    return -d * d / 2 - log_sigma - nn::log(Scalar(2 * 3.141592653589793)) / 2;
  };
  const Scalar mu = Scalar(0.3), sigma = Scalar(0.5), x = Scalar(1.1), d = (x - mu) / sigma;
  title("5a  mu = 0.3, sigma = 0.5, action 1.1: with respect to mu, to log sigma");
  line("(a - mu) / sigma^2, ((a - mu) / sigma)^2 - 1", Numbers{d / sigma, d * d - 1});
  line("by central differences of the log density",
       numerical_gradient({mu, nn::log(sigma)}, [&](const Numbers& o) { return log_density(x, o[0], o[1]); }));
  title("5b  with respect to mu, with G = 2");
  line("injected", Numbers{G * d / sigma});
  Numbers dY(1);
  nn::squared_error_gradient(column(Numbers{mu}), column(Numbers{x}), Numbers{G / (sigma * sigma)}, column(dY));
  line("nn::squared_error_gradient, times G / sigma^2", dY);
  title("5c  sigma = 0.1, at the mean");
  line("density", nn::exp(log_density(0, 0, nn::log(Scalar(0.1)))));
  line("log density", log_density(0, 0, nn::log(Scalar(0.1))));
}

}  // namespace question
