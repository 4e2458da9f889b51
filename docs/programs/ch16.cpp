/// docs/16-tokens-are-actions.md
#include <string>
#include <vector>

#include "docs/programs/book.hpp"
#include "docs/programs/contents.hpp"
#include "docs/programs/svg.hpp"
#include "nn/arithmetic/elementary.hpp"
#include "rl/oracle/token_estimators.hpp"

namespace book {
namespace ch16 {

using rl::Advantage, rl::Judgement, rl::TokenOracle;

nn::Network tabular(std::uint64_t seed) {
  nn::Random rng(seed);
  return {{7, 3}, nn::Activation::identity, rng, 2};
}
/// The policy and the reference of `make oracle`.
TokenOracle oracle_of(const rl::NamedTokenReward& reward) {
  return {tabular(7), tabular(1007), reward.of};
}

Vector advantages(Vector returns, Advantage kind) {
  rl::group_advantages(returns, returns.size(), kind, returns);
  return returns;
}

void one_line() {
  title("16a  one place in a word, p = (0.5, 0.3, 0.2) of a, b and the end; what is injected");
  const Vector z = {nn::log(Scalar(0.5)), nn::log(Scalar(0.3)), nn::log(Scalar(0.2))};
  line("pretraining: the book has b here", inject(z, 1, 1));
  line("post-training: b was drawn, advantage +0.75", inject(z, 1, Scalar(0.75)));
  line("post-training: b was drawn, advantage -0.25", inject(z, 1, Scalar(-0.25)));
}

void four_words() {
  title("16b  four words with the same start, and every token's advantage");
  for (const Vector& R : {Vector{1, 0, 0, 0}, Vector{1, 1, 0, 0}, Vector{1, 1, 1, 0}, Vector{1, 1, 1, 1}}) {
    line("returns", show(R, 0));
    line("  R minus the mean of the others, RLOO", advantages(R, Advantage::rloo));
    line("  R minus the mean", advantages(R, Advantage::group_mean));
    line("  divided by the standard deviation, GRPO", advantages(R, Advantage::grpo));
  }
}

Judgement judged(const TokenOracle& oracle, const rl::TokenEstimator& estimator) {
  return rl::judge(rl::moments(oracle, estimator, 3), oracle.gradient());
}

void estimators() {
  const rl::NamedTokenReward &binary = rl::token_rewards()[0], &lot = rl::token_rewards()[2];
  title("16c  groups of three       reward 1 for a, b, ab and ba          a reward drawn for each sequence");
  fmt::print("  {:36}{:>6}{:>8}{:>8}{:>9}{:>9}{:>8}{:>8}{:>9}\n", "", "error", "factor", "cosine", "variance", "error",
             "factor", "cosine", "variance");
  for (const rl::TokenEstimator& estimator : rl::token_estimators()) {
    if (estimator.options.less == 0) continue;  // a constant factor of the line before
    fmt::print("  {:36}", estimator.name);
    for (const rl::NamedTokenReward* reward : {&binary, &lot}) {
      const Judgement found = judged(oracle_of(*reward), estimator);
      const double error = found.error < 1e-9 ? 0 : found.error;
      fmt::print("{:{}.3f}{:8.3f}{:8.3f}{:9.2f}", error, reward == &binary ? 6 : 9, found.scale, found.cosine,
                 found.variance / (found.scale * found.scale));
    }
    fmt::print("\n");
  }
}

/// E[A | R = 1] - E[A | R = 0] in a group of n words, each of which succeeds with probability p.
Scalar gain(std::size_t n, Scalar p, Advantage kind) {
  Scalar sum = 0, ways = 1;  // to choose the k others that succeed
  for (std::size_t k = 0; k < n; ++k) {
    const Scalar chance = ways * std::pow(p, Scalar(k)) * std::pow(1 - p, Scalar(n - 1 - k));
    Vector others(n);
    for (std::size_t i = 1; i <= k; ++i) others[i] = 1;
    Vector succeeds = others;
    succeeds[0] = 1;
    sum += chance * (advantages(succeeds, kind)[0] - advantages(others, kind)[0]);
    ways = ways * Scalar(n - 1 - k) / Scalar(k + 1);
  }
  return sum;
}

void difficulty() {
  title("16d  a reward of 0 or 1, groups of eight: the gradient of p is multiplied by");
  fmt::print("  p             RLOO   group mean         GRPO   as a share of that at 0.5   groups of 64\n");
  const auto grpo = [](std::size_t n, Scalar p) { return gain(n, p, Advantage::grpo); };
  for (const Scalar p : {Scalar(0.01), Scalar(0.2), Scalar(0.5), Scalar(0.8), Scalar(0.99)})
    fmt::print("  {:.2f}{:14.3f}{:13.3f}{:13.3f}{:13.3f}{:15.3f}\n", p, gain(8, p, Advantage::rloo),
               gain(8, p, Advantage::group_mean), grpo(8, p), grpo(8, p) / grpo(8, Scalar(0.5)),
               grpo(64, p) / grpo(64, Scalar(0.5)));
}

/// A fifth of the way from the policy to the reference.
nn::Network near_reference() {
  nn::Network network = tabular(7);
  const nn::Network far = tabular(1007);
  for (std::size_t i = 0; i < network.parameters().size(); ++i)
    network.parameters()[i] += (far.parameters()[i] - network.parameters()[i]) / 5;
  return network;
}

void distance() {
  const TokenOracle far = oracle_of(rl::token_rewards()[0]);
  const TokenOracle near(tabular(7), near_reference(), rl::token_rewards()[0].of);
  title("16e  the gradient of KL(policy, reference), from one sequence");
  fmt::print("  {:38}{:>18}{:.3f}{:>21}{:.3f}\n", "", "KL = ", far.kl(), "KL = ", near.kl());
  fmt::print("  {:38}{:>7}{:>8}{:>10}{:>8}{:>8}{:>10}\n", "", "error", "cosine", "variance", "error", "cosine",
             "variance");
  for (const rl::KlGradient& estimator : rl::kl_gradients()) {
    if (estimator.name.starts_with("k2 in the reward") || estimator.name == "k3 in the loss, of the sequence" ||
        estimator.name == "k1 in the reward, the token's own")  // that is k2 in the loss, token by token
      continue;
    fmt::print("  {:38}", estimator.name);
    for (const TokenOracle* oracle : {&far, &near}) {
      const Judgement found = rl::judge(rl::moments(*oracle, estimator), oracle->kl_gradient());
      fmt::print("{:{}.3f}{:8.3f}{:10.3f}", found.error < 1e-9 ? 0 : found.error, oracle == &far ? 7 : 8, found.cosine,
                 found.variance);
    }
    fmt::print("\n");
  }
}

void print() {
  one_line();
  four_words();
  estimators();
  difficulty();
  distance();
}

std::string draw() {
  Svg svg(760, 400, "Cosines of the estimators with the gradient, and what GRPO makes of a prompt's difficulty");
  svg.text({230, 24}, "cosine with the exact gradient", {.bold = true});
  const Axes left{236, 400, 46, 340, 0.8, 1, 0, 1};
  left.draw(svg, {{0.8, "0.8"}, {0.9, "0.9"}, {1, "1"}}, {}, "groups of three", "");
  const TokenOracle binary = oracle_of(rl::token_rewards()[0]), lot = oracle_of(rl::token_rewards()[2]);
  double y = 62;
  for (const rl::TokenEstimator& estimator : rl::token_estimators()) {
    if (estimator.options.less == 0) continue;
    svg.text({226, y + 4}, estimator.name, {.anchor = "end", .size = 11});
    svg.circle({left(judged(lot, estimator).cosine, 0).x, y}, 4, orange);
    svg.circle({left(judged(binary, estimator).cosine, 0).x, y}, 4, blue);
    y += 25;
  }
  svg.text({20, 392}, "blue: a reward of 0 or 1; orange: one drawn for each sequence", {.anchor = "start", .size = 12});
  svg.text({590, 24}, "what the gradient of p is multiplied by", {.bold = true});
  const Axes right{470, 735, 46, 340, 0, 1, 0, 3};
  right.draw(svg, {{0, "0"}, {0.25, "0.25"}, {0.5, "0.5"}, {0.75, "0.75"}, {1, "1"}},
             {{0, "0"}, {1, "1"}, {2, "2"}, {3, "3"}}, "how often the prompt is solved, p", "");
  const auto curve = [&](Advantage kind, std::string_view colour) {
    std::vector<Point> points;
    for (int i = 1; i < 100; ++i) points.push_back(right(i / 100., gain(8, Scalar(i) / 100, kind)));
    svg.curve(points, colour);
  };
  curve(Advantage::rloo, blue);
  curve(Advantage::grpo, orange);
  svg.text({right(0.5, 1).x, right(0.5, 1).y + 18}, "RLOO, groups of eight", {.colour = blue, .size = 12});
  svg.text({right(0.5, 2).x, right(0.5, 2).y - 10}, "GRPO", {.colour = orange, .size = 12, .bold = true});
  return svg.done();
}

}  // namespace ch16

const Chapter chapter_16 = {16, ch16::print, "16-tokens-are-actions", ch16::draw};

}  // namespace book
