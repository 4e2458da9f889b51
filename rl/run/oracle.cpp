/// Prints what every estimator of the policy gradient gives on average, exactly: make oracle.

#include <fmt/core.h>

#include <string>
#include <string_view>

#include "rl/app/options.hpp"
#include "rl/app/report.hpp"
#include "rl/oracle/estimators.hpp"
#include "rl/oracle/token_estimators.hpp"

namespace {

using rl::Estimator;
using rl::Oracle;

std::string error_of(const rl::Judgement& found) {
  return found.bias == rl::Bias::unbiased ? fmt::format("{:.0e}", found.error) : fmt::format("{:.3f}", found.error);
}

std::string verdict(const rl::Judgement& found) {
  return found.bias == rl::Bias::scaled ? fmt::format("times {:.3g}", found.scale) : std::string(rl::name(found.bias));
}

void print(std::string_view title, Oracle& plain, Oracle& discounted, bool (*belongs)(const Estimator&)) {
  fmt::print("\n{}\n", title);
  for (const Estimator& estimator : rl::estimators()) {
    if (!belongs(estimator)) continue;
    fmt::print("  {:36}", estimator.name);
    for (Oracle* oracle : {&plain, &discounted}) {
      const rl::Judgement found = rl::judge(rl::moments(*oracle, estimator), oracle->gradient());
      fmt::print("{:>9}{:8.3f}{:10.3f}  {:{}}", error_of(found), found.cosine, found.variance, verdict(found),
                 oracle == &plain ? 11 : 0);
    }
    fmt::print("\n");
  }
}

void print(const envs::TinyWorld& world, nn::Network& policy) {
  Oracle plain(world, policy, 1), discounted(world, policy, rl::Scalar(0.9));
  fmt::print("\n{:38}{:>9}  J = {:<25.4f}{:>11}  J = {:.4f}\n",
             fmt::format("{}, {} episodes", world.name, plain.trajectories().size()), "gamma = 1", plain.J(),
             "gamma = 0.9", discounted.J());
  const std::string head = fmt::format("{:>9}{:>8}{:>10}  {:11}", "error", "cosine", "variance", "verdict");
  fmt::print("{:38}{}{}\n", "", head, head.substr(0, head.find_last_not_of(' ') + 1));
  const auto right = [](const Estimator& e) { return e.undiscounted == rl::Bias::unbiased; };
  print("right; all but one also with gamma < 1", plain, discounted, right);
  print("other coefficients: wrong, or right up to a factor", plain, discounted,
        [](const Estimator& e) { return e.undiscounted != rl::Bias::unbiased && !e.edit; });
  print("the right coefficients, a wrong vector injected at the logits", plain, discounted,
        [](const Estimator& e) { return e.edit != nullptr; });
}

/// The variance is that of the estimator made as long as the gradient, so that the rows can be compared.
double variance_at_length(const rl::Judgement& found) {
  return found.variance / (found.scale * found.scale);
}

void print_tokens(const nn::Network& policy, const nn::Network& reference, const rl::NamedTokenReward& reward) {
  const rl::TokenOracle oracle(policy, reference, reward.of);
  fmt::print("\n{}, J = {:.4f}\n", reward.name, oracle.J());
  for (const rl::TokenEstimator& estimator : rl::token_estimators()) {
    fmt::print("  {:36}", estimator.name);
    for (const std::size_t group : {2u, 3u, 4u}) {
      const rl::Judgement found = rl::judge(rl::moments(oracle, estimator, group), oracle.gradient());
      fmt::print("{:>9}{:8.3f}{:10.3f}  {:{}}", error_of(found), found.cosine, variance_at_length(found),
                 verdict(found), group < 4 ? 11 : 0);
    }
    fmt::print("\n");
  }
}

void print_tokens() {
  nn::Random rng(7), other(1007);
  const nn::Network policy({7, 3}, nn::Activation::identity, rng, 2),
      reference({7, 3}, nn::Activation::identity, other, 2);
  fmt::print(
      "\n\nTokens: two letters and an end, 15 sequences of at most three; the reward comes at the end. Groups of 2, 3\n"
      "and 4, all of them. Variance of a sequence, with the estimator made as long as the gradient.\n");
  for (const rl::NamedTokenReward& reward : rl::token_rewards()) print_tokens(policy, reference, reward);
  const rl::TokenOracle oracle(policy, reference, rl::token_rewards().front().of);
  fmt::print("\ngradient of the distance to a reference, KL = {:.4f}\n", oracle.kl());
  for (const rl::KlGradient& estimator : rl::kl_gradients()) {
    const rl::Judgement found = rl::judge(rl::moments(oracle, estimator), oracle.kl_gradient());
    fmt::print("  {:40}{:>9}{:8.3f}{:10.3f}  {}\n", estimator.name, error_of(found), found.cosine, found.variance,
               verdict(found));
  }
}

}  // namespace

int main(int argc, char** argv) {
  return rl::guarded("oracle", [&] {
    const rl::Program program{"oracle",
                              "Says which estimators of the policy gradient are right, by adding up every episode."};
    if (const auto status = rl::parse_no_options(argc, argv, program)) return *status;
    nn::Random rng(7);
    nn::Network policy({3, 2}, nn::Activation::identity, rng, 2);
    fmt::print(
        "What each estimator of the policy gradient gives on average, next to the exact gradient: relative error,\n"
        "cosine of the angle between the two, and its variance per episode. Every episode is counted, none is "
        "sampled.\n"
        "Unless its line says otherwise, the coefficient of step t is gamma^t G_t (reward-to-go).\n");
    for (const envs::TinyWorld* world : {&envs::dense_world, &envs::delayed_world, &envs::early_end_world})
      print(*world, policy);
    print_tokens();
    return 0;
  });
}
