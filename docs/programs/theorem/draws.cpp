/// What many draws say: the score along log sigma, and what clipping does to it, sections 4 and 8.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "docs/programs/theorem/numbers.hpp"
#include "docs/programs/theorem/sections.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "nn/random.hpp"

namespace theorem {
namespace {

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

}  // namespace

void log_sigma() {
  const Scalar z = (x - mu) / sigma;
  title("4a  along mu, along log sigma");
  line("the score", inject(gaussian(), at, column({x}), 1));
  line("the gradient of log pi",
       numerical_gradient(at, [](const Numbers& o) { return log_prob(gaussian(), o, column({x})); }));
  line("along sigma instead, that over sigma", Numbers{(z * z - 1) / sigma});
  line("along log sigma, the -1 forgotten", Numbers{z * z});
  Draws draws(at);
  const Numbers mean = draws.mean_score(draws.actions);
  title("4b  100000 draws, no reward: the mean along log sigma");
  line("((a - mu) / sigma)^2 - 1", Numbers{mean[1]});
  line("((a - mu) / sigma)^2", Numbers{mean[1] + 1});
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

}  // namespace theorem
