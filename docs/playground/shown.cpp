#include "docs/playground/shown.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "envs/registry.hpp"
#include "nn/arithmetic/elementary.hpp"
#include "nn/softmax.hpp"
#include "rl/returns.hpp"

namespace playground {
namespace {

rl::Player player_for(const Setup& setup) {
  const rl::TrainingSettings& settings = setup.settings;
  return {envs::make_vec(setup.experiment.environment, std::min(settings.num_envs, settings.episodes_per_update)),
          setup.experiment.observation_scale};
}

}  // namespace

Shown::Shown(const Setup& setup, rl::Learner& learner) : setup_(setup), learner_(learner), player_(player_for(setup)) {}

void Shown::play(std::size_t number) {
  const rl::TrainingSettings& settings = setup_.settings;
  const bool post_training = settings.algorithm == "post-training";
  if (!post_training && settings.episodes_per_update > setup_.experiment.baseline_group)
    throw std::invalid_argument(fmt::format("--episodes-per-update: expected at most {} to be shown, got {}",
                                            setup_.experiment.baseline_group, settings.episodes_per_update));
  rl::Policy& policy = learner_.policy();
  batch_ = &rollout_.collect(player_, policy, 0, settings.episodes_per_update, settings.seed, number,
                             post_training ? settings.group_size : 1);
  const rl::Batch& batch = *batch_;
  const std::size_t steps = batch.steps();
  for (nn::Vector* numbers : {&returns_, &coefficients_, &right_coefficients_}) numbers->resize(steps);
  const auto fill_returns = settings.returns == "total" ? rl::total_returns : rl::discounted_returns;
  for (const rl::Episode& e : batch.episodes)
    fill_returns(e.of(batch.rewards), static_cast<Scalar>(settings.gamma), e.of(returns_));
  learner_.algorithm().coefficients(batch, right_coefficients_);
  coefficients_ = right_coefficients_;
  if (setup_.mistake->returns) planted_coefficients(settings, *setup_.mistake, batch, coefficients_);

  const nn::ConstMatrixView outputs = policy.network.feedforward(batch.states);
  outputs_.resize(outputs.rows(), outputs.cols());
  std::ranges::copy(outputs.flat(), outputs_.flat().begin());
  if (gaussian()) {
    sigma_ = static_cast<double>(nn::exp(policy.distribution->parameters()[0]));
  } else {
    probs_.resize(outputs_.rows(), steps);
    nn::softmax(outputs_, probs_);
  }
  const auto mistaken = policy.distribution->clone(), right = setup_.experiment.distribution->clone();
  std::ranges::copy(mistaken->parameters(), right->parameters().begin());
  injected_ = injected(*mistaken, coefficients_);
  right_ = injected(*right, right_coefficients_);
  score_ = injected(*right, nn::Vector(steps, Scalar(1)));
}

/// What `head` injects at every step, one column each; below it what it adds to a log sigma of its own.
nn::Matrix Shown::injected(rl::Distribution& head, nn::ConstVectorView coefficients) {
  const std::size_t outputs = outputs_.rows(), own = head.parameters().size();
  nn::Matrix all(outputs + own, outputs_.cols()), one(outputs, 1);
  for (std::size_t t = 0; t < outputs_.cols(); ++t) {
    head.zero_gradients();
    head.weighted_score(std::as_const(outputs_).view().columns(t, 1),
                        std::as_const(batch_->actions).view().columns(t, 1), coefficients.subspan(t, 1), one);
    for (std::size_t k = 0; k < outputs; ++k) all(k, t) = one(k, 0);
    for (std::size_t k = 0; k < own; ++k) all(outputs + k, t) = head.gradients()[k];
  }
  return all;
}

std::vector<double> Shown::observation(std::size_t t) const {
  std::vector<double> numbers;
  for (std::size_t row = 0; row < batch_->states.rows(); ++row)
    numbers.push_back(static_cast<double>(batch_->states(row, t) / setup_.experiment.observation_scale[row]));
  return numbers;
}

rl::Scene Shown::scene(std::size_t episode, std::size_t step) const {
  const rl::Episode& e = batch_->episodes[episode];
  const std::size_t last = std::min(step, e.length - 1);
  std::vector<double> seen = observation(e.first + last);
  for (std::size_t row = 0; step >= e.length && row < seen.size(); ++row)
    seen[row] = static_cast<double>(batch_->final_states(row, episode) / setup_.experiment.observation_scale[row]);
  return rl::scene_of(setup_.experiment.environment, seen, static_cast<double>(batch_->actions(0, e.first + last)));
}

std::string Shown::csv() {
  const rl::TrainingSettings& settings = setup_.settings;
  const bool plain =
      settings.algorithm == "reinforce" && settings.baseline == "none" && settings.returns == "reward-to-go";
  std::string text =
      fmt::format("# gamma: {}\n# sign: ascent\n# weights: {}\n", settings.gamma, plain ? "reward_to_go" : "advantage");
  const std::size_t outputs = outputs_.rows();
  const auto numbered = [&](const char* name) {
    for (std::size_t k = 0; k < outputs; ++k) text += fmt::format("{}{},", name, k);
  };
  if (gaussian())
    for (const char* name : {"action", "mu", "sigma", "dmu", "dlog_sigma"}) numbered(name);
  else
    text += "action,", numbered("p"), numbered("d");
  text += "weight,reward,episode,terminated,truncated\n";
  const nn::Vector& weights = setup_.mistake->says_the_right_weight ? right_coefficients_ : coefficients_;
  const auto add = [&](auto x) { text += fmt::format("{:.9g},", x); };
  for (std::size_t number = 0; number < batch_->episodes.size(); ++number) {
    const rl::Episode& e = batch_->episodes[number];
    for (std::size_t t = e.first; t < e.first + e.length; ++t) {
      for (std::size_t d = 0; d < batch_->actions.rows(); ++d) add(batch_->actions(d, t));
      for (std::size_t k = 0; k < outputs; ++k) add(gaussian() ? outputs_(k, t) : probs_(k, t));
      for (std::size_t k = 0; gaussian() && k < outputs; ++k) add(sigma_);
      for (std::size_t k = 0; k < injected_.rows(); ++k) add(injected_(k, t));
      add(weights[t]), add(batch_->rewards[t]);
      const bool last = t + 1 == e.first + e.length;
      text += fmt::format("{},{},{}\n", number, int(last && e.terminated), int(last && e.truncated));
    }
  }
  return text;
}

}  // namespace playground
