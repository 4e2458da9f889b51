/// Actions that are drawn, and softmax twice: the end of section 3.

#include <fmt/core.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "docs/programs/question/numbers.hpp"
#include "docs/programs/question/sections.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "nn/random.hpp"

namespace question {

void sample_and_softmax_once() {
  constexpr std::size_t draws = 10'000;
  nn::Matrix Z(2, draws), score(2, draws);
  for (std::size_t k = 0; k < 2; ++k) nn::fill(Z.row(k), logits[k]);
  nn::Random rng(7);
  std::vector<double> u(draws);
  std::ranges::generate(u, [&] { return rng.uniform(); });
  std::vector<int> actions(draws);
  title("3e  10000 actions       action 0  mean of one_hot - probs");
  const auto report = [&](std::string_view how) {
    distribution.weighted_score(Z, actions, Numbers(draws, 1), score);
    const Numbers mean = {nn::sum(score.row(0)) / draws, nn::sum(score.row(1)) / draws};
    fmt::print("  {:<22}{:<10}{}\n", how, std::ranges::count(actions, 0), show(mean));
  };
  distribution.sample(Z, u, actions);
  report("sampled");
  distribution.mode(Z, actions);
  report("the most probable");

  title("3f  softmax of softmax, at its best");
  for (const std::size_t K : {2u, 10u}) {
    Numbers z(K);
    z[0] = 100;
    const Scalar best = softmax(softmax(z))[0];
    fmt::print("  K = {:<2}  p = {:.3f}  loss {:.3f}\n", K, best, -nn::log(best));
  }
}

}  // namespace question
