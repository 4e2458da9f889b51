/// Pretraining and post-training against their definitions, in the world of words.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string_view>
#include <vector>

#include "envs/sync_vector_env.hpp"
#include "envs/words.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "nn/loss.hpp"
#include "rl/post_training.hpp"
#include "rl/reinforce.hpp"
#include "rl/sampling/episode_sampler.hpp"
#include "rl/training/pretraining.hpp"
#include "tests/rl/support.hpp"
#include "tests/support.hpp"

namespace test_post_training {

using namespace nn;

namespace {

using envs::Alphabet;

constexpr std::size_t episodes = 12, group = 4;
constexpr std::uint64_t seed = 21;

Network writer(std::uint64_t of = 3) {
  Random rng(of);
  return {{Alphabet::observation_size, 6, 27}, Activation::tanh, rng, Scalar(0.5)};
}
struct Even {  // often enough earned by who knows nothing
  static bool holds(std::string_view word) { return word.size() % 2 == 0; }
};
rl::Player writers(std::size_t num_envs = 5) {
  return {std::make_unique<envs::SyncVectorEnv<envs::Words<Even>>>(num_envs), Vector(Alphabet::observation_size, 1)};
}

/// "Plays" what stands in a book, whoever writes.
class Dictation : public rl::GradientEstimator {
 public:
  Dictation(rl::Policy& policy, rl::Batch batch) : policy_(policy), batch_(std::move(batch)) {}
  rl::UpdateReport play_weigh_inject(std::uint64_t, std::uint64_t, const Weigh& weigh, Scalar) override {
    Vector weights(batch_.steps());
    weigh(batch_, weights);
    tests::accumulate(policy_, batch_.states.dense(), batch_.actions, weights);
    return {.timesteps = batch_.steps(), .episodes = rl::episode_statistics(batch_)};
  }

 private:
  rl::Policy& policy_;
  rl::Batch batch_;
};

/// One update, weighed as the page says, in double precision.
std::vector<double> weights_of(const rl::Batch& batch, const std::vector<double>& log_p, const std::vector<double>& old,
                               const std::vector<double>& log_q, const std::vector<double>& advantage, double kl,
                               int& clipped) {
  std::vector<double> weights(batch.steps());
  for (const rl::Episode& e : batch.episodes)
    for (std::size_t t = e.first; t < e.first + e.length; ++t) {
      const double ratio = std::exp(log_p[t] - old[t]), A = advantage[t];
      clipped += (A > 0 && ratio > 1.2) || (A < 0 && ratio < 0.8);
      weights[t] = (A > 0 && ratio > 1.2) || (A < 0 && ratio < 0.8) ? 0 : ratio * A;
      weights[t] = (weights[t] - kl * (1 - std::exp(log_q[t] - log_p[t]))) / double(e.length * batch.episodes.size());
    }
  return weights;
}

std::vector<double> log_probs(rl::Policy& policy, const rl::Batch& batch) {
  Vector result(batch.steps());
  policy.distribution->log_prob(policy.network.feedforward(batch.states), batch.actions, result);
  return {result.begin(), result.end()};
}

}  // namespace

TEST_CASE("pretraining is REINFORCE whose actions are the data and whose returns are 1, bit for bit") {
  const std::vector<std::string_view> words(envs::training_words().begin(), envs::training_words().begin() + 32);
  rl::Policy pretrained = tests::policy_of(writer()), reinforced = tests::policy_of(writer());
  rl::Batch data = rl::batch_of_words(words);
  rl::accumulate_log_likelihood(pretrained, data);
  for (const rl::Episode& e : data.episodes) data.rewards[e.first + e.length - 1] = 1;
  rl::PolicyOptimizer sgd = tests::optimizer_of(SgdOptions{.learning_rate = Scalar(0.1)});
  rl::Reinforce(reinforced, sgd, std::make_unique<Dictation>(reinforced, data),
                {.episodes_per_update = 1, .baseline = rl::Baseline::none})
      .update(seed, 1);
  CHECK(std::ranges::equal(pretrained.network.gradients(), reinforced.network.gradients()));
  CHECK(norm(pretrained.network.gradients()) > 1);

  Network descends = writer();  // and both are minus the gradient of cross-entropy with the data's letters as labels
  const ConstMatrixView logits = descends.feedforward(data.states);
  std::vector<int> labels(data.steps());
  for (std::size_t t = 0; t < labels.size(); ++t) labels[t] = static_cast<int>(tests::index_at(data.actions, t));
  Matrix dZ(27, labels.size());
  cross_entropy_gradient(logits, labels, Vector(labels.size(), 1), dZ);
  descends.zero_gradients();
  descends.backpropagate(dZ);
  for (std::size_t i = 0; i < descends.gradients().size(); ++i)
    if (descends.gradients()[i] != -pretrained.network.gradients()[i]) FAIL_CHECK("parameter " << i);
}

TEST_CASE("a word of the data is an episode of the environment: the same states, letter by letter") {
  const std::string_view word = "gradient";
  const rl::Batch data = rl::batch_of_words(std::span(&word, 1));
  struct {
    double uniform() const {
      const auto& words = envs::training_words();
      const auto with_g = std::ranges::find(words, 'g', [](std::string_view w) { return w[0]; });
      return (double(with_g - words.begin()) + 0.5) / double(words.size());
    }
  } source;
  envs::Words<envs::Alternating> env;
  auto observation = env.reset(source);
  REQUIRE(data.steps() == 9);
  for (std::size_t t = 1; t < 9; ++t) {  // the environment gives the first letter, the data teaches it
    for (std::size_t row = 0; row < observation.size(); ++row)
      if (data.states(row, t) != observation[row]) FAIL_CHECK("row " << row << " of letter " << t);
    observation = env.step(static_cast<int>(tests::index_at(data.actions, t))).observation;
  }
  CHECK(env.word() == word);
  CHECK(tests::index_at(data.actions, 8) == Alphabet::end);
}

TEST_CASE("a few passes over the book write it in fewer bits than bigrams do, also words that they have not seen") {
  const auto &train = envs::training_words(), &held_out = envs::held_out_words();
  Random rng(31);
  rl::Policy policy =
      tests::policy_of(Network({Alphabet::observation_size, 32, 27}, Activation::tanh, rng, Scalar(0.1)));
  const double bigrams = rl::bits_per_letter_of_counts(2, train, held_out);
  CHECK(rl::bits_per_letter(policy, held_out) == doctest::Approx(std::log2(27.)).epsilon(0.01));
  rl::pretrain(policy, 31, {.epochs = 4, .learning_rate = Scalar(0.01)});
  CHECK(rl::bits_per_letter(policy, held_out) < bigrams - 0.2);
  CHECK(rl::bits_per_letter(policy, train) < rl::bits_per_letter(policy, held_out));
  CHECK(bigrams == doctest::Approx(3.62).epsilon(0.002));
  const std::vector<std::string_view> one = {"ab"},
                                      none;  // by hand: each letter of 27 alike, and then half of 1 and 5/27
  CHECK(rl::bits_per_letter_of_counts(1, none, one) == doctest::Approx(std::log2(27.)));
  const double once = std::log2((3. + 5) / (1 + 5. / 27));  // all three symbols stood there once
  CHECK(rl::bits_per_letter_of_counts(1, one, one) == doctest::Approx(once));
}

TEST_CASE("words of a group begin with the same letter, and are otherwise each their own, whoever plays beside them") {
  rl::Policy policy = tests::policy_of(writer());
  const auto play = [&](std::size_t num_envs) {
    return rl::EpisodeSampler(policy, writers(num_envs), episodes, group).play(seed, 1);
  };
  const rl::Batch batch = play(5), same = play(12);
  CHECK(std::ranges::equal(batch.states.dense().flat(), same.states.dense().flat()));
  CHECK(std::ranges::equal(batch.actions.flat(), same.actions.flat()));
  const auto first_letter = [&](std::size_t i) {
    std::size_t letter = 0;
    while (batch.states(letter, batch.episodes[i].first) == 0) ++letter;
    return letter;
  };
  std::size_t other = 0;
  for (std::size_t i = 0; i < episodes; ++i) {
    CHECK(first_letter(i) == first_letter(i / group * group));
    other += first_letter(i) != first_letter(0);
  }
  CHECK(other > 0);
  bool differ = false;
  for (std::size_t i = 1; i < group; ++i)
    differ |= batch.actions(0, batch.episodes[i].first) != batch.actions(0, batch.episodes[0].first);
  CHECK(differ);
}

TEST_CASE(
    "an update of post-training equals its definition: group, length, KL, entropy, and the ratio in later steps") {
  rl::Policy learner = tests::policy_of(writer()), by_hand = tests::policy_of(writer());
  rl::Policy reference = tests::policy_of(writer(4));
  rl::PolicyOptimizer sgd = tests::optimizer_of(SgdOptions{.learning_rate = Scalar(3)});
  rl::PostTrainingOptions options;
  options.tokens = {.advantage = rl::Advantage::grpo, .group = group, .length = rl::LengthNormalisation::own};
  options.tokens.kl = Scalar(0.1), options.tokens.kl_estimator = rl::KlEstimator::k3, options.tokens.kl_in_loss = true;
  options.epochs = 3, options.entropy_coefficient = Scalar(0.5);
  rl::PostTraining algorithm(learner, sgd, std::make_unique<rl::EpisodeSampler>(learner, writers(), episodes, group),
                             reference, options);
  const rl::UpdateReport report = algorithm.update(seed, 1);

  const rl::Batch batch = rl::EpisodeSampler(by_hand, writers(), episodes, group).play(seed, 1);
  std::vector<double> advantage(batch.steps()), R;
  for (const rl::Episode& e : batch.episodes) R.push_back(double(sum(e.of(batch.rewards))));
  int unlike = 0;
  for (std::size_t i = 0; i < episodes; ++i) {
    double m = 0, s = 0;
    for (std::size_t j = i / group * group; j < (i / group + 1) * group; ++j) m += R[j] / double(group);
    for (std::size_t j = i / group * group; j < (i / group + 1) * group; ++j) s += (R[j] - m) * (R[j] - m);
    const double A = (R[i] - m) / (std::sqrt(s / (double(group) - 1)) + 1e-4);
    std::ranges::fill(batch.episodes[i].of(advantage), A);
    unlike += A != 0;
  }
  CHECK(unlike > 0);
  const std::vector<double> old = log_probs(by_hand, batch), log_q = log_probs(reference, batch);
  int clipped = 0;
  Vector entropy(batch.steps());
  by_hand.distribution->entropy(by_hand.network.feedforward(batch.states), entropy);
  CHECK(report.entropy == doctest::Approx(double(sum(entropy)) / double(batch.steps())));
  const Vector bonus(batch.steps(), Scalar(0.5) / Scalar(episodes));  // mean over the words of the sum over the letters
  for (int step = 0; step < 3; ++step) {
    const std::vector<double> w = weights_of(batch, log_probs(by_hand, batch), old, log_q, advantage, 0.1, clipped);
    by_hand.zero_gradients();
    tests::accumulate(by_hand, batch.states.dense(), batch.actions, Vector(w.begin(), w.end()), bonus);
    axpy(3, by_hand.network.gradients(), by_hand.network.parameters());
  }
  double largest = 0, moved = 0;
  for (std::size_t i = 0; i < learner.network.parameters().size(); ++i) {
    const Scalar got = learner.network.parameters()[i];
    largest = std::max(largest, std::abs(double(got - by_hand.network.parameters()[i])));
    moved = std::max(moved, std::abs(double(got - writer().parameters()[i])));
  }
  CHECK(clipped > 0);
  CHECK(largest < tests::within(1e-13, 1e-5));
  CHECK(moved > 0.01);
}

TEST_CASE("with k1 in the reward the return of a word is its reward minus beta times its log-ratio, before the group") {
  const std::vector<rl::Episode> words = {{0, 2, true, false}, {2, 3, true, false}};
  const Vector rewards = {0, 1, 0, 0, Scalar(0.5)}, x = {Scalar(0.5), -1, 2, 0, Scalar(0.25)};
  rl::TokenOptions options{.group = 2, .kl = 2};
  Vector advantages(5);
  rl::token_advantages(options, words, rewards, x, advantages);
  const double R_0 = 1 - 2 * (0.5 - 1), R_1 = 0.5 - 2 * (2 + 0.25);
  for (std::size_t t = 0; t < 5; ++t) CHECK(double(advantages[t]) == doctest::Approx(t < 2 ? R_0 - R_1 : R_1 - R_0));
}

TEST_CASE("groups that are not whole, and a deviation that takes away too much, are refused in one line") {
  Vector returns(5);
  CHECK_THROWS_WITH_AS(rl::group_advantages(returns, 2, rl::Advantage::rloo, returns),
                       "group_advantages: expected whole groups of 2, got 5 episodes", std::invalid_argument);
  CHECK_THROWS_WITH_AS(rl::group_advantages(returns, 5, rl::Advantage::grpo, returns, 5),
                       "group_advantages: expected less than the group's 5 to take away, got 5", std::invalid_argument);
  returns = {3};
  rl::group_advantages(returns, 1, rl::Advantage::grpo, returns);
  CHECK(returns[0] == 3);  // alone, and nobody to compare with
}

}  // namespace test_post_training
