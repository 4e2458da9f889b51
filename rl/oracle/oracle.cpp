#include "rl/oracle/oracle.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "nn/softmax.hpp"

namespace rl {
namespace {

using envs::TinyWorld;
constexpr std::size_t states = TinyWorld::states, actions = TinyWorld::actions, horizon = TinyWorld::horizon;

using Probabilities = std::array<std::array<double, states>, actions>;  // pi(a | s) at [a][s]

/// The last states the policy has seen are then the three, in order: backpropagate expects one column for each.
Probabilities probabilities(nn::Network& policy) {
  if (policy.sizes().front() != states || policy.sizes().back() != actions)
    throw std::invalid_argument(fmt::format("oracle: expected a policy with {} inputs and {} outputs, got {} and {}",
                                            states, actions, policy.sizes().front(), policy.sizes().back()));
  nn::Matrix one_hot(states, states), softmax(actions, states);
  for (std::size_t s = 0; s < states; ++s) one_hot(s, s) = 1;
  nn::softmax(policy.feedforward(one_hot), softmax);
  Probabilities probs;
  for (std::size_t a = 0; a < actions; ++a) std::ranges::copy(softmax.row(a), probs[a].begin());
  return probs;
}

/// Appends every way to go on from `state` at step t.
void walk(const TinyWorld& world, const Probabilities& probs, Trajectory path, std::size_t t, std::size_t state,
          std::vector<Trajectory>& found) {
  const double so_far = path.probability;
  for (std::size_t a = 0; a < actions; ++a) {
    path.states[t] = state;
    path.actions[t] = static_cast<int>(a);
    path.rewards[t] = static_cast<Scalar>(world.reward[t][state][a]);
    path.probability = so_far * probs[a][state];
    path.length = t + 1;
    if (world.is_last(t, state, a)) {
      found.push_back(path);
      continue;
    }
    const double acted = path.probability;
    for (std::size_t next = 0; next < states; ++next) {
      path.probability = acted * world.transition[state][a][next];
      walk(world, probs, path, t + 1, next, found);
    }
  }
}

std::vector<Trajectory> enumerate(const TinyWorld& world, const Probabilities& probs) {
  std::vector<Trajectory> found;
  for (std::size_t s = 0; s < states; ++s) {
    Trajectory start{};
    start.probability = world.initial[s];
    walk(world, probs, start, 0, s, found);
  }
  return found;
}

/// R(tau), forwards and straight from the definition: rl/returns.cpp is what this is to judge.
double total_return(const Trajectory& tau, double gamma) {
  double total = 0, discount = 1;
  for (std::size_t t = 0; t < tau.length; ++t, discount *= gamma)
    total += discount * static_cast<double>(tau.rewards[t]);
  return total;
}

double expected_return(std::span<const Trajectory> trajectories, double gamma) {
  double J = 0;
  for (const Trajectory& tau : trajectories) J += tau.probability * total_return(tau, gamma);
  return J;
}

double dot(std::span<const double> x, std::span<const double> y) {
  return std::inner_product(x.begin(), x.end(), y.begin(), 0.);
}

}  // namespace

std::vector<Trajectory> enumerate(const TinyWorld& world, nn::Network& policy) {
  return enumerate(world, probabilities(policy));
}

double expected_return(const TinyWorld& world, nn::Network& policy, double gamma) {
  return expected_return(enumerate(world, policy), gamma);
}

// #region exact-gradient
Oracle::Oracle(const TinyWorld& world, nn::Network& policy, Scalar gamma) : policy_(policy), gamma_(gamma) {
  if (!(gamma >= 0 && gamma <= 1))
    throw std::invalid_argument(fmt::format("Oracle: expected gamma from 0 to 1, got {}", gamma));
  const Probabilities probs = probabilities(policy);
  const auto discount = static_cast<double>(gamma);
  trajectories_ = enumerate(world, probs);
  J_ = expected_return(trajectories_, discount);

  // P(tau) is a product of factors pi(a_t | s_t), so dJ/dpi(a | s) gains P R / pi wherever a was taken in s.
  double dJ_dpi[actions][states] = {};
  for (const Trajectory& tau : trajectories_)
    for (std::size_t t = 0; t < tau.length; ++t) {
      const auto a = static_cast<std::size_t>(tau.actions[t]);
      dJ_dpi[a][tau.states[t]] += tau.probability * total_return(tau, discount) / probs[a][tau.states[t]];
    }
  // Through the softmax: dpi_j/dz_k = pi_j ([j = k] - pi_k).
  nn::Matrix dJ_dz(actions, states);
  for (std::size_t s = 0; s < states; ++s)
    for (std::size_t k = 0; k < actions; ++k) {
      double sum = 0;
      for (std::size_t j = 0; j < actions; ++j) sum += dJ_dpi[j][s] * probs[j][s] * ((j == k ? 1. : 0.) - probs[k][s]);
      dJ_dz(k, s) = static_cast<Scalar>(sum);
    }
  policy.zero_gradients();
  policy.backpropagate(dJ_dz);
  gradient_.assign(policy.gradients().begin(), policy.gradients().end());

  for (std::size_t t = horizon; t-- > 0;)
    for (std::size_t s = 0; s < states; ++s)
      for (std::size_t a = 0; a < actions; ++a) {
        double future = 0;
        for (std::size_t next = 0; next < states && !world.is_last(t, s, a); ++next)
          future += world.transition[s][a][next] * value_[t + 1][next];
        value_[t][s] += probs[a][s] * (world.reward[t][s][a] + discount * future);
      }
}
// #endregion exact-gradient

Oracle::Batches::Batches(const Oracle& oracle, std::size_t episodes)
    : trajectories_(oracle.trajectories_), chosen_(episodes) {
  lay();
}

void Oracle::Batches::lay() {
  probability_ = 1;
  batch_.episodes.clear();
  std::size_t steps = 0;
  for (const std::size_t c : chosen_) {
    const std::size_t length = trajectories_[c].length;
    batch_.episodes.push_back({steps, length, true, false});
    probability_ *= trajectories_[c].probability;
    steps += length;
  }
  batch_.states.resize(states, steps);
  batch_.actions.resize(1, steps);
  batch_.rewards.resize(steps);
  for (std::size_t e = 0; e < chosen_.size(); ++e) {
    const Trajectory& tau = trajectories_[chosen_[e]];
    for (std::size_t t = 0; t < tau.length; ++t) {
      const std::size_t column = batch_.episodes[e].first + t;
      for (std::size_t s = 0; s < states; ++s) batch_.states(s, column) = s == tau.states[t] ? 1 : 0;
      batch_.actions(0, column) = static_cast<Scalar>(tau.actions[t]);
      batch_.rewards[column] = tau.rewards[t];
    }
  }
}

void Oracle::Batches::next() {
  std::size_t e = 0;
  for (; e < chosen_.size(); ++e) {  // counts: the first episode runs fastest
    chosen_[e] = (chosen_[e] + 1) % trajectories_.size();
    if (chosen_[e] != 0) break;
  }
  more_ = e < chosen_.size();
  lay();
}

namespace {

/// Until finish, `variance` is the second moment.
void add(Moments& moments, ConstVectorView gradient, double probability) {
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    const auto entry = static_cast<double>(gradient[i]);
    moments.mean[i] += probability * entry;
    moments.variance += probability * entry * entry;
  }
}
void finish(Moments& moments, std::size_t episodes) {
  moments.variance = static_cast<double>(episodes) * (moments.variance - dot(moments.mean, moments.mean));
}

}  // namespace

// #region moments
Moments Oracle::moments(const Distribution& distribution, std::size_t episodes, const Weigh& weigh) {
  Moments result{std::vector<double>(gradient_.size()), 0};
  Policy policy(policy_, distribution.clone());
  nn::Activations activations;
  nn::Vector weights;
  for (Batches all(*this, episodes); all.more(); all.next()) {
    const Batch& batch = all.batch();
    weights.resize(batch.steps());
    weigh(batch, weights);
    policy.zero_gradients();
    policy.network.feedforward(batch.states, activations);
    accumulate_policy_gradient(policy, activations, batch.actions, weights);
    add(result, policy.network.gradients(), all.probability());
  }
  finish(result, episodes);
  return result;
}
// #endregion moments

std::string_view name(Bias bias) {
  switch (bias) {
    case Bias::unbiased: return "unbiased";
    case Bias::scaled: return "scaled";
    case Bias::biased: return "biased";
    case Bias::zero: return "zero";
  }
  return "";
}

Judgement judge(const Moments& moments, std::span<const double> gradient, double tolerance) {
  const std::span<const double> mean = moments.mean;
  const double length = std::sqrt(dot(gradient, gradient)), mean_length = std::sqrt(dot(mean, mean));
  const double scale = dot(mean, gradient) / dot(gradient, gradient);
  double off = 0, aside = 0;
  for (std::size_t i = 0; i < mean.size(); ++i) {
    const double miss = mean[i] - gradient[i], sideways = mean[i] - scale * gradient[i];
    off += miss * miss;
    aside += sideways * sideways;
  }
  const double allowed = tolerance * length;
  const Bias bias = std::sqrt(off) < allowed     ? Bias::unbiased
                    : mean_length < allowed      ? Bias::zero
                    : std::sqrt(aside) < allowed ? Bias::scaled
                                                 : Bias::biased;
  const double cosine = mean_length < allowed ? 0 : dot(mean, gradient) / (mean_length * length);
  return {bias, std::sqrt(off) / length, cosine, scale, moments.variance};
}

}  // namespace rl
