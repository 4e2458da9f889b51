/// REINFORCE's other weights, actor-critic and PPO against their definitions, on a world small enough to redo by hand.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "envs/registry.hpp"
#include "envs/sync_vector_env.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "rl/actor_critic.hpp"
#include "rl/categorical.hpp"
#include "rl/gaussian.hpp"
#include "rl/ppo.hpp"
#include "rl/reinforce.hpp"
#include "rl/returns.hpp"
#include "rl/sampling/episode_sampler.hpp"
#include "rl/sampling/parallel_gradient.hpp"
#include "tests/rl/support.hpp"
#include "tests/support.hpp"

namespace test_algorithms {

using namespace nn;

namespace {

/// Steps of 0.4 from a random start; pays where it stands; ends beyond 1, or after 7 steps.
class Walk {
 public:
  using Action = int;
  using Observation = std::array<Scalar, 2>;
  static constexpr const char* name = "Walk";
  static constexpr int action_count = 2;
  static constexpr std::size_t observation_size = 2, max_episode_steps = 7;
  static constexpr double reward_threshold = 0;
  template <envs::UniformSource Source>
  Observation reset(Source& source) {
    x_ = static_cast<Scalar>(envs::uniform(source, -1, 1));
    return {x_, 1};
  }
  envs::Step<Observation> step(Action action) {
    x_ += action == 1 ? Scalar(0.4) : Scalar(-0.4);
    return {{x_, 1}, x_ - Scalar(0.3) * static_cast<Scalar>(action), std::abs(x_) > 1, false};
  }

 private:
  Scalar x_ = 0;
};
using Doubles = std::vector<double>;
using tests::index_at;

constexpr std::uint64_t seed = 11;
const rl::AdvantageOptions advantage{Scalar(0.9), Scalar(0.8), Scalar(0.5)};
constexpr std::size_t episodes = 12;

/// Walks, so many at once.
rl::Player walkers(std::size_t num_envs = 4) {
  return {std::make_unique<envs::SyncVectorEnv<Walk>>(num_envs), Vector{1, 1}};
}

Network make_network(std::uint64_t number, std::size_t outputs = 2) {
  Random rng(number);
  return Network({2, 8, outputs}, Activation::tanh, rng);
}
Matrix column(const Matrix& states, std::size_t t) {
  Matrix state(2, 1);
  for (std::size_t row = 0; row < 2; ++row) state(row, 0) = states(row, t);
  return state;
}
rl::Batch play(const Network& network, std::size_t count, std::uint64_t update) {
  rl::Policy policy = tests::policy_of(network);
  rl::Player player = walkers();
  rl::Rollout rollout;
  return rollout.collect(player, policy, 0, count, seed, update);
}
Doubles probabilities(Network& policy, const Matrix& states, std::size_t t) {
  const auto z = policy.feedforward(column(states, t));
  const double p = 1 / (1 + std::exp(double(z(1, 0)) - double(z(0, 0))));
  return {p, 1 - p};
}
/// Adds sum_t weights[t] * score of step t, and bonus * the gradient of every state's entropy, to policy.gradients(),
/// one state at a time.
void inject(Network& policy, const rl::Batch& batch, const Doubles& weights, double bonus = 0) {
  for (std::size_t t = 0; t < batch.steps(); ++t) {
    const Doubles p = probabilities(policy, batch.states.dense(), t);
    const double entropy = -p[0] * std::log(p[0]) - p[1] * std::log(p[1]);
    Matrix vector(2, 1);
    for (std::size_t k = 0; k < 2; ++k)
      vector(k, 0) = static_cast<Scalar>((double(index_at(batch.actions, t) == k) - p[k]) * weights[t] -
                                         bonus * p[k] * (std::log(p[k]) + entropy));
    policy.backpropagate(vector);
  }
}
double largest_difference(ConstVectorView a, ConstVectorView b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(double(a[i] - b[i])));
  return largest;
}

/// What the definition makes of a batch: GAE as double sums; and the targets of the critic.
struct Judged {
  Doubles advantages;
  Vector targets;
};
Judged judge(const rl::Batch& batch, Network& critic) {
  Judged judged{Doubles(batch.steps()), Vector(batch.steps())};
  const auto value = [&](const Matrix& states, std::size_t t) {
    return double(critic.feedforward(column(states, t))(0, 0));
  };
  const double gamma = double(advantage.gamma), lambda = double(advantage.gae_lambda);
  for (std::size_t n = 0; n < batch.episodes.size(); ++n) {
    const auto [first, length, terminated, truncated] = batch.episodes[n];
    Doubles td_error(length);
    for (std::size_t t = 0; t < length; ++t) {
      const bool last = t + 1 == length;
      const double next = !last        ? value(batch.states.dense(), first + t + 1)
                          : terminated ? 0
                                       : value(batch.final_states.dense(), n);
      td_error[t] = double(advantage.reward_scale * batch.rewards[first + t]) + gamma * next -
                    value(batch.states.dense(), first + t);
    }
    for (std::size_t t = 0; t < length; ++t) {
      double A = 0;
      for (std::size_t l = t; l < length; ++l) A += std::pow(gamma * lambda, double(l - t)) * td_error[l];
      judged.advantages[first + t] = A;
      judged.targets[first + t] = static_cast<Scalar>(A + value(batch.states.dense(), first + t));
    }
  }
  return judged;
}

/// A policy and a critic in training, from numbers of their own.
struct Learner {
  rl::Policy of = tests::policy_of(make_network(21));
  Network& policy = of.network;
  rl::PolicyOptimizer sgd;
  rl::Critic critic{make_network(22, 1), Scalar(0.01)};
  explicit Learner(Scalar learning_rate) : sgd(tests::optimizer_of(SgdOptions{.learning_rate = learning_rate})) {}
  std::unique_ptr<rl::Sampler> sampler(std::size_t num_envs) {
    return std::make_unique<rl::EpisodeSampler>(of, walkers(num_envs), episodes);
  }
  rl::ActorCritic actor_critic(rl::ActorCriticOptions options, std::size_t num_envs = 4) {
    return {of, sgd, critic, sampler(num_envs), advantage, options};
  }
  rl::Ppo ppo(rl::PpoOptions options, std::size_t num_envs = 4) {
    return {of, sgd, critic, sampler(num_envs), advantage, options};
  }
};
const double rounding = tests::within(1e-12, 2e-5);

}  // namespace

TEST_CASE("an actor-critic update equals its definition: GAE by double sums, one injected vector a state") {
  Learner learner(Scalar(0.5));
  Network policy = learner.policy, critic = learner.critic.network();
  rl::Critic regression(critic, Scalar(0.01));
  const auto batch = play(policy, episodes, 1);
  for (const auto ends : {&rl::Episode::terminated, &rl::Episode::truncated})  // or one of the two would go untested
    REQUIRE(std::ranges::count(batch.episodes, true, ends) >= 2);

  auto algorithm = learner.actor_critic({.critic_steps = 3, .entropy_coefficient = Scalar(0.2), .max_norm = 0});
  const auto report = algorithm.update(seed, 1);
  const Judged judged = judge(batch, critic);
  Doubles weights = judged.advantages;
  for (double& weight : weights) weight /= double(episodes);
  policy.zero_gradients();
  inject(policy, batch, weights, 0.2 / double(episodes));
  CHECK(report.gradient_norm == doctest::Approx(double(norm(policy.gradients()))).epsilon(1e-4));
  CHECK(report.gradient_norm > 0.01);
  CHECK(report.mean_return() == doctest::Approx(double(nn::sum(batch.rewards)) / double(episodes)));
  axpy(Scalar(0.5), policy.gradients(), policy.parameters());
  CHECK(largest_difference(learner.policy.parameters(), policy.parameters()) < rounding);
  for (int i = 0; i < 3; ++i) regression.fit(batch.states, judged.targets);
  CHECK(largest_difference(learner.critic.network().parameters(), regression.network().parameters()) <
        tests::within(1e-9, 1e-3));  // Adam divides by the gradient's size
}

TEST_CASE("a gradient longer than max_norm is cut to it") {
  Learner learner(1);
  const Network before = learner.policy;
  const auto report = learner.actor_critic({.max_norm = Scalar(0.001)}).update(seed, 1);
  Vector step(before.parameters().begin(), before.parameters().end());
  for (std::size_t i = 0; i < step.size(); ++i) step[i] -= learner.policy.parameters()[i];
  CHECK(report.gradient_norm > 0.01);  // reported as it was
  CHECK(double(norm(step)) == doctest::Approx(0.001).epsilon(1e-3));
}

TEST_CASE("max_norm cuts the network's gradient and the distribution's own together") {
  Random rng(42);
  rl::Policy policy = tests::policy_of(Network({3, 4, 1}, Activation::tanh, rng), rl::Gaussian(1, rl::Spread::learned));
  for (Scalar& g : policy.network.gradients()) g = Scalar(0.1);
  policy.distribution->gradients()[0] = 3;
  rl::PolicyOptimizer sgd = tests::optimizer_of(SgdOptions{.learning_rate = 1});
  const double length = std::sqrt(0.01 * double(policy.network.gradients().size()) + 9);
  const double before = double(policy.network.parameters()[0]);
  CHECK(sgd.ascend(policy, Scalar(0.5)) == doctest::Approx(length).epsilon(1e-5));
  CHECK(double(policy.distribution->parameters()[0]) == doctest::Approx(3 * 0.5 / length).epsilon(1e-4));
  CHECK(double(policy.network.parameters()[0]) - before == doctest::Approx(0.1 * 0.5 / length).epsilon(1e-3));
}

TEST_CASE("a critic that is wrong by a constant says so at every state but behind a termination") {
  Learner learner(0);
  rl::Advantages advantages({1, 0, 1});  // gamma 1, lambda 0: the target of a step is r + V(next)
  const auto batch = play(learner.policy, episodes, 1);
  advantages.estimate(batch, learner.critic);
  const Vector before(advantages.targets().begin(), advantages.targets().end());
  learner.critic.network().parameters().back() += 3;  // the bias of the output
  advantages.estimate(batch, learner.critic);
  double worst = 0;
  for (const rl::Episode& episode : batch.episodes)
    for (std::size_t t = episode.first; t < episode.first + episode.length; ++t) {
      const bool nothing_follows = episode.terminated && t + 1 == episode.first + episode.length;
      worst = std::max(worst, std::abs(double(advantages.targets()[t] - before[t]) - (nothing_follows ? 0 : 3)));
    }
  CHECK(worst < rounding);
}

TEST_CASE(
    "with the total return, every step is judged by the whole episode, and the critic learns the same as without") {
  Learner learner(0);
  Network critic = learner.critic.network();
  const auto value = [&](const Matrix& states, std::size_t t) {
    return double(critic.feedforward(column(states, t))(0, 0));
  };
  rl::Advantages to_go({Scalar(0.9), 1, Scalar(0.5)}), total({Scalar(0.9), 1, Scalar(0.5), true});
  const auto batch = play(learner.policy, episodes, 1);
  for (auto* advantages : {&to_go, &total}) advantages->estimate(batch, learner.critic);
  Vector expected(batch.steps());
  for (std::size_t n = 0; n < batch.episodes.size(); ++n) {
    const auto [first, length, terminated, truncated] = batch.episodes[n];
    double R = terminated ? 0 : std::pow(0.9, double(length)) * value(batch.final_states.dense(), n);
    for (std::size_t k = 0; k < length; ++k) R += std::pow(0.9, double(k)) * 0.5 * double(batch.rewards[first + k]);
    for (std::size_t t = first; t < first + length; ++t)
      expected[t] = static_cast<Scalar>(R - value(batch.states.dense(), t));
  }
  CHECK(largest_difference(total.advantages(), expected) < 10 * rounding);
  CHECK(largest_difference(total.advantages(), to_go.advantages()) > 0.1);
  CHECK(std::ranges::equal(total.targets(), to_go.targets()));
}

TEST_CASE(
    "PPO's first pass over a batch, all of it at once, is actor-critic's update: every ratio is 1, and the sum over "
    "the "
    "steps is divided by a number that does not depend on them") {
  Learner one(Scalar(0.5)), other(Scalar(0.5) * 1000 / episodes);
  one.actor_critic({.critic_steps = 1, .entropy_coefficient = Scalar(0.1), .max_norm = 0}).update(seed, 1);
  other.ppo({.epochs = 1, .minibatch_size = 1000, .entropy_coefficient = Scalar(0.1), .max_norm = 0}).update(seed, 1);
  CHECK(largest_difference(one.policy.parameters(), other.policy.parameters()) < rounding);
  CHECK(largest_difference(one.critic.network().parameters(), other.critic.network().parameters()) <
        tests::within(1e-9, 1e-3));
  CHECK(largest_difference(one.policy.parameters(), make_network(21).parameters()) > 0.01);
}

TEST_CASE("PPO's second pass weighs a step with ratio * A, and leaves alone what has gone further than epsilon") {
  constexpr double epsilon = 0.02;
  constexpr Scalar rate = 20;
  Learner learner(rate);
  Network policy = learner.policy;
  const auto batch = play(policy, episodes, 1);
  const Doubles A = judge(batch, learner.critic.network()).advantages;
  const auto report =
      learner.ppo({.clip = Scalar(epsilon), .epochs = 2, .minibatch_size = 1000, .max_norm = 0}).update(seed, 1);
  CHECK(report.mean_return() == doctest::Approx(double(nn::sum(batch.rewards)) / double(episodes)));
  Doubles played;
  for (std::size_t t = 0; t < batch.steps(); ++t)
    played.push_back(probabilities(policy, batch.states.dense(), t)[index_at(batch.actions, t)]);
  std::size_t clipped = 0, back = 0;
  for (int pass = 0; pass < 2; ++pass) {
    Doubles weights;
    for (std::size_t t = 0; t < batch.steps(); ++t) {
      const double ratio = probabilities(policy, batch.states.dense(), t)[index_at(batch.actions, t)] / played[t];
      const bool gone_far = A[t] > 0 ? ratio > 1 + epsilon : ratio < 1 - epsilon;
      clipped += gone_far;
      back += !gone_far && std::abs(ratio - 1) > epsilon;  // far, the wrong way: still counts
      weights.push_back(gone_far ? 0 : ratio * A[t] / 1000);
    }
    policy.zero_gradients();
    inject(policy, batch, weights);
    axpy(rate, policy.gradients(), policy.parameters());
  }
  CHECK(clipped > 5);
  CHECK(clipped + 5 < batch.steps());
  CHECK(back > 0);
  CHECK(largest_difference(learner.policy.parameters(), policy.parameters()) < rounding);
}

TEST_CASE("a pass in minibatches takes every step once, with its own state, action and advantage") {
  const auto batch = play(make_network(21), episodes, 1);
  Vector number(batch.steps());
  for (std::size_t t = 0; t < number.size(); ++t) number[t] = static_cast<Scalar>(t);
  rl::Minibatches minibatches;
  Random rng(5);
  minibatches.shuffle(batch, number, batch.rewards, batch.states.dense().row(0), rng);
  Vector taken;
  bool own = true;
  for (std::size_t first = 0; first < number.size(); first += 16) {
    const std::size_t count = std::min<std::size_t>(16, number.size() - first);
    const rl::Minibatch steps = minibatches.steps(first, count);
    for (std::size_t t = 0; t < count; ++t) {
      const auto from = static_cast<std::size_t>(steps.advantages[t]);
      own = own && steps.actions(0, t) == batch.actions(0, from) && steps.targets[t] == batch.rewards[from] &&
            steps.old_log_probs[t] == batch.states(0, from) && steps.states.dense()(0, t) == batch.states(0, from);
      taken.push_back(steps.advantages[t]);
    }
  }
  CHECK(own);
  CHECK(taken != number);
  std::ranges::sort(taken);
  CHECK(taken == number);
}

TEST_CASE("a critic learns the values that it is shown, and reports the mean squared error before its step") {
  Random rng(31);
  const Matrix states = tests::random_matrix(2, 600, rng);  // three blocks
  Vector values(600), targets(600);
  for (std::size_t t = 0; t < 600; ++t) targets[t] = 2 + states(0, t) - states(0, t) * states(1, t);
  rl::Critic critic(make_network(22, 1), Scalar(0.02));
  critic.values(states.view(), values);
  double error = 0;
  for (std::size_t t = 0; t < 600; ++t) error += double((values[t] - targets[t]) * (values[t] - targets[t])) / 600;
  CHECK(critic.fit(states.view(), targets) == doctest::Approx(error).epsilon(1e-4));
  for (int i = 0; i < 2000; ++i) critic.fit(states.view(), targets);
  CHECK(critic.fit(states.view(), targets) < 0.001);
  CHECK(error > 1);
}

TEST_CASE("the policy's loss never reaches the critic: what the policy makes of a batch changes nothing in it") {
  std::vector<Vector> critics;
  const auto keep = [&](Learner& learner) {
    const auto parameters = learner.critic.network().parameters();
    critics.emplace_back(parameters.begin(), parameters.end());
  };
  for (const Scalar rate : {Scalar(0), Scalar(0.5)})
    for (const Scalar bonus : {Scalar(0), Scalar(1)}) {  // four losses of the policy
      Learner one(rate), other(rate);
      one.actor_critic({.critic_steps = 5, .entropy_coefficient = bonus}).update(seed, 1);
      other.ppo({.epochs = 4, .minibatch_size = 16, .entropy_coefficient = bonus}).update(seed, 1);
      keep(one), keep(other);
    }
  for (std::size_t i = 2; i < critics.size(); ++i) CHECK(critics[i] == critics[i % 2]);
  CHECK(critics[0] != critics[1]);
}

TEST_CASE("REINFORCE with the total return, a running mean and an entropy bonus equals its definition") {
  for (const bool total : {false, true})
    for (const auto baseline : {rl::Baseline::none, rl::Baseline::running_mean}) {
      Learner learner(Scalar(0.05));
      Network policy = learner.policy;
      rl::Reinforce algorithm(learner.of, learner.sgd,
                              std::make_unique<rl::ParallelGradient>(learner.of, walkers(), 6, 1),
                              {.gamma = Scalar(0.9),
                               .episodes_per_update = 6,
                               .baseline = baseline,
                               .total_return = total,
                               .entropy_coefficient = Scalar(0.3)});
      double running = 0;
      for (std::uint64_t update = 1; update <= 3; ++update) {
        const auto batch = play(policy, 6, update);
        Doubles returns(batch.steps());
        for (const auto& [first, length, terminated, truncated] : batch.episodes)
          for (std::size_t t = 0; t < length; ++t) {
            const std::size_t from = total ? 0 : t;
            for (std::size_t k = from; k < length; ++k)
              returns[first + t] += std::pow(0.9, double(k - from)) * double(batch.rewards[first + k]);
          }
        Doubles weights;
        double mean = 0;
        for (const double G : returns) {
          weights.push_back((G - (baseline == rl::Baseline::none ? 0 : running)) / 6);
          mean += G / double(batch.steps());
        }
        running += (update == 1 ? 1 : 0.1) * (mean - running);  // after it was used: it knows the past alone
        policy.zero_gradients();
        inject(policy, batch, weights, 0.3 / 6);
        axpy(Scalar(0.05), policy.gradients(), policy.parameters());
        algorithm.update(seed, update);
      }
      CHECK(largest_difference(learner.policy.parameters(), policy.parameters()) < 10 * rounding);
      CHECK(largest_difference(learner.policy.parameters(), make_network(21).parameters()) > 0.01);
    }
}

TEST_CASE("actor-critic and PPO learn the same with any number of environments, bit for bit") {
  std::vector<Vector> results;
  for (const std::size_t num_envs : {1u, 5u, 16u}) {
    Learner one(Scalar(0.1)), other(Scalar(0.1));
    auto actor_critic = one.actor_critic({}, num_envs);
    auto ppo = other.ppo({.minibatch_size = 20}, num_envs);
    for (std::uint64_t update = 1; update <= 3; ++update) actor_critic.update(seed, update), ppo.update(seed, update);
    Vector all;
    for (Network* network : {&one.policy, &one.critic.network(), &other.policy, &other.critic.network()})
      all.insert(all.end(), network->parameters().begin(), network->parameters().end());
    results.push_back(all);
  }
  for (const Vector& result : results) CHECK(result == results[0]);
}

TEST_CASE("a learned sigma climbs along with the network: its gradient is that of the advantages times log pi") {
  Random rng(41);
  const Network network({3, 4, 1}, Activation::tanh, rng), value({3, 4, 1}, Activation::tanh, rng);
  rl::Policy policy = tests::policy_of(network, rl::Gaussian(1, rl::Spread::learned));
  rl::PolicyOptimizer sgd = tests::optimizer_of(SgdOptions{.learning_rate = Scalar(0.5)});
  rl::Critic critic(value, Scalar(0.01)), same(value, Scalar(0.01));
  const rl::AdvantageOptions options{Scalar(0.9), Scalar(0.9), Scalar(0.1)};
  const rl::Player player(envs::make_vec("Pendulum-v1", 3), Vector{1, 1, Scalar(0.25)});
  rl::Policy before = policy;
  rl::EpisodeSampler sampler(before, player, 3);
  const auto& batch = sampler.play(seed, 1);
  rl::Advantages advantages(options);
  advantages.estimate(batch, same);
  const auto mu = before.network.feedforward(batch.states);
  double derivative = 0;
  for (std::size_t t = 0; t < batch.steps(); ++t) {
    const double z = double(batch.actions(0, t) - mu(0, t));             // sigma is 1
    derivative += (z * z - 1) * double(advantages.advantages()[t]) / 3;  // episodes
  }
  rl::ActorCritic algorithm(policy, sgd, critic, std::make_unique<rl::EpisodeSampler>(policy, player, 3), options,
                            {.max_norm = 0});
  algorithm.update(seed, 1);
  CHECK(double(policy.distribution->parameters()[0]) ==
        doctest::Approx(0.5 * derivative).epsilon(tests::within(1e-9, 1e-3)));
  CHECK(std::abs(derivative) > 1e-3);
}

}  // namespace test_algorithms
