/// The oracle of tokens, and what it says of the estimators that train language models.
#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <stdexcept>
#include <vector>

#include "nn/arithmetic/vector_ops.hpp"
#include "nn/gradient_check.hpp"
#include "rl/categorical.hpp"
#include "rl/oracle/token_estimators.hpp"
#include "rl/policy_gradient.hpp"
#include "tests/support.hpp"

namespace test_oracle_tokens {

namespace {

using rl::Bias;
using rl::Scalar;
using rl::TokenOracle;
using tests::distance;
using tests::length;

nn::Network tabular(std::uint64_t seed = 7) {
  nn::Random rng(seed);
  return {{7, 3}, nn::Activation::identity, rng, 2};
}
nn::Network hidden(std::uint64_t seed = 8) {
  nn::Random rng(seed);
  return {{6, 4, 3}, nn::Activation::tanh, rng, 2};
}
const rl::TokenEstimator& named(std::string_view name) {
  for (const rl::TokenEstimator& estimator : rl::token_estimators())
    if (estimator.name == name) return estimator;
  throw std::invalid_argument("no estimator has this name");
}
const rl::KlGradient& kl_named(std::string_view name) {
  for (const rl::KlGradient& estimator : rl::kl_gradients())
    if (estimator.name == name) return estimator;
  throw std::invalid_argument("no estimator has this name");
}
TokenOracle oracle_of(const nn::Network& policy, std::size_t reward = 0) {
  return {policy, policy.sizes().front() == 7 ? tabular(1007) : hidden(1008), rl::token_rewards()[reward].of};
}
rl::Judgement judged(const TokenOracle& oracle, std::string_view name, std::size_t group) {
  return rl::judge(rl::moments(oracle, named(name), group), oracle.gradient());
}

}  // namespace

TEST_CASE("a language of two letters has 15 sequences of at most three tokens, and their probabilities sum to 1") {
  for (const nn::Network& policy : {tabular(), hidden()}) {
    const TokenOracle oracle = oracle_of(policy);
    CHECK(oracle.sequences().size() == 15);
    double total = 0;
    std::size_t ended = 0, tokens = 0;
    for (const rl::TokenSequence& y : oracle.sequences())
      total += y.probability, ended += y.ended(), tokens += y.length;
    CHECK(std::abs(total - 1) < 1e-14);
    CHECK(ended == 7);
    CHECK(tokens == 1 + 2 * 2 + 4 * 3 + 8 * 3);
    CHECK(oracle.kl() > 0.1);
    CHECK(std::abs(TokenOracle(policy, policy, rl::token_rewards()[0].of).kl()) < 1e-15);
  }
  nn::Random rng(1);
  const nn::Network other({5, 3}, nn::Activation::identity, rng);
  CHECK_THROWS_WITH_AS(TokenOracle(other, tabular(), rl::token_rewards()[0].of),
                       "TokenOracle: expected 7 or 6 inputs and 3 outputs, got 5 and 3", std::invalid_argument);
}

TEST_CASE("the exact gradients of the tokens' J and KL equal their central differences") {
  for (nn::Network policy : {tabular(), hidden()})
    for (const std::size_t reward : {0u, 2u}) {
      const TokenOracle oracle = oracle_of(policy, reward);
      const nn::Vector dJ(oracle.gradient().begin(), oracle.gradient().end());
      CHECK(nn::max_gradient_error(policy.parameters(), dJ, [&] { return oracle_of(policy, reward).J(); }) < 1e-9);
      CHECK(length(oracle.gradient()) > 0.05);
      if (reward != 0) continue;  // KL knows nothing of rewards
      const nn::Vector dkl(oracle.kl_gradient().begin(), oracle.kl_gradient().end());
      CHECK(nn::max_gradient_error(policy.parameters(), dkl, [&] { return oracle_of(policy, reward).kl(); }) < 1e-9);
      CHECK(length(oracle.kl_gradient()) > 0.05);
    }
}

TEST_CASE("groups without regard to their order add up to what every ordered group gives, played as a batch") {
  const nn::Network network = tabular();
  const TokenOracle oracle = oracle_of(network, 2);
  const auto& all = oracle.sequences();
  rl::Policy policy(network, std::make_unique<rl::Categorical>(3));
  rl::TokenOptions options = named("GRPO, n - 1, / own length").options;
  options.group = 2, options.kl = Scalar(0.3), options.kl_in_loss = true, options.kl_estimator = rl::KlEstimator::k3;
  std::vector<double> mean(network.parameters().size());
  double square = 0;
  for (const rl::TokenSequence& one : all)
    for (const rl::TokenSequence& two : all) {
      rl::Batch batch;
      batch.episodes = {{0, one.length, true, false}, {one.length, two.length, true, false}};
      batch.states.resize(7, one.length + two.length), batch.actions.resize(1, batch.states.cols());
      batch.rewards.assign(batch.states.cols(), 0);
      nn::Vector log_ratios(batch.steps()), weights(batch.steps());
      std::size_t column = 0;
      for (const rl::TokenSequence* y : {&one, &two}) {
        for (std::size_t t = 0; t < y->length; ++t, ++column) {
          batch.states(y->prefix[t], column) = 1, batch.actions(0, column) = static_cast<Scalar>(y->tokens[t]);
          log_ratios[column] = y->log_prob[t] - y->ref_log_prob[t];
        }
        batch.rewards[column - 1] = y->reward;
      }
      rl::token_advantages(options, batch.episodes, batch.rewards, log_ratios, weights);
      rl::finish_weights(options, batch.episodes, log_ratios, weights);
      policy.zero_gradients();
      nn::Activations activations;
      policy.network.feedforward(batch.states, activations);
      rl::accumulate_policy_gradient(policy, activations, batch.actions, weights);
      for (std::size_t i = 0; i < mean.size(); ++i) {
        const double g = double(policy.network.gradients()[i]), P = one.probability * two.probability;
        mean[i] += P * g, square += P * g * g;
      }
    }
  const rl::Moments found = oracle.moments(2, [&](const rl::TokenGroup& group, rl::VectorView weights) {
    rl::token_advantages(options, group.episodes, group.rewards, group.log_ratios, weights);
    rl::finish_weights(options, group.episodes, group.log_ratios, weights);
  });
  CHECK(distance(found.mean, mean) < 1e-14);
  CHECK(length(mean) > 0.1);
  CHECK(found.variance == doctest::Approx(2 * (square - length(mean) * length(mean))).epsilon(1e-12));
}

TEST_CASE(
    "near the reference k3 in the reward loses the gradient of KL, and points either way; k3 in the loss finds it") {
  const auto judged = [](std::string_view name, Scalar step) {
    nn::Network reference = tabular();
    const nn::Network other = tabular(1007);
    nn::axpy(step, other.parameters(), reference.parameters());
    nn::axpy(-step, tabular().parameters(), reference.parameters());
    const TokenOracle oracle(tabular(), reference, rl::token_rewards()[0].of);
    return rl::judge(rl::moments(oracle, kl_named(name)), oracle.kl_gradient());
  };
  const Scalar step = Scalar(0.01);
  CHECK(judged("k3 in the reward, from the token on", step).cosine < -0.9);
  CHECK(judged("k3 in the reward, from the token on", -step).cosine > 0.9);
  for (const Scalar towards : {step, -step}) {
    CHECK(std::abs(judged("k3 in the reward, from the token on", towards).error - 1) < 0.01);
    CHECK(judged("k3 in the loss, token by token", towards).error < 0.01);
  }
}

TEST_CASE("every estimator of tokens is right or wrong on average as its line in the table says") {
  for (const nn::Network& policy : {tabular(), hidden()})
    for (std::size_t reward = 0; reward < rl::token_rewards().size(); ++reward) {
      const TokenOracle oracle = oracle_of(policy, reward);
      for (std::size_t group = 2; group <= tests::count(reward == 2 ? 4 : 3, 2); ++group)
        for (const rl::TokenEstimator& estimator : rl::token_estimators()) {
          const rl::Judgement found = rl::judge(rl::moments(oracle, estimator, group), oracle.gradient());
          INFO(estimator.name, ", groups of ", group, ", ", rl::token_rewards()[reward].name);
          const bool binary = rl::token_rewards()[reward].binary;
          CHECK(rl::name(found.bias) == rl::name(binary ? estimator.binary : estimator.graded));
          CHECK(found.variance > 0.01);
          if (found.bias == Bias::biased) CHECK(found.cosine < 0.9999);
        }
    }
}

TEST_CASE("leave-one-out is exact, the group's mean is (n - 1) / n of it, and a constant length is a constant") {
  const TokenOracle oracle = oracle_of(hidden(), 2);
  for (const std::size_t n : {2u, 3u, 4u}) {
    const auto scale = [&](std::string_view name) { return judged(oracle, name, n).scale; };
    const double share = (double(n) - 1) / double(n);
    CHECK(judged(oracle, "RLOO, minus the mean of the others", n).error < 1e-13);
    CHECK(scale("group mean, the own one in it") == doctest::Approx(share).epsilon(1e-13));
    CHECK(scale("group mean / longest (Dr. GRPO)") == doctest::Approx(share / 3).epsilon(1e-13));
    CHECK(scale("GRPO, n, without the length") ==
          doctest::Approx(scale("GRPO, n - 1, without the length") * std::sqrt(1 / share)).epsilon(1e-3));
  }
}

TEST_CASE("dividing by the own length bends the gradient most, and the more the tokens' lengths tell of the reward") {
  const TokenOracle binary = oracle_of(tabular(), 0), lot = oracle_of(tabular(), 2);
  const auto close = [](double x) { return doctest::Approx(x).epsilon(1e-3); };
  CHECK(judged(binary, "RLOO / own length", 3).cosine == close(0.834));
  CHECK(judged(binary, "RLOO / tokens of the batch", 3).cosine == close(0.988));
  CHECK(judged(lot, "RLOO / own length", 3).cosine == close(0.976));
  CHECK(judged(lot, "GRPO, n - 1, without the length", 2).cosine == close(0.974));
  CHECK(judged(lot, "GRPO, n - 1, without the length", 3).cosine == close(0.995));
  CHECK(judged(lot, "GRPO, n - 1, / own length", 3).cosine == close(0.976));
  for (const std::size_t n : {2u, 3u}) {  // more tokens in the batch, and the divisor is nearer to a constant
    const double small = judged(lot, "RLOO / tokens of the batch", n).cosine;
    CHECK(judged(lot, "RLOO / tokens of the batch", n + 1).cosine > small);
  }
}

TEST_CASE("every gradient of the distance to a reference is right or wrong as its line in the table says") {
  for (const nn::Network& policy : {tabular(), hidden()}) {
    const TokenOracle oracle = oracle_of(policy);
    for (const rl::KlGradient& estimator : rl::kl_gradients()) {
      const rl::Judgement found = rl::judge(rl::moments(oracle, estimator), oracle.kl_gradient());
      INFO(estimator.name);
      CHECK(rl::name(found.bias) == rl::name(estimator.bias));
      if (found.bias == Bias::biased) CHECK(found.cosine < 0.999);
    }
  }
  const TokenOracle oracle = oracle_of(tabular());
  const auto cosine = [&](std::string_view name) {
    return rl::judge(rl::moments(oracle, kl_named(name)), oracle.kl_gradient()).cosine;
  };
  const auto close = [](double x) { return doctest::Approx(x).epsilon(1e-3); };
  CHECK(cosine("k1 in the reward, the token's own") == close(0.948));
  CHECK(cosine("k2 in the loss, token by token") == cosine("k1 in the reward, the token's own"));
  CHECK(cosine("k3 times the ratio, in the loss") == doctest::Approx(cosine("k2 in the loss, token by token")));
  CHECK(cosine("k3 in the loss, token by token") == close(0.989));
  CHECK(cosine("k3 in the reward, from the token on") == close(-0.485));
}

TEST_CASE("what training makes of --kl is minus beta times the gradient of the table") {
  const struct {
    std::string_view name;
    rl::KlEstimator estimator;
    bool in_loss;
  } lines[] = {{"k1 in the reward, all of the sequence", rl::KlEstimator::k1, false},
               {"k1 in the loss", rl::KlEstimator::k1, true},
               {"k2 in the loss, token by token", rl::KlEstimator::k2, true},
               {"k3 in the loss, token by token", rl::KlEstimator::k3, true}};
  const TokenOracle oracle(tabular(), tabular(1007), [](const rl::TokenSequence&) { return 0; });
  for (const auto& line : lines) {
    rl::TokenOptions options{.advantage = rl::Advantage::reinforce, .group = 1};
    options.kl = Scalar(0.05), options.kl_estimator = line.estimator, options.kl_in_loss = line.in_loss;
    std::vector<double> mean = rl::moments(oracle, {line.name, Bias::zero, Bias::zero, options}, 1).mean;
    const std::vector<double> expected = rl::moments(oracle, kl_named(line.name)).mean;
    for (std::size_t i = 0; i < mean.size(); ++i) CHECK(std::abs(mean[i] + 0.05 * expected[i]) < 1e-14);
  }
}

}  // namespace test_oracle_tokens
