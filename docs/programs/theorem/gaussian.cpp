/// Several dimensions, drawing, entropy: sections 5 to 7.

#include <fmt/core.h>

#include "docs/programs/theorem/numbers.hpp"
#include "docs/programs/theorem/sections.hpp"
#include "nn/arithmetic/normal.hpp"

namespace theorem {

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
  line("gradient along mu, along log sigma",
       numerical_gradient(at, [](const Numbers& o) { return entropy(gaussian(), o); }));
}

}  // namespace theorem
