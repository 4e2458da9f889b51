/// States without their zeros, on their way from an environment to a gradient.
#include <doctest/doctest.h>

#include <algorithm>

#include "envs/registry.hpp"
#include "rl/bernoulli.hpp"
#include "rl/minibatches.hpp"
#include "rl/sampling/rollout.hpp"
#include "rl/training/train.hpp"
#include "tests/rl/support.hpp"
#include "tests/support.hpp"

namespace test_sparse_states {

using namespace nn;

namespace {

constexpr std::size_t inputs = 6400, hidden = 16;

/// The same policy twice: its first layer adds the zeros, or skips them.
struct Policies {
  Random rng{5};
  rl::Policy dense = tests::policy_of(Network({inputs, hidden, 1}, Activation::tanh, rng), rl::Bernoulli());
  rl::Policy sparse = tests::policy_of(Network({inputs, hidden, 1}, Activation::tanh, rng, 1, 36), rl::Bernoulli());
  Policies() {
    std::ranges::copy(dense.network.parameters(), sparse.network.parameters().begin());
    for (std::size_t o = 0; o < hidden; ++o)
      for (std::size_t i = 0; i < inputs; ++i) sparse.network.weight(0)(i, o) = dense.network.weight(0)(o, i);
  }
  bool same_gradients() {
    const ConstVectorView all = dense.network.gradients(), skipped = sparse.network.gradients();
    bool equal = true;
    for (std::size_t o = 0; o < hidden; ++o)
      for (std::size_t i = 0; i < inputs; ++i) equal = equal && all[o * inputs + i] == skipped[i * hidden + o];
    return equal && std::ranges::equal(all.subspan(inputs * hidden), skipped.subspan(inputs * hidden));
  }
};

rl::Player points(std::size_t num_envs) {
  return {envs::make_vec("PongPoint", num_envs), Vector(inputs, 2)};
}
bool same_states(const States& a, const States& b) {
  States x, y;
  x.resize(a.rows(), a.cols()), y.resize(b.rows(), b.cols());
  for (std::size_t t = 0; t < a.cols(); ++t) x.put(t, a, t);
  for (std::size_t t = 0; t < b.cols(); ++t) y.put(t, b, t);
  return std::ranges::equal(x.dense().flat(), y.dense().flat());
}

}  // namespace

TEST_CASE("a rollout of sparse states gives the bits of a network that adds their zeros, however many games at once") {
  Policies policies;
  rl::Rollout expected, got;
  rl::Player five = points(5), three = points(3);
  const auto& dense = expected.collect(five, policies.dense, 0, 9, 1, 1);
  const auto& sparse = got.collect(three, policies.sparse, 0, 9, 1, 1);
  CHECK(sparse.rewards == dense.rewards);
  CHECK(dense.steps() > 100);
  CHECK(sparse.states.is_sparse());
  CHECK(same_states(sparse.states, dense.states));
  CHECK(same_states(sparse.final_states, dense.final_states));
  const auto entries = StatesView(sparse.final_states).sparse().column(0);
  CHECK(std::ranges::all_of(entries, [](const Entry& x) { return std::abs(x.value) == 2; }));  // scaled
  Random rng(6);
  const Vector weights = tests::random_vector(dense.steps(), rng);
  const double entropy = expected.accumulate_gradient(policies.dense, weights, Scalar(0.1));
  CHECK(got.accumulate_gradient(policies.sparse, weights, Scalar(0.1)) == entropy);
  CHECK(policies.same_gradients());
  CHECK(norm(policies.sparse.network.gradients()) > Scalar(0.1));
}

TEST_CASE("minibatches hold sparse states in the same order as everything else") {
  Policies policies;
  rl::Rollout rollout;
  rl::Player player = points(4);
  const auto& batch = rollout.collect(player, policies.sparse, 0, 4, 2, 1);
  Vector number(batch.steps());
  for (std::size_t t = 0; t < number.size(); ++t) number[t] = static_cast<Scalar>(t);
  rl::Minibatches minibatches;
  Random rng(7);
  minibatches.shuffle(batch, number, number, number, rng);
  const rl::Minibatch steps = minibatches.steps(3, number.size() - 3);
  bool equal = true;
  for (std::size_t t = 0; t < steps.advantages.size(); ++t) {
    const auto own = steps.states.sparse().column(t);
    const auto from = StatesView(batch.states).sparse().column(static_cast<std::size_t>(steps.advantages[t]));
    equal =
        equal && std::ranges::equal(own, from, [](Entry a, Entry b) { return a.row == b.row && a.value == b.value; });
  }
  CHECK(equal);
}

TEST_CASE("a training is solved when so many evaluations in a row have reached the threshold, and no earlier") {
  rl::TrainingSettings settings;
  settings.total_timesteps = 100'000;
  settings.learning_rate = 0.1;
  settings.episodes_per_update = 8;
  const auto updates = [&](std::size_t evaluations) {
    const rl::Experiment experiment{.environment = "Corridor",
                                    .distribution = std::make_shared<rl::Categorical>(2),
                                    .observation_scale = Vector(6, 1),
                                    .output_gain = 0,
                                    .evaluations_to_solve = evaluations};
    rl::Learner learner(settings, experiment);
    const rl::TrainingResult result = rl::train(learner);
    CHECK(result.solved);
    CHECK(result.passed + 1 == evaluations);  // and the one after the last update
    return result.curve.size();
  };
  const std::size_t once = updates(1);
  CHECK(updates(4) >= once + 3);  // one evaluation an update, at most
}

}  // namespace test_sparse_states
