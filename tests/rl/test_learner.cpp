/// A learner that is looked at: what it says of a step is what it does with it, and who stands between sees all.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "envs/registry.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "rl/post_training.hpp"
#include "rl/sampling/rollout.hpp"
#include "rl/training/experiments.hpp"
#include "rl/training/learner.hpp"
#include "rl/training/train.hpp"

namespace test_learner {

using nn::Scalar;

namespace {

rl::TrainingSettings settings_of(const rl::StandardExperiment& standard, const std::string& algorithm) {
  rl::TrainingSettings settings;
  settings.num_envs = 4, settings.seed = 5;
  settings.algorithm = algorithm;
  standard.defaults(settings);
  settings.episodes_per_update = 6;
  settings.gamma = 0.9;
  return settings;
}

/// Post-training so small that a test can afford it, with a KL that counts.
rl::TrainingSettings few_words(const rl::StandardExperiment& words) {
  rl::TrainingSettings settings = settings_of(words, "post-training");
  settings.hidden = {8};
  settings.pretraining_epochs = 1;
  settings.episodes_per_update = 32, settings.group_size = 4;
  settings.kl = 0.5;
  return settings;
}

/// The norm of  sum_t coefficient of step t / share * score of step t, of the episodes of the coming update; `group` of
/// them in a row have the same start.
double norm_foretold(rl::Learner& learner, double share, std::uint64_t number = 1, std::size_t group = 1) {
  rl::Player player(envs::make_vec(learner.experiment().environment, 4), learner.experiment().observation_scale);
  rl::Policy policy = learner.policy();
  rl::Rollout rollout;
  const rl::Batch& batch = rollout.collect(player, policy, 0, learner.settings().episodes_per_update,
                                           learner.settings().seed, number, group);
  nn::Vector coefficients(batch.steps());
  learner.algorithm().coefficients(batch, coefficients);
  nn::scale(static_cast<Scalar>(1 / share), coefficients);
  policy.zero_gradients();
  rollout.accumulate_gradient(policy, coefficients);
  const auto gradients = policy.network.gradients();
  return std::sqrt(double(nn::dot(gradients, gradients)));
}

/// Doubles every weight.
class Doubled : public rl::GradientEstimator {
 public:
  explicit Doubled(std::unique_ptr<GradientEstimator> right) : right_(std::move(right)) {}
  rl::UpdateReport play_weigh_inject(std::uint64_t seed, std::uint64_t number, const Weigh& weigh,
                                     Scalar entropy_weight) override {
    return right_->play_weigh_inject(
        seed, number,
        [&](const rl::Batch& batch, nn::VectorView weights) {
          const double sum = weigh(batch, weights);
          nn::scale(2, weights);
          return sum;
        },
        entropy_weight);
  }

 private:
  std::unique_ptr<GradientEstimator> right_;
};

}  // namespace

TEST_CASE("the coefficients that an algorithm shows are those of its next update") {
  const rl::StandardExperiment cartpole = rl::standard_experiment("CartPole-v1");
  for (const std::string baseline : {"none", "running-mean", "leave-one-out", "value"})
    for (const std::string algorithm : {"reinforce", "actor-critic"}) {
      CAPTURE(algorithm);
      CAPTURE(baseline);
      rl::TrainingSettings settings = settings_of(cartpole, algorithm);
      settings.baseline = baseline;
      rl::Learner learner(settings, cartpole.experiment);
      const double foretold = norm_foretold(learner, 6);
      CHECK(learner.update(1).gradient_norm == doctest::Approx(foretold).epsilon(nn::is_double ? 1e-12 : 1e-5));
      CHECK(foretold > 0.01);
    }
}

TEST_CASE("the coefficients that PPO shows are those of its first step") {
  const rl::StandardExperiment cartpole = rl::standard_experiment("CartPole-v1");
  rl::TrainingSettings settings = settings_of(cartpole, "ppo");
  settings.epochs = 1, settings.minibatch_size = 100'000;  // all steps at once
  rl::Learner learner(settings, cartpole.experiment);
  const double foretold = norm_foretold(learner, 100'000);
  CHECK(learner.update(1).gradient_norm == doctest::Approx(foretold).epsilon(nn::is_double ? 1e-9 : 1e-4));
}

TEST_CASE(
    "the coefficients that post-training shows are those of its next step, wherever the KL and the length stand") {
  const rl::StandardExperiment words = rl::standard_experiment("Words");
  for (const std::string estimator : {"k1-in-reward", "k3-in-loss"})
    for (const std::string length : {"none", "own"}) {
      CAPTURE(estimator);
      CAPTURE(length);
      rl::TrainingSettings settings = few_words(words);
      settings.learning_rate = 0.05;
      settings.kl_estimator = estimator, settings.length_normalisation = length;
      rl::Learner learner(settings, words.with(settings));
      learner.update(1);  // at first the policy is the reference, and the KL silent
      const double foretold = norm_foretold(learner, 32, 2, 4);
      CHECK(learner.update(2).gradient_norm == doctest::Approx(foretold).epsilon(nn::is_double ? 1e-9 : 1e-4));
      CHECK(foretold > 0.001);
    }
}

TEST_CASE("every advantage, length and KL of post-training is the one that its name says") {
  const rl::StandardExperiment words = rl::standard_experiment("Words");
  const auto check = [&](const std::string& advantage, const std::string& length, const std::string& kl,
                         rl::TokenOptions expected) {
    CAPTURE(advantage);
    CAPTURE(length);
    CAPTURE(kl);
    rl::TrainingSettings settings = few_words(words);
    settings.optimizer = "sgd", settings.learning_rate = 0.5;
    settings.advantage = advantage, settings.length_normalisation = length, settings.kl_estimator = kl;
    rl::Learner learner(settings, words.with(settings));
    learner.update(1);  // away from the reference
    rl::Player player(envs::make_vec(learner.experiment().environment, 4), learner.experiment().observation_scale);
    rl::Policy policy = learner.policy(), reference = learner.reference();
    rl::Rollout rollout;
    const rl::Batch& batch = rollout.collect(player, policy, 0, 32, settings.seed, 2, 4);
    nn::Vector got(batch.steps()), ratios(batch.steps()), log_q(batch.steps()), right(batch.steps());
    learner.algorithm().coefficients(batch, got);
    const nn::ConstMatrixView states = batch.states.dense();
    policy.distribution->log_prob(policy.network.feedforward(states), batch.actions, ratios);
    reference.distribution->log_prob(reference.network.feedforward(states), batch.actions, log_q);
    nn::axpy(-1, log_q, ratios);
    expected.group = 4, expected.longest = 12, expected.kl = Scalar(0.5);
    rl::token_advantages(expected, batch.episodes, batch.rewards, ratios, right);
    rl::finish_weights(expected, batch.episodes, ratios, right);
    nn::scale(32, right);  // coefficients are those of an episode
    double off = 0, size = 0;
    for (std::size_t t = 0; t < got.size(); ++t)
      off = std::max(off, std::abs(double(got[t] - right[t]))), size = std::max(size, std::abs(double(right[t])));
    CHECK(off <= (nn::is_double ? 1e-12 : 1e-4) * size);
    CHECK(size > 0);
  };
  using rl::Advantage, rl::KlEstimator;
  using Length = rl::LengthNormalisation;
  const std::pair<const char*, Advantage> advantages[] = {{"reinforce", Advantage::reinforce},
                                                          {"rloo", Advantage::rloo},
                                                          {"group-mean", Advantage::group_mean},
                                                          {"grpo", Advantage::grpo}};
  const std::pair<const char*, Length> lengths[] = {
      {"none", Length::none}, {"own", Length::own}, {"batch", Length::batch}, {"constant", Length::constant}};
  for (const auto& [name, advantage] : advantages) check(name, "none", "k1-in-reward", {.advantage = advantage});
  for (const auto& [name, length] : lengths) check("rloo", name, "k1-in-reward", {.length = length});
  const std::pair<const char*, KlEstimator> in_loss[] = {
      {"k1-in-loss", KlEstimator::k1}, {"k2-in-loss", KlEstimator::k2}, {"k3-in-loss", KlEstimator::k3}};
  for (const auto& [name, kl] : in_loss) check("rloo", "none", name, {.kl_estimator = kl, .kl_in_loss = true});
}

TEST_CASE("looking at the coefficients changes nothing in the training") {
  const rl::StandardExperiment cartpole = rl::standard_experiment("CartPole-v1");
  for (const std::string algorithm : {"reinforce", "actor-critic", "ppo"}) {
    rl::Learner alone(settings_of(cartpole, algorithm), cartpole.experiment);
    rl::Learner seen(settings_of(cartpole, algorithm), cartpole.experiment);
    for (const std::size_t number : {std::size_t{1}, std::size_t{2}}) {
      norm_foretold(seen, 1);
      alone.update(number), seen.update(number);
    }
    const auto a = alone.policy().network.parameters(), b = seen.policy().network.parameters();
    CHECK(std::equal(a.begin(), a.end(), b.begin()));
  }
}

TEST_CASE("who stands between REINFORCE and its gradient changes the weights, and nothing else") {
  const rl::StandardExperiment cartpole = rl::standard_experiment("CartPole-v1");
  const auto doubled = [](rl::Policy&, std::unique_ptr<rl::GradientEstimator> right) {
    return std::make_unique<Doubled>(std::move(right));
  };
  rl::Learner right(settings_of(cartpole, "reinforce"), cartpole.experiment);
  rl::Learner twice(settings_of(cartpole, "reinforce"), cartpole.experiment, doubled);
  const rl::UpdateReport one = right.update(1), two = twice.update(1);
  CHECK(two.timesteps == one.timesteps);
  CHECK(two.gradient_norm == doctest::Approx(2 * one.gradient_norm).epsilon(1e-6));
}

TEST_CASE("a training is solved by evaluations in a row, and one that fails begins the count anew") {
  const rl::StandardExperiment bandit = rl::standard_experiment("Bandit");
  rl::Experiment experiment = bandit.experiment;
  experiment.evaluations_to_solve = 3;
  std::size_t begun_anew = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    rl::TrainingSettings settings = settings_of(bandit, "reinforce");
    settings.seed = seed, settings.learning_rate = 0.01;  // so slow that it stays about the threshold for a while
    rl::Learner by_hand(settings, experiment), learner(settings, experiment);
    const double threshold = learner.spec().reward_threshold;
    std::size_t updates = 0, passed = 0;
    while (passed < 3 && updates < 5000) {
      if (by_hand.update(++updates).mean_return() < threshold) continue;
      const bool good = rl::summarize(by_hand.play(100, updates, false), false).mean_return >= threshold;
      begun_anew += !good && passed > 0;
      passed = good ? passed + 1 : 0;
    }
    const rl::TrainingResult result = rl::train(learner);
    CHECK(result.solved);
    CHECK(result.curve.size() == updates);
  }
  CHECK(begun_anew > 5);
}

TEST_CASE("a learner of what is pretrained keeps its first policy, whatever the algorithm") {
  const rl::StandardExperiment standard = rl::standard_experiment("Words");
  for (const char* algorithm : {"reinforce", "post-training"}) {
    rl::TrainingSettings settings = settings_of(standard, algorithm);
    settings.hidden = {2};
    settings.pretraining_epochs = 1;
    settings.group_size = 2;
    settings.entropy_coefficient = 0.1;  // so that an update moves, whatever the words earn
    rl::Learner learner(settings, standard.with(settings));
    const auto now = learner.policy().network.parameters();
    const nn::Vector first(now.begin(), now.end());
    learner.update(1);
    CHECK(std::ranges::equal(learner.reference().network.parameters(), first));
    CHECK(!std::ranges::equal(now, first));
  }
}

TEST_CASE("every standard experiment makes a learner of its environment, and another name is refused") {
  CHECK(rl::standard_environments().size() == 9);
  for (const std::string_view environment : rl::standard_environments()) {
    const rl::StandardExperiment standard = rl::standard_experiment(environment);
    rl::TrainingSettings settings = settings_of(standard, std::string(standard.algorithm));
    settings.hidden = {2};
    settings.pretraining_epochs = 0;
    rl::Learner learner(settings, standard.with(settings));
    CHECK(learner.spec().id == environment);
  }
  CHECK_THROWS_WITH_AS(rl::standard_experiment("CartPole"),
                       "standard_experiment: expected one of CartPole-v1, Pendulum-v1, Acrobot-v1, MountainCar-v0, "
                       "MountainCarContinuous-v0, Corridor, Bandit, Words, Pong, got 'CartPole'",
                       std::invalid_argument);
}

}  // namespace test_learner
